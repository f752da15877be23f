/** A face is looked at closely: landmarks, measures, what speaks against it, and whether it stands the other way up. */

import type { FaceError } from '../../errors/face-error.ts'
import { otherTurns } from '../../face/confirm-face.ts'
import type { FoundFace } from '../../face/detect.ts'
import { type Landmarks, locateLandmarks } from '../../face/landmarks.ts'
import type { Quality } from '../../face/quality.ts'
import { faultOf, tellsOfTurn } from '../../gate/judge-face.ts'
import type { Measures, Purpose } from '../../gate/rule.ts'
import { measureFace } from './measure-face.ts'
import type { Models } from './models.ts'
import { faceInPhoto, faceInView, landmarksInPhoto, type Size, type View } from './view.ts'

/** A face seen one way up, with its measurements. */
export interface ExaminedFace {
  /** In pixels of the photo. */
  readonly face: FoundFace
  /** In pixels of the photo. */
  readonly landmarks: Landmarks
  /** In pixels of the view that it was seen in. */
  readonly landmarksInView: Landmarks
  /** The face as its quality was measured, `qualityChip`; null where the landmarks miss it. */
  readonly seen: Float32Array | null
  readonly quality: Quality
  readonly measures: Measures
  /** Its quality fault, or null. */
  readonly fault: FaceError | null
}

/**
 * The orientation of a face is a guess until all later stages agree; if they do not, the other orientations are tried before
 * the photo is judged.
 *
 * @param photo its size
 * @param chosen in pixels of the photo
 */
export function examineTurns(
  models: Models,
  view: View,
  photo: Size,
  chosen: FoundFace,
  purpose: Purpose = 'probe',
): ExaminedFace {
  const seen = faceInView(chosen, view)
  const first = examine(models, view, photo, seen, purpose)
  if (!first.fault || !tellsOfTurn(first.fault)) return first
  for (const face of otherTurns(models.detector, view.image, seen)) {
    const other = examine(models, view, photo, face, purpose)
    if (!other.fault) return other
  }
  return first
}

/** @param face in pixels of the view */
function examine(
  { landmarks: network }: Models,
  view: View,
  photo: Size,
  face: FoundFace,
  purpose: Purpose,
): ExaminedFace {
  const landmarks = locateLandmarks(network, view.image, face)
  const placed = {
    face: faceInPhoto(face, view),
    landmarks: landmarksInPhoto(landmarks, view),
    photo,
  }
  const seen = measureFace(view.image, { face, landmarks }, placed)
  const { measures, quality } = seen
  return {
    face: placed.face,
    landmarks: placed.landmarks,
    landmarksInView: landmarks,
    seen: seen.isByLandmarks ? seen.chip : null,
    quality,
    measures,
    fault: faultOf(measures, purpose),
  }
}
