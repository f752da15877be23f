/**
 * Whether damage goes through the face. A line from which on a picture is lighter, a block that does not belong to it, or a colour beside its
 * opposite, may be part of a sound photo elsewhere; in a face only damage makes one. Pure.
 */
import type { Rectangle } from '../resize.ts'
import type { DecodedPhoto } from './decode.ts'
import { faceRim, hasBlockApart } from './jpeg/damage/block-apart.ts'
import { isTorn } from './jpeg/damage/torn-borders.ts'
import { brokenJpeg, displacedJpeg, shiftedJpeg } from './jpeg/jpeg-faults.ts'
import { wrappedWebp } from './webp/webp-header.ts'
import { hasWrappedColours } from './webp/wrapped-colours.ts'

/** How high it is above a face's box, in heights of it. */
const forehead = 0.1

/** What decoding has found of a photo; of other photos than JPEGs no steps, no borders and no block. */
type SuspectPhoto = Pick<DecodedPhoto, 'image' | 'steps' | 'block' | 'restartBorders' | 'mayWrap'>

/** @param face in pixels of the photo. Throws FaceError image_unreadable */
export function requireUndamagedFace(photo: SuspectPhoto, face: Rectangle): void {
  const { image, steps, block, mayWrap } = photo
  const seen = partWithoutSteps(face)
  if (steps.some((step) => goesThrough(step, seen))) throw shiftedJpeg()
  if (photo.restartBorders(face).some((lines) => isTorn(image, lines, face))) throw displacedJpeg()
  if (block && hasBlockApart(image, face, block)) throw brokenJpeg()
  if (mayWrap && hasWrappedColours(image, face)) throw wrappedWebp()
}

/** The inner part of a face's box, with the forehead above it and the chin: no edge of a picture goes all across there. */
function partWithoutSteps({ x, y, width, height }: Rectangle): Rectangle {
  return {
    x: x + faceRim * width,
    y: y - forehead * height,
    width: (1 - 2 * faceRim) * width,
    height: (1 + forehead) * height,
  }
}

function goesThrough(line: Rectangle, { x, y, width, height }: Rectangle): boolean {
  return (
    line.x < x + width && line.x + line.width > x && line.y < y + height && line.y + line.height > y
  )
}
