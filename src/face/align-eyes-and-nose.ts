/**
 * Landmarks -> the chip that OpenFace's networks were trained on: outer corners of the eyes and base of the nose at fixed
 * places, by the one affine map that takes three points to three (cmusatyalab/openface, openface/align_dlib.py,
 * OUTER_EYES_AND_NOSE). Faces are sheared where they need it.
 */
import { type Affine, fitAffine, type Point } from '../image/similarity.ts'
import type { Landmarks } from './landmarks.ts'

/** Right eye's outer corner, left eye's, base of the nose. */
const points = [36, 45, 33] as const

/** x, y of those points in OpenFace's mean face, which spans 0..1 from its least to its greatest point. */
const template: readonly [Point, Point, Point] = [
  [0.194157, 0.169267],
  [0.788859, 0.158171],
  [0.494951, 0.514441],
]

/** The square of the photo that becomes a chip of `size` pixels. */
export function alignEyesAndNose(landmarks: Landmarks, size: number): Affine {
  // OpenFace counts from the centre of the first pixel, we from its corner.
  const inChip = ([x, y]: Point): Point => [x * size + 0.5, y * size + 0.5]
  const [right, left, nose] = points
  return fitAffine(
    [inChip(template[0]), inChip(template[1]), inChip(template[2])],
    [landmarks[right]!, landmarks[left]!, landmarks[nose]!],
  )
}
