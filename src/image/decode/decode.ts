/**
 * First stage of the pipeline: a photo's bytes -> an upright RGB image.
 *
 *   inspect (header only) -> decode -> lay on white -> check the size -> turn upright
 */
import { FaceError } from '../../errors/face-error.ts'
import { releaseImage } from '../release-image.ts'
import type { RgbImage } from '../rgb-image.ts'
import { turnUpright } from '../turn.ts'
import type { Codecs } from './codecs.ts'
import { photoFormats } from './formats.ts'
import { inspectPhoto, type PhotoHeader } from './inspect.ts'

/**
 * Rejects with FaceError image_unreadable, image_unsupported or image_too_large for anything that is wrong with the
 * photo, and with engine_unavailable when a decoder cannot be started; never with anything else.
 */
export async function decodePhoto(bytes: Uint8Array, codecs: Codecs): Promise<RgbImage> {
  const header = inspectPhoto(bytes)
  const stored = await decodeStored(bytes.subarray(0, header.end), header, codecs)
  if (stored.width !== header.width || stored.height !== header.height) {
    throw new FaceError(
      'image_unreadable',
      `The photo's header says ${header.width} x ${header.height} pixels, its picture has ${stored.width} x ${stored.height}.`,
    )
  }
  const upright = turnUpright(stored, header.orientation)
  if (upright !== stored) releaseImage(stored)
  return upright
}

async function decodeStored(
  picture: Uint8Array,
  { format }: PhotoHeader,
  codecs: Codecs,
): Promise<RgbImage> {
  try {
    return await codecs.decode(format, picture)
  } catch (cause) {
    if (cause instanceof FaceError) throw cause
    const { label } = photoFormats[format]
    throw new FaceError('image_unreadable', `The ${label} is damaged: it cannot be decoded.`, {
      cause,
    })
  }
}
