/**
 * Unpacks a request that carries photos, however it was packed: multipart/form-data with file fields, one photo as the raw
 * body with the other fields in the query string, or JSON with base64. All three become the same photos and fields, by
 * name, not yet checked against the endpoint.
 */

import { invalidRequest } from '../../errors/face-error.ts'
import { maxPhotoBytes } from '../../image/limits.ts'
import { quoteField } from '../../lib/field-faults.ts'
import { type HeaderValue, parseHeaderValue } from '../../lib/header-value.ts'
import { decodeBase64Photo } from './base64-photo.ts'
import { decodeText } from './decode-text.ts'
import { parseJsonObject } from './json-object.ts'
import { base64Length, maxFramingBytes, maxJsonPhotosBytes, maxPhotos } from './limits.ts'
import { parseMultipart } from './multipart.ts'
import { readQuery, SentText } from './parse-fields.ts'
import {
  imageMissing,
  sentTwice,
  tooManyImages,
  wrongContentType,
  wrongKind,
} from './photo-faults.ts'
import { maxTotalBytes, type PhotoInput, rawPhotoTypes, takesRawPhoto } from './photo-input.ts'
import { readBody } from './read-body.ts'

export interface UnpackedRequest {
  readonly photos: Map<string, Uint8Array[]>
  readonly fields: Map<string, unknown>
}

export async function unpackPhotos(request: Request, input: PhotoInput): Promise<UnpackedRequest> {
  const type = parseHeaderValue(request.headers.get('content-type') ?? '')
  if (type?.value === 'multipart/form-data') return await unpackMultipart(request, input, type)
  if (type?.value === 'application/json') return await unpackJson(request, input)
  const isRaw = type !== null && rawPhotoTypes.includes(type.value)
  if (isRaw && takesRawPhoto(input)) return await unpackRaw(request, input)
  throw request.body === null ? imageMissing(input.photos[0]) : wrongContentType(type?.value, input)
}

async function unpackRaw(request: Request, input: PhotoInput): Promise<UnpackedRequest> {
  const fields = readQuery(request)
  const photo = await readBody(request, maxPhotoBytes)
  return { photos: new Map([[input.photos[0], [photo]]]), fields }
}

async function unpackMultipart(
  request: Request,
  input: PhotoInput,
  type: HeaderValue,
): Promise<UnpackedRequest> {
  refuseQuery(request)
  const boundary = type.parameters.get('boundary') ?? ''
  if (!/^[ -~]{1,70}$/.test(boundary)) {
    throw invalidRequest('Content-Type: expected a boundary of 1 to 70 characters')
  }
  const body = await readBody(request, maxTotalBytes(input) + maxFramingBytes)
  if (body.length === 0) throw imageMissing(input.photos[0])
  const photos = new Map<string, Uint8Array[]>()
  const fields = new Map<string, unknown>()
  for (const { name, isFile, bytes } of parseMultipart(body, boundary)) {
    if (isFile !== input.photos.includes(name)) throw wrongKind(name, input)
    if (fields.has(name)) throw sentTwice(name)
    if (isFile) photos.set(name, [...(photos.get(name) ?? []), bytes])
    else fields.set(name, new SentText(decodeText(bytes, quoteField(name))))
  }
  return { photos, fields }
}

async function unpackJson(request: Request, input: PhotoInput): Promise<UnpackedRequest> {
  refuseQuery(request)
  const maxPhotosBytes = Math.min(maxTotalBytes(input), maxJsonPhotosBytes)
  const body = await readBody(request, base64Length(maxPhotosBytes) + maxFramingBytes)
  const fields = parseJsonObject(body)
  const photos = new Map<string, Uint8Array[]>()
  for (const name of input.photos) {
    if (!fields.has(name)) continue
    photos.set(name, [decodeBase64Photo(name, fields.get(name))])
    fields.delete(name)
  }
  if (input.many && fields.has('images')) {
    if (photos.size > 0) throw invalidRequest('expected "image" or "images", not both')
    photos.set(input.photos[0], decodeList(fields.get('images')))
    fields.delete('images')
  }
  return { photos, fields }
}

function decodeList(images: unknown): Uint8Array[] {
  if (!Array.isArray(images)) throw invalidRequest('field "images": expected an array of photos')
  // Counted before any is decoded, so that a thousand tiny photos cost no more than one.
  if (images.length > maxPhotos) throw tooManyImages(images.length)
  return images.map((image, i) => decodeBase64Photo(`images.${i}`, image))
}

/** With a form or JSON the fields are in the body; one in the query string would be lost without a word. */
function refuseQuery(request: Request): void {
  const [name] = readQuery(request).keys()
  if (name === undefined) return
  throw invalidRequest(`${quoteField(name)}: expected in the body, not in the query string`)
}
