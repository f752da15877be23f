/**
 * A direction as text: whole numbers from -127 to 127, a byte each, in base64: a quarter of what an encoding takes. Rounding
 * turns it by about a third of a degree, so whoever fits something to directions rounds them first. Pure.
 */
import { bytesFromBase64, bytesToBase64 } from '../lib/base64.ts'
import { unitVector } from './direction.ts'
import { isEncodingLength } from './encoding.ts'

const largest = 127

/** @param direction an encoding */
export function directionToText(direction: Float32Array): string {
  const peak = direction.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const rounded = Int8Array.from(direction, (value) => Math.round((value / peak) * largest))
  return bytesToBase64(new Uint8Array(rounded.buffer))
}

/** Of unit length; null when the text is not exactly one direction. */
export function directionFromText(text: string): Float32Array | null {
  const bytes = bytesFromBase64(text)
  if (bytes === null || !isEncodingLength(bytes.length)) return null
  const direction = unitVector(Float32Array.from(new Int8Array(bytes.buffer)))
  return direction.every(Number.isFinite) ? direction : null
}
