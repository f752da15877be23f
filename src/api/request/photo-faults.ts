/** The ways a request with photos can be wrong, each named in one place. Every detail says which field and what was expected. */

import { FaceError, invalidRequest } from '../../errors/face-error.ts'
import { nameForeignFormat, unsupportedPhoto } from '../../image/decode/foreign-format.ts'
import { photoFormatList } from '../../image/decode/formats.ts'
import { maxPhotoBytes, sizeAdvice } from '../../image/limits.ts'
import { quoteField } from '../../lib/field-faults.ts'
import { maxPhotos } from './limits.ts'
import { type PhotoInput, rawPhotoTypes, takesRawPhoto } from './photo-input.ts'

export function imageMissing(name: string): FaceError {
  return new FaceError('image_missing', `${quoteField(name)}: expected a photo`)
}

export function photoTooLarge(name: string): FaceError {
  return new FaceError(
    'image_too_large',
    `${quoteField(name)}: a photo may have ${maxPhotoBytes} bytes at most. ${sizeAdvice}`,
  )
}

export function photosTooLarge(maxBytes: number): FaceError {
  return new FaceError(
    'image_too_large',
    `The photos may have ${maxBytes} bytes together. ${sizeAdvice}`,
  )
}

export function tooManyImages(count: number): FaceError {
  return new FaceError('too_many_images', `${count} photos; ${maxPhotos} at most in one request.`)
}

/** In JSON. */
export function notBase64(name: string): FaceError {
  return invalidRequest(`${quoteField(name)}: expected the photo in base64 or as a base64 data URI`)
}

export function sentTwice(name: string): FaceError {
  return invalidRequest(`${quoteField(name)}: sent twice, expected once`)
}

/** Text where a file was expected, or the other way round. */
export function wrongKind(name: string, input: PhotoInput): FaceError {
  if (input.photos.includes(name)) {
    return invalidRequest(
      `${quoteField(name)}: expected a file (a part with a file name), such as curl sends for ${name}=@photo.jpg`,
    )
  }
  const known = input.photos.map((photo) => `"${photo}"`).join(' and ')
  return invalidRequest(`${quoteField(name)}: a file is expected only in ${known}`)
}

/** Most libraries write the header themselves; who writes it by hand overwrites it. */
export function boundaryMissing(): FaceError {
  return invalidRequest(
    'Content-Type: expected a boundary, as in "multipart/form-data; boundary=..."; leave the header to the library that writes the form, and it names the boundary',
  )
}

/** A raw body that is none of the formats. */
export function noRawPhoto(
  bytes: Uint8Array,
  type: string | undefined,
  input: PhotoInput,
): FaceError {
  if (bytes.length === 0) return imageMissing(input.photos[0]!)
  const format = nameForeignFormat(bytes)
  // `curl -d` names another type unless it is told.
  if (format === 'JSON')
    return invalidRequest('Content-Type: the body is JSON, expected application/json')
  if (format !== undefined) return unsupportedPhoto(format)
  if (!type?.startsWith('image/')) return wrongContentType(input)
  return new FaceError('image_unsupported', `Content-Type: expected ${photoFormatList}.`)
}

export function wrongContentType(input: PhotoInput): FaceError {
  const raw = takesRawPhoto(input) ? rawPhotoTypes : []
  const expected = ['multipart/form-data', 'application/json', ...raw].join(', ')
  return invalidRequest(`Content-Type: expected one of ${expected}`)
}
