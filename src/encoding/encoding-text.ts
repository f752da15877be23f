/**
 * An encoding as text: float32 numbers, little-endian, in base64. 128 numbers take 512 bytes, which are 684 characters. Exact to
 * the bit in both directions. Pure.
 */
import { bytesFromBase64, bytesToBase64 } from '../lib/base64.ts'
import { isUsableEncoding } from './encoding.ts'

const bytesPerNumber = 4

export function encodingToText(encoding: Float32Array): string {
  const view = new DataView(new ArrayBuffer(encoding.length * bytesPerNumber))
  encoding.forEach((value, i) => {
    view.setFloat32(i * bytesPerNumber, value, true)
  })
  return bytesToBase64(new Uint8Array(view.buffer))
}

/** Null when the text is not exactly one usable encoding. */
export function encodingFromText(text: string): Float32Array | null {
  const bytes = bytesFromBase64(text)
  if (bytes === null || bytes.length % bytesPerNumber !== 0) return null
  const view = new DataView(bytes.buffer)
  const encoding = new Float32Array(bytes.length / bytesPerNumber)
  for (let i = 0; i < encoding.length; i++) {
    encoding[i] = view.getFloat32(i * bytesPerNumber, true)
  }
  return isUsableEncoding(encoding) ? encoding : null
}
