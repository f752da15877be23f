/** What an endpoint takes besides its path: photos, and fields beside them. Data only; read-photo-request.ts reads it. */

import type { z } from '@hono/zod-openapi'
import { photoMimes } from '../../image/decode/formats.ts'
import { maxPhotoBytes } from '../../image/limits.ts'
import { maxEnrollmentBytes } from './limits.ts'

export interface PhotoInput<Fields extends z.ZodObject = z.ZodObject> {
  /** Names of the photo fields: `image`, or `left` and `right`. */
  readonly photos: readonly string[]
  /** True when the one photo field may come up to `maxPhotos` times (in JSON as the array `images`). */
  readonly many: boolean
  /** Fields beside the photos. */
  readonly fields: Fields
}

/** Content-Types of a request whose body is the photo itself. */
export const rawPhotoTypes: readonly string[] = [...photoMimes, 'application/octet-stream']

/** A raw body has room for one photo. */
export function takesRawPhoto(input: PhotoInput): boolean {
  return input.photos.length === 1
}

/** Bytes that all photos of one request may have together. */
export function maxTotalBytes(input: PhotoInput): number {
  return input.many ? maxEnrollmentBytes : input.photos.length * maxPhotoBytes
}
