/**
 * A photo that is the encoder's input already, pixel by pixel, as the 96x96 photos of the FaceNet exercise. It is not checked
 * for a face, so no decision may rest on it: for scripts only, no endpoint calls it.
 */

import { FaceError } from '../errors/face-error.ts'
import { decodePhoto } from '../image/decode/decode.ts'
import { releaseImage } from '../image/release-image.ts'
import { encodeChips } from './stages/encode-chips.ts'
import type { Models } from './stages/models.ts'

/** @throws FaceError image_*, image_unsupported when the photo has another size than the encoder's input */
export async function encodeUnaligned(
  { codecs, encoder }: Models,
  photo: Uint8Array,
  mirror = false,
): Promise<Float32Array> {
  const image = await decodePhoto(photo, codecs)
  const { width, height, data } = image
  const [part, ...others] = encoder
  const { table } = part!.network
  const { size } = table.input
  try {
    if (others.length > 0) {
      throw new FaceError(
        'image_unsupported',
        'An encoder of several networks sees several squares of a photo, so it takes none without alignment.',
      )
    }
    if (width !== size || height !== size) {
      throw new FaceError(
        'image_unsupported',
        `The photo is ${width}x${height}; without alignment ${table.name} takes ${size}x${size}.`,
      )
    }
    return encodeChips(encoder, [Float32Array.from(data)], mirror).encoding
  } finally {
    releaseImage(image)
  }
}
