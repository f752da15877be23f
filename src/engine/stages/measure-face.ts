/** All that the gate judges a face by: quality, condition, whether the networks agree on it, and how much of it is in the photo. Pure. */

import { disagreement, mostDisagreement } from '../../face/agreement.ts'
import { chipKinds, qualityChip } from '../../face/chips/chip-kinds.ts'
import { isWhole, shareWithin } from '../../face/choose-face.ts'
import { measureCondition } from '../../face/condition/condition.ts'
import type { FoundFace } from '../../face/detect.ts'
import { type Landmarks, squareAround } from '../../face/landmarks.ts'
import { measureQuality, type Quality } from '../../face/quality.ts'
import type { Measures } from '../../gate/rule.ts'
import type { RgbImage } from '../../image/rgb-image.ts'
import { warp } from '../../image/warp.ts'

/** A face, and the size of what it is in. */
export interface PlacedFace {
  readonly face: FoundFace
  readonly landmarks: Landmarks
  readonly photo: { readonly width: number; readonly height: number }
}

export interface MeasuredFace {
  /** The face as it was measured, `qualityChip`. */
  readonly chip: Float32Array
  /** Whether the landmarks are those of the face; else the chip is by the detector's points. */
  readonly isByLandmarks: boolean
  readonly quality: Quality
  readonly measures: Measures
}

/**
 * @param image in which the face is seen best
 * @param seen the face in it
 * @param placed the same in pixels of the photo, of which the image may be a part
 */
export function measureFace(
  image: RgbImage,
  seen: Pick<PlacedFace, 'face' | 'landmarks'>,
  placed: PlacedFace,
): MeasuredFace {
  const { kind, size } = qualityChip
  const apart = disagreement(seen.landmarks, seen.face)
  // Light and focus are measured on the face, even where the landmarks miss it.
  const isByLandmarks = apart <= mostDisagreement
  const square = isByLandmarks
    ? chipKinds[kind](seen.landmarks, size)
    : squareAround(seen.face, size)
  const chip = warp(image, square, size)
  const quality = measureQuality(chip, size, seen.landmarks, placed.face)
  return {
    chip,
    isByLandmarks,
    quality,
    measures: {
      ...quality,
      ...measureCondition(chip),
      disagreement: apart,
      whole: isWhole(placed.face, placed.photo) ? 1 : 0,
      shown: isByLandmarks ? landmarksWithin(placed) : shareWithin(placed.face, placed.photo),
    },
  }
}

function landmarksWithin({ landmarks, photo }: PlacedFace): number {
  const within = landmarks.filter(
    ([x, y]) => x >= 0 && y >= 0 && x <= photo.width && y <= photo.height,
  )
  return within.length / landmarks.length
}
