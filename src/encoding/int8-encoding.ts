/**
 * An encoding in a quarter of its bytes, for finding candidates: whole numbers from -127 to 127 and one scale. How wrong a
 * distance can be because of it is bounded by `maxRounding`, so that no candidate is missed. Pure.
 */
import { isEncodingLength } from './encoding.ts'

/** The scale as float32, little-endian, before the numbers. */
const scaleBytes = 4
const largest = 127

export interface Int8Encoding {
  /** value = number x scale */
  readonly scale: number
  /** As many as the encoding has. */
  readonly numbers: Int8Array
}

/** Bytes of one. @param length numbers in an encoding */
export function int8EncodingBytes(length: number): number {
  return scaleBytes + length
}

/** @param encoding finite numbers that are not all zero */
export function toInt8(encoding: Float32Array): Int8Encoding {
  const peak = encoding.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const scale = Math.fround(peak / largest)
  const numbers = Int8Array.from(encoding, (value) =>
    Math.max(-largest, Math.min(largest, Math.round(value / scale))),
  )
  return { scale, numbers }
}

/** Most that the L2 distance to anything can change by rounding: half a step in each number. @param length numbers in an encoding */
export function maxRounding(scale: number, length: number): number {
  // A hair more than half a step, because the scale itself is rounded to float32.
  return scale * 0.50001 * Math.sqrt(length)
}

export function writeInt8({ scale, numbers }: Int8Encoding): Uint8Array {
  const bytes = new Uint8Array(int8EncodingBytes(numbers.length))
  new DataView(bytes.buffer).setFloat32(0, scale, true)
  new Int8Array(bytes.buffer).set(numbers, scaleBytes)
  return bytes
}

/** Null when the bytes are not one encoding. */
export function readInt8(bytes: Uint8Array<ArrayBuffer>): Int8Encoding | null {
  if (!isEncodingLength(bytes.length - scaleBytes)) return null
  const scale = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)
  const numbers = new Int8Array(
    bytes.buffer,
    bytes.byteOffset + scaleBytes,
    bytes.length - scaleBytes,
  )
  return Number.isFinite(scale) && scale > 0 ? { scale, numbers } : null
}
