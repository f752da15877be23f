/**
 * A viewer with a dark page shows what a photo hides in transparent white. A face that stands out there, and is not among those that are seen
 * on white, is what that viewer takes the photo for.
 */
import { type OnBlack, transparentFace } from '../image/decode/transparency.ts'
import type { Network } from '../network/load.ts'
import { blockingSide } from './choose-face.ts'
import { type FaceBox, type FoundFace, overlap } from './detect.ts'
import { findFaces } from './find-faces.ts'

/** Of the boxes of one face. A small face may lie within the box of a large one, and is another. */
const leastOverlap = 0.3

/**
 * @param onBlack null for a photo of which nothing is transparent
 * @param found on white, in pixels of the photo, of which `chosen` is one
 * @throws FaceError image_unsupported
 */
export function requireNoneOnBlack(
  detector: Network,
  onBlack: OnBlack | null,
  found: readonly FoundFace[],
  chosen: FoundFace,
): void {
  if (onBlack === null) return
  const { image, scale } = onBlack
  const isHidden = findFaces(detector, image)
    .map(({ box }) => scaled(box, scale))
    .some(
      (box) =>
        box.width >= blockingSide * chosen.box.width &&
        !found.some((seen) => overlap(seen.box, box) > leastOverlap),
    )
  if (isHidden) throw transparentFace()
}

function scaled({ x, y, width, height }: FaceBox, by: number): FaceBox {
  return { x: x * by, y: y * by, width: width * by, height: height * by }
}
