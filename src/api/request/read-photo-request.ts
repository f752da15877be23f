/**
 * Reads a request that carries photos and checks it against what the endpoint takes: known fields of the right kind, every
 * photo present, as many and as large as allowed. Nothing that a caller can send ends in anything but a FaceError.
 */

import type { z } from '@hono/zod-openapi'
import { maxPhotoBytes } from '../../image/limits.ts'
import { maxPhotos } from './limits.ts'
import { parseFields } from './parse-fields.ts'
import {
  imageMissing,
  photosTooLarge,
  photoTooLarge,
  sentTwice,
  tooManyImages,
} from './photo-faults.ts'
import { maxTotalBytes, type PhotoInput } from './photo-input.ts'
import { unpackPhotos } from './unpack-photos.ts'

export interface PhotoRequest<Fields extends z.ZodObject> {
  /** In the order of `PhotoInput.photos`, then as sent. They may be views on the body: mind their byteOffset. */
  readonly photos: readonly Uint8Array[]
  readonly fields: z.output<Fields>
}

/** Of the requests that are being answered. */
const held = new WeakMap<Request, readonly Uint8Array[]>()

/**
 * Gives the memory of a request's photos back, for when it is answered: nothing may use them afterwards. The garbage collector would free
 * them too, but only after many such requests.
 */
export function releasePhotos(request: Request): void {
  for (const { buffer } of held.get(request) ?? []) {
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
  }
}

export async function readPhotoRequest<Fields extends z.ZodObject>(
  request: Request,
  input: PhotoInput<Fields>,
): Promise<PhotoRequest<Fields>> {
  const unpacked = await unpackPhotos(request, input)
  const fields = parseFields(input.fields, unpacked.fields, input.photos)
  const photos = input.photos.flatMap((name) => checkPhotos(name, unpacked.photos.get(name), input))
  const totalBytes = photos.reduce((sum, photo) => sum + photo.length, 0)
  const maxBytes = maxTotalBytes(input)
  if (totalBytes > maxBytes) throw photosTooLarge(maxBytes)
  held.set(request, photos)
  return { photos, fields }
}

/** The photos of one field. */
function checkPhotos(
  name: string,
  photos: readonly Uint8Array[] = [],
  input: PhotoInput,
): readonly Uint8Array[] {
  if (photos.length === 0) throw imageMissing(name)
  if (photos.length > 1 && !input.many) throw sentTwice(name)
  if (photos.length > maxPhotos) throw tooManyImages(photos.length)
  if (photos.some((photo) => photo.length === 0)) throw imageMissing(name)
  if (photos.some((photo) => photo.length > maxPhotoBytes)) throw photoTooLarge(name)
  return photos
}
