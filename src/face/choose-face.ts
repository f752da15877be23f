/**
 * Which face of a photo is meant. The main face is the one that stands out by size and by being near the middle. Where
 * exactly one person may be in the picture, a second face of comparable size is refused; a bystander far behind is not.
 */
import { FaceError } from '../errors/face-error.ts'
import type { FaceBox, FoundFace } from './detect.ts'

/** Below this the encoder sees mostly interpolation. */
export const minFacePixels = 32

/** A second face blocks when its side is at least this share of the main one's. */
export const comparableSide = 0.5

/** @throws FaceError no_face */
export function mainFace(
  faces: readonly FoundFace[],
  photo: { width: number; height: number },
): FoundFace {
  const [first, ...others] = faces
  if (!first)
    throw new FaceError('no_face', 'No face was found in the photo at any size or quarter turn.')
  const main = others.reduce(
    (best, face) => (prominence(face.box, photo) > prominence(best.box, photo) ? face : best),
    first,
  )
  const side = Math.round(sideOf(main.box))
  if (side < minFacePixels) {
    throw new FaceError(
      'face_too_small',
      `The face is ${side} pixels wide, at least ${minFacePixels} are needed.`,
    )
  }
  return main
}

/** @throws FaceError no_face, multiple_faces */
export function onlyFace(
  faces: readonly FoundFace[],
  photo: { width: number; height: number },
): FoundFace {
  const main = mainFace(faces, photo)
  const comparable = faces.filter(
    (face) => face !== main && sideOf(clip(face.box, photo)) >= comparableSide * sideOf(main.box),
  )
  if (comparable.length > 0) {
    throw new FaceError(
      'multiple_faces',
      `${comparable.length + 1} faces of comparable size were found, exactly one was expected.`,
    )
  }
  return main
}

/** Side of the visible part in pixels, less for being away from the middle: down to one half in a corner. */
function prominence(box: FaceBox, photo: { width: number; height: number }): number {
  const offCentre = Math.hypot(
    box.x + box.width / 2 - photo.width / 2,
    box.y + box.height / 2 - photo.height / 2,
  )
  return sideOf(clip(box, photo)) * (1 - offCentre / Math.hypot(photo.width, photo.height))
}

function clip(box: FaceBox, photo: { width: number; height: number }): FaceBox {
  const x = Math.max(0, box.x)
  const y = Math.max(0, box.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(photo.width, box.x + box.width) - x),
    height: Math.max(0, Math.min(photo.height, box.y + box.height) - y),
  }
}

function sideOf(box: FaceBox): number {
  return Math.sqrt(box.width * box.height)
}
