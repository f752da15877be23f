/**
 * Whether damage goes through the face. A line from which on a picture is lighter, a block that does not belong to it, or a colour beside its
 * opposite, may be part of a sound photo elsewhere; in a face only damage makes one. Pure.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { Rectangle } from '../resize.ts'
import type { RgbImage } from '../rgb-image.ts'
import { faceRim, hasBlockApart } from './jpeg/damage/block-apart.ts'
import { brokenJpeg, shiftedJpeg } from './jpeg/jpeg-faults.ts'
import { hasWrappedColours } from './wrapped-colours.ts'

/** A photo with what decoding has found of it; of other photos than JPEGs no steps and no block. */
export interface SuspectPhoto {
  readonly image: RgbImage
  /** In pixels of the photo. */
  readonly steps: readonly Rectangle[]
  /** Null unless a pixel of the image is one of the photo. */
  readonly block: Rectangle | null
  /** Whether damage may have left colours that went round from 255 to 0, or back: in a lossless WebP, which is decoded at full size. */
  readonly mayWrap: boolean
}

/** @param face in pixels of the photo. Throws FaceError image_unreadable */
export function requireUndamagedFace(
  { image, steps, block, mayWrap }: SuspectPhoto,
  face: Rectangle,
): void {
  if (steps.some((step) => goesThrough(step, face))) throw shiftedJpeg()
  if (block && hasBlockApart(image, face, block)) throw brokenJpeg()
  if (mayWrap && hasWrappedColours(image, face)) {
    throw new FaceError(
      'image_unreadable',
      'The WebP is damaged: around the face, colours went round from lightest to darkest.',
    )
  }
}

/** Whether a line goes through the inner part of a face. */
function goesThrough(line: Rectangle, face: Rectangle): boolean {
  const isInside = (from: number, length: number, at: number, size: number): boolean =>
    from < at + (1 - faceRim) * size && from + length > at + faceRim * size
  return (
    isInside(line.x, line.width, face.x, face.width) &&
    isInside(line.y, line.height, face.y, face.height)
  )
}
