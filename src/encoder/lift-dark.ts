/**
 * A face that was photographed in the dark, in more light before it is encoded: encoders learned from faces in ordinary light. Every other face
 * is left as it is, to the bit, and so is whatever may be enrolled. The gate judges a face as it was taken. Pure.
 */
import { brighten } from '../image/brighten.ts'

/** Brightness, 0..1, below which a face is dark, and is not enrolled. */
export const darkBelow = 0.1
/** Of a dark face once it is lifted. */
const lifted = 0.2

/** @param chip values 0..255, left as they are @param brightness of the face in it, 0..1 */
export function liftDark(chip: Float32Array, brightness: number): Float32Array {
  if (!(brightness > 0 && brightness < darkBelow)) return chip
  const light = chip.slice()
  brighten(light, lifted / brightness)
  return light
}
