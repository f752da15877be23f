/** The landmarks of a face that is drawn on a picture of 120 pixels. */
import type { Landmarks } from '../../../src/face/landmarks.ts'

/** Eyes at 40 and 80 on the line 45, the mouth at 90. */
export const landmarks: Landmarks = [
  ...points(17, (i) => [
    60 - 40 * Math.cos((i / 16) * Math.PI),
    50 + 58 * Math.sin((i / 16) * Math.PI),
  ]),
  ...points(5, (i) => [32 + 4 * i, 36]),
  ...points(5, (i) => [72 + 4 * i, 36]),
  ...points(4, (i) => [60, 46 + 7 * i]),
  ...points(5, (i) => [54 + 3 * i, 73]),
  ...points(6, () => [40, 45]),
  ...points(6, () => [80, 45]),
  ...points(20, (i) => [60 + 14 * Math.cos((i / 10) * Math.PI), 90]),
]

function points(count: number, of: (i: number) => [number, number]): [number, number][] {
  return Array.from({ length: count }, (_, i) => of(i))
}
