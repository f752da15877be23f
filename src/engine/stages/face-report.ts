/** Where the face was found, as callers are told: in pixels of their photo, and how far that has to be turned. */
import { type FaceBox, type FoundFace, turnOf } from '../../face/detect.ts'
import type { QuarterTurn } from '../../image/turn.ts'

export interface FaceReport {
  /** Pixels of the photo, upright by EXIF orientation. */
  readonly box: FaceBox
  /** Degrees clockwise that the photo had to be turned for the face to stand upright. */
  readonly rotation: QuarterTurn
}

/** @param face in pixels of the photo */
export function reportFace(face: FoundFace): FaceReport {
  const { x, y, width, height } = face.box
  return {
    box: {
      x: Math.round(x),
      y: Math.round(y),
      width: Math.round(width),
      height: Math.round(height),
    },
    rotation: turnOf(face),
  }
}
