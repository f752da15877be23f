/** What a request may weigh, in bytes, and why. Everything over is refused with `image_too_large` before it is parsed. */
import { maxEncodings } from '../../identity/record.ts'

const mebibyte = 1024 * 1024

/** All photos of one enrollment. The body is held in memory once, next to the networks, in an isolate of 128 MB. */
export const maxEnrollmentBytes = 24 * mebibyte

/** All photos of one JSON request. Base64 inflates them by a third, and to decode it takes time. */
export const maxJsonPhotosBytes = 12 * mebibyte

/** Photos in one enrollment: as many as a person may have encodings. */
export const maxPhotos = maxEncodings

/** A JSON body without photos: a few short fields. */
export const maxJsonBytes = 16 * 1024

/** What boundaries, headers, field names and text fields may add to the photos. */
export const maxFramingBytes = 64 * 1024

/** Bytes of base64 for so many bytes of photo. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

/** And of photo for so many bytes of base64, at most. */
export function bytesOfBase64(length: number): number {
  return Math.floor((length * 3) / 4)
}
