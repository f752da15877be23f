/**
 * A viewer with a dark page shows what a photo hides in transparent white. A face that stands out there, and is not among those that are seen
 * on white, is what that viewer takes the photo for.
 */
import type { DecodedPhoto } from '../image/decode/decode.ts'
import { transparentFace } from '../image/decode/transparency.ts'
import type { Network } from '../network/load.ts'
import { blockingSide } from './choose-face.ts'
import { type FoundFace, moveBox, overlap } from './detect.ts'
import { findFaces } from './find-faces.ts'

/** Of the boxes of one face. A small face may lie within the box of a large one, and is another. */
const leastOverlap = 0.3
/** Of the box of a face: with less of it transparent it looks the same on white, whether it was found there or not. */
const leastTransparent = 0.02

/**
 * @param photo whose `onBlack` is null where nothing of it is transparent
 * @param found on white, in pixels of the photo, of which `chosen` is one
 * @throws FaceError image_unsupported
 */
export function requireNoneOnBlack(
  detector: Network,
  { onBlack, transparencyOf }: Pick<DecodedPhoto, 'onBlack' | 'transparencyOf'>,
  found: readonly FoundFace[],
  chosen: FoundFace,
): void {
  if (onBlack === null) return
  const { image, scale } = onBlack
  const isHidden = findFaces(detector, image)
    .map(({ box }) => moveBox(box, scale))
    .some(
      (box) =>
        box.width >= blockingSide * chosen.box.width &&
        transparencyOf(box) > leastTransparent &&
        !found.some((seen) => overlap(seen.box, box) > leastOverlap),
    )
  if (isHidden) throw transparentFace()
}
