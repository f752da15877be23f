/** Landmarks -> a chip in which the middles of the eyes, the tip of the nose and the corners of the mouth lie where a network was trained to see them. */
import { fitSimilarity, meanOf, type Point, type Similarity } from '../../image/similarity.ts'
import type { Landmarks } from '../landmarks.ts'

/** Shares of the chip's side: right eye, left eye, tip of the nose, right and left corner of the mouth. */
export type FivePoints = readonly [Point, Point, Point, Point, Point]

/** The square of the photo that becomes a chip of `size` pixels. */
export function alignFivePoints(
  template: FivePoints,
  landmarks: Landmarks,
  size: number,
): Similarity {
  return fitSimilarity(
    template.map(([x, y]): Point => [x * size, y * size]),
    [
      meanOf(landmarks.slice(36, 42)),
      meanOf(landmarks.slice(42, 48)),
      landmarks[30]!,
      landmarks[48]!,
      landmarks[54]!,
    ],
  )
}
