/**
 * Whether damage goes through the face. A line from which on a picture is lighter, or a block that does not belong to it, may be part of a
 * sound photo elsewhere; in a face only damage makes one. Pure.
 */
import type { Rectangle } from '../../../resize.ts'
import type { RgbImage } from '../../../rgb-image.ts'
import { brokenJpeg, shiftedJpeg } from '../jpeg-faults.ts'
import { faceRim, hasBlockApart } from './block-apart.ts'

/** A photo with what decoding has found of it; of other photos than JPEGs no steps and no block. */
export interface SuspectPhoto {
  readonly image: RgbImage
  /** In pixels of the photo. */
  readonly steps: readonly Rectangle[]
  /** Null unless a pixel of the image is one of the photo. */
  readonly block: Rectangle | null
}

/** @param face in pixels of the photo. Throws FaceError image_unreadable */
export function requireUndamagedFace({ image, steps, block }: SuspectPhoto, face: Rectangle): void {
  if (steps.some((step) => goesThrough(step, face))) throw shiftedJpeg()
  if (block && hasBlockApart(image, face, block)) throw brokenJpeg()
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
