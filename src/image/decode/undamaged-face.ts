/**
 * Whether damage goes through the face. A line from which on a picture is lighter, a block that does not belong to it, or a colour beside its
 * opposite, may be part of a sound photo elsewhere; in a face only damage makes one. Pure.
 */
import type { Rectangle } from '../resize.ts'
import type { DecodedPhoto } from './decode.ts'
import { faceRim, hasBlockApart } from './jpeg/damage/block-apart.ts'
import { isTorn } from './jpeg/damage/torn-borders.ts'
import { brokenJpeg, displacedJpeg, shiftedJpeg } from './jpeg/jpeg-faults.ts'
import { wrappedWebp } from './webp-header.ts'
import { hasWrappedColours } from './wrapped-colours.ts'

/** What decoding has found of a photo; of other photos than JPEGs no steps, no borders and no block. */
type SuspectPhoto = Pick<DecodedPhoto, 'image' | 'steps' | 'block' | 'restartBorders' | 'mayWrap'>

/** @param face in pixels of the photo. Throws FaceError image_unreadable */
export function requireUndamagedFace(photo: SuspectPhoto, face: Rectangle): void {
  const { image, steps, block, mayWrap } = photo
  const inner = innerPart(face)
  if (steps.some((step) => goesThrough(step, inner))) throw shiftedJpeg()
  if (photo.restartBorders(face).some((lines) => isTorn(image, lines, face))) throw displacedJpeg()
  if (block && hasBlockApart(image, face, block)) throw brokenJpeg()
  if (mayWrap && hasWrappedColours(image, face)) throw wrappedWebp()
}

function innerPart({ x, y, width, height }: Rectangle): Rectangle {
  return {
    x: x + faceRim * width,
    y: y + faceRim * height,
    width: (1 - 2 * faceRim) * width,
    height: (1 - 2 * faceRim) * height,
  }
}

function goesThrough(line: Rectangle, { x, y, width, height }: Rectangle): boolean {
  return (
    line.x < x + width && line.x + line.width > x && line.y < y + height && line.y + line.height > y
  )
}
