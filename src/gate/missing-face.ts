/**
 * Why no face was found, as far as the photo shows: there may be one that is too dark, out of focus, or cut by the border, and then more
 * light, a steady hand or another frame helps. Pure.
 */
import { FaceError } from '../errors/face-error.ts'
import { isWhole, shareWithin } from '../face/choose-face.ts'
import type { FoundFace } from '../face/detect.ts'
import { smallestSide } from '../face/find-faces.ts'
import { focusOfCentre, lumaOf } from '../face/focus.ts'
import { lightestLuma } from '../image/brighten.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { warp } from '../image/warp.ts'
import { cutMessage, leastShown } from './frame-rules.ts'

/** Luma 0..255 that almost no pixel exceeds on a photo too dark to show anything. */
const darkLuma = 40
/** Side in pixels to which the photo is scaled down before its focus is judged. */
const coarseSide = 150
/** Out of focus: there are light and dark parts (deviation of the luma, 0..255), and nothing finer. */
const blurred = { leastDeviation: 15, mostDetail: 0.11 }

/**
 * @param glimpse what resembles a face most, where none was found
 * @throws FaceError face_too_small, face_too_dark, face_too_blurry, face_cut_off, no_face
 */
export function requireAnyFace(
  faces: readonly FoundFace[],
  image: RgbImage,
  glimpse: FoundFace | null = null,
): void {
  if (faces.length > 0) return
  requireRoomForFace(image)
  if (lightestLuma(image) < darkLuma) {
    throw new FaceError('face_too_dark', 'The photo is too dark to find a face in it.')
  }
  if (glimpse && (!isWhole(glimpse, image) || shareWithin(glimpse, image) < leastShown)) {
    throw new FaceError('face_cut_off', cutMessage)
  }
  if (isBlurred(image)) {
    throw new FaceError('face_too_blurry', 'The photo is too blurred to find a face in it.')
  }
  throw new FaceError('no_face', 'No face was found in the photo at any size or quarter turn.')
}

/** Told by the size alone, so that nothing has to be decoded. @throws FaceError face_too_small */
export function requireRoomForFace({ width, height }: Pick<RgbImage, 'width' | 'height'>): void {
  if (Math.min(width, height) >= smallestSide) return
  throw new FaceError(
    'face_too_small',
    `The photo is ${width} x ${height} pixels; a face in it needs at least ${smallestSide}.`,
  )
}

/** Judged on the middle of the photo, where a face would be. */
function isBlurred(image: RgbImage): boolean {
  const side = Math.min(image.width, image.height)
  const a = side / coarseSide
  const [x0, y0] = [(image.width - side) / 2, (image.height - side) / 2]
  const middle = warp(image, { a, b: 0, x0, y0 }, coarseSide)
  const { detail, deviation } = focusOfCentre(lumaOf(middle), coarseSide)
  return deviation >= blurred.leastDeviation && detail <= blurred.mostDetail
}
