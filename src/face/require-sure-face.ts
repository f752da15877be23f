/**
 * Whether what was found is a face beyond doubt. The detector also shows what it holds for a face by a narrow margin, and then a
 * person may be worth a look at /detect, but nobody is let in by a drawing of two dots and a line. Pure.
 */
import { FaceError } from '../errors.ts'
import type { FoundFace } from './detect.ts'

/** Detector score. Drawings reach 0.39; of 2,319 faces found in LFW one is below 0.5. */
const leastScore = 0.45

/** @throws FaceError no_face */
export function requireSureFace({ score }: FoundFace): void {
  if (score >= leastScore) return
  throw new FaceError(
    'no_face',
    `What resembles a face most has a score of ${score.toFixed(2)}, at least ${leastScore} is needed.`,
  )
}
