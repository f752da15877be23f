/** How faces are cut out for the encoders: one row for each place in the chip that networks were trained to see faces at. */

import type { Affine, Point, Similarity } from '../../image/similarity.ts'
import { mapTuple } from '../../lib/map-tuple.ts'
import { alignFace } from '../align.ts'
import { alignEyesAndNose } from '../align-eyes-and-nose.ts'
import type { Landmarks } from '../landmarks.ts'
import { alignFivePoints, type FivePoints } from './align-five-points.ts'

/** The square of the photo that becomes a chip of `size` pixels. */
export type Align = (landmarks: Landmarks, size: number) => Similarity | Affine

/** Padding around the face, as a share of its size, that dlib's network was trained with. */
const dlibPadding = 0.25

/** Of ArcFace and all that follow it, in pixels of a chip of 112. */
const arcface: FivePoints = [
  [38.2946 / 112, 51.6963 / 112],
  [73.5318 / 112, 51.5014 / 112],
  [56.0252 / 112, 71.7366 / 112],
  [41.5493 / 112, 92.3655 / 112],
  [70.7299 / 112, 92.2041 / 112],
]

/** Of Open Model Zoo's face-reidentification-retail-0095. */
const reid: FivePoints = [
  [0.3156, 0.4616],
  [0.6826, 0.4616],
  [0.5003, 0.6405],
  [0.3495, 0.8247],
  [0.6534, 0.8247],
]

/**
 * Where our landmarks put such a face, a little smaller and higher than the publisher's would: of the right people of LFW, a fifth fewer are
 * refused at 1e-3 than by the points as published (docs/accuracy.md, "What helps, and what does not").
 */
const reidWide: FivePoints = mapTuple(
  reid,
  ([x, y]): Point => [(x - 0.5) / 1.07 + 0.5, (y - 0.01 - 0.5) / 1.07 + 0.5],
)

export const chipKinds = {
  dlib: (landmarks, size) => alignFace(landmarks, size, dlibPadding),
  openface: alignEyesAndNose,
  arcface: (landmarks, size) => alignFivePoints(arcface, landmarks, size),
  reid: (landmarks, size) => alignFivePoints(reid, landmarks, size),
  reidWide: (landmarks, size) => alignFivePoints(reidWide, landmarks, size),
} as const satisfies Readonly<Record<string, Align>>

export type ChipKind = keyof typeof chipKinds
export const chipKindNames = Object.keys(chipKinds) as ChipKind[]
/** Those that publishers name: what a network of somebody's own may have been trained with. */
export const publishedChipKinds = chipKindNames.filter((kind) => kind !== 'reidWide')

/** What quality is measured on, whatever the encoder sees: the limits of the gate are for it. */
export const qualityChip = { kind: 'dlib', size: 150 } as const satisfies {
  kind: ChipKind
  size: number
}
