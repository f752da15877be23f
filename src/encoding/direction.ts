/** Where an encoding points, and how long it is. Pure. */
import { isEncodingLength } from './encoding.ts'

/** Of unit length; all NaN when there is no direction: a wrong length, zeros, anything not finite. */
export function unitVector(encoding: Float32Array): Float32Array {
  const length = lengthOf(encoding)
  const usable = isEncodingLength(encoding.length) && Number.isFinite(length) && length > 0
  const unit = new Float32Array(encoding.length)
  if (!usable) return unit.fill(Number.NaN)
  for (let i = 0; i < unit.length; i++) unit[i] = encoding[i] / length
  return unit
}

export function lengthOf(encoding: Float32Array): number {
  let squares = 0
  for (const value of encoding) squares += value * value
  return Math.sqrt(squares)
}
