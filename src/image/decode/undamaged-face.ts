/**
 * Whether damage goes through the face. A line from which on a picture is lighter, a block that does not belong to it, or a colour beside its
 * opposite, may be part of a sound photo elsewhere; in a face only damage makes one. Pure.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { Rectangle } from '../resize.ts'
import type { RgbImage } from '../rgb-image.ts'
import { faceRim, hasBlockApart } from './jpeg/damage/block-apart.ts'
import { isTorn } from './jpeg/damage/torn-borders.ts'
import { brokenJpeg, displacedJpeg, shiftedJpeg } from './jpeg/jpeg-faults.ts'
import { hasWrappedColours } from './wrapped-colours.ts'

/** A photo with what decoding has found of it; of other photos than JPEGs no steps and no block. */
export interface SuspectPhoto {
  readonly image: RgbImage
  /** In pixels of the photo. */
  readonly steps: readonly Rectangle[]
  /** Null unless a pixel of the image is one of the photo. */
  readonly block: Rectangle | null
  /** Lines in a part of the image where restart intervals meet, those together that must all be torn. None of other photos. */
  restartBorders(area: Rectangle): readonly (readonly Rectangle[])[]
  /** Whether damage may have left colours that went round from 255 to 0, or back: in a lossless WebP, which is decoded at full size. */
  readonly mayWrap: boolean
}

/** @param face in pixels of the photo. Throws FaceError image_unreadable */
export function requireUndamagedFace(photo: SuspectPhoto, face: Rectangle): void {
  const { image, steps, block, mayWrap } = photo
  const inner = innerPart(face)
  if (steps.some((step) => goesThrough(step, inner))) throw shiftedJpeg()
  if (photo.restartBorders(face).some((lines) => isTorn(image, lines, face))) throw displacedJpeg()
  if (block && hasBlockApart(image, face, block)) throw brokenJpeg()
  if (mayWrap && hasWrappedColours(image, face)) {
    throw new FaceError(
      'image_unreadable',
      'The WebP is damaged: around the face, colours went round from lightest to darkest.',
    )
  }
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
