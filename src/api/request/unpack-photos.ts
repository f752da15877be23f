/**
 * Unpacks a request that carries photos, however it was packed: multipart/form-data with file fields, one photo as the raw
 * body with the other fields in the query string, or JSON with base64. All three become the same photos and fields, by
 * name, not yet checked against the endpoint.
 */

import { z } from '@hono/zod-openapi'
import { invalidRequest } from '../../errors/face-error.ts'
import { formatOf } from '../../image/decode/formats.ts'
import { maxPhotoBytes } from '../../image/limits.ts'
import { quoteField } from '../../lib/field-faults.ts'
import { type HeaderValue, parseHeaderValue } from '../../lib/header-value.ts'
import { declaredLength, readPieces } from './body/body-pieces.ts'
import { readBody } from './body/read-body.ts'
import { decodeText } from './decode-text.ts'
import { parseJsonObject } from './json/json-object.ts'
import { PhotoJsonReader } from './json/photo-json.ts'
import {
  base64Length,
  bytesOfBase64,
  maxFramingBytes,
  maxJsonPhotosBytes,
  maxPhotos,
} from './limits.ts'
import { type FormPart, parseMultipart } from './multipart.ts'
import { readQuery, SentText } from './parse-fields.ts'
import {
  boundaryMissing,
  imageMissing,
  noRawPhoto,
  notBase64,
  sentTwice,
  tooManyImages,
  wrongContentType,
  wrongKind,
} from './photo-faults.ts'
import { maxTotalBytes, type PhotoInput, rawPhotoTypes, takesRawPhoto } from './photo-input.ts'

export interface UnpackedRequest {
  readonly photos: Map<string, Uint8Array[]>
  readonly fields: Map<string, unknown>
}

export async function unpackPhotos(request: Request, input: PhotoInput): Promise<UnpackedRequest> {
  const type = parseHeaderValue(request.headers.get('content-type') ?? '')
  if (type?.value === 'multipart/form-data') return await unpackMultipart(request, input, type)
  if (type?.value === 'application/json') return await unpackJson(request, input)
  if (request.body === null) throw imageMissing(input.photos[0])
  if (takesRawPhoto(input)) return await unpackRaw(request, input, type?.value)
  throw wrongContentType(input)
}

/** What the bytes are counts, whatever type the request names, or none; a type only tells what was meant by bytes that are no photo. */
async function unpackRaw(
  request: Request,
  input: PhotoInput,
  type: string | undefined,
): Promise<UnpackedRequest> {
  const photo = await readBody(request, maxPhotoBytes)
  const isMeant = type !== undefined && rawPhotoTypes.includes(type)
  if (!isMeant && formatOf(photo) === undefined) throw noRawPhoto(photo, type, input)
  return { photos: new Map([[input.photos[0], [photo]]]), fields: readQuery(request) }
}

async function unpackMultipart(
  request: Request,
  input: PhotoInput,
  type: HeaderValue,
): Promise<UnpackedRequest> {
  refuseQuery(request)
  const boundary = type.parameters.get('boundary')
  if (boundary === undefined) throw boundaryMissing()
  if (!/^[ -~]{1,70}$/.test(boundary)) {
    throw invalidRequest('Content-Type: expected a boundary of 1 to 70 characters')
  }
  const body = await readBody(request, maxTotalBytes(input) + maxFramingBytes)
  if (body.length === 0) throw imageMissing(input.photos[0])
  const photos = new Map<string, Uint8Array[]>()
  const fields = new Map<string, unknown>()
  for (const part of parseMultipart(body, boundary)) {
    const { name, bytes, isUnfilled } = part
    if (isUnfilled) continue
    if (fields.has(name)) throw sentTwice(name)
    if (isPhoto(part, input)) photos.set(name, [...(photos.get(name) ?? []), bytes])
    else fields.set(name, readTextPart(part))
  }
  return { photos, fields }
}

/** The name decides, whatever type the part has: clients write the most surprising ones. Throws for what cannot be meant. */
function isPhoto({ name, isFile, bytes }: FormPart, input: PhotoInput): boolean {
  const isPhotoField = input.photos.includes(name)
  const isPhoto = isFile || (isPhotoField && formatOf(bytes) !== undefined)
  if (isPhoto !== isPhotoField) throw wrongKind(name, input)
  return isPhoto
}

/** Some clients send every field as JSON: a text in quotes. */
function readTextPart({ name, bytes, isJson }: FormPart): SentText {
  const text = decodeText(bytes, quoteField(name))
  const isQuoted = isJson && text.trimStart().startsWith('"')
  return new SentText(isQuoted ? unquoteJson(text, name) : text)
}

function unquoteJson(text: string, name: string): string {
  try {
    return z.string().parse(JSON.parse(text))
  } catch {
    throw invalidRequest(`${quoteField(name)}: expected JSON, as the part says`)
  }
}

async function unpackJson(request: Request, input: PhotoInput): Promise<UnpackedRequest> {
  refuseQuery(request)
  const maxPhotosBytes = Math.min(maxTotalBytes(input), maxJsonPhotosBytes)
  const declared = declaredLength(request)
  const reader = new PhotoJsonReader(input.many ? [...input.photos, listField] : input.photos, {
    photos: maxPhotos,
    photoBytes: declared === null ? maxPhotosBytes : bytesOfBase64(declared),
    textBytes: maxFramingBytes,
  })
  const maxBytes = base64Length(maxPhotosBytes) + maxFramingBytes
  await readPieces(request, maxBytes, (piece) => reader.append(piece))
  const { text, photos: decoded } = reader.finish()
  const fields = parseJsonObject(text)
  const photoOf = (name: string, value: unknown): Uint8Array => {
    const photo = typeof value === 'string' ? decoded[Number(value)] : undefined
    if (!photo) throw notBase64(name)
    return photo
  }
  const photos = new Map<string, Uint8Array[]>()
  for (const name of input.photos) {
    if (!fields.has(name)) continue
    photos.set(name, [photoOf(name, fields.get(name))])
    fields.delete(name)
  }
  if (input.many && fields.has(listField)) {
    if (photos.size > 0) throw invalidRequest('expected "image" or "images", not both')
    const images = fields.get(listField)
    if (!Array.isArray(images)) throw invalidRequest('field "images": expected an array of photos')
    if (images.length > maxPhotos) throw tooManyImages(images.length)
    photos.set(
      input.photos[0],
      images.map((image, i) => photoOf(`${listField}.${i}`, image)),
    )
    fields.delete(listField)
  }
  return { photos, fields }
}

/** In JSON, of an endpoint that takes many photos. */
const listField = 'images'

/** With a form or JSON the fields are in the body; one in the query string would be lost without a word. */
function refuseQuery(request: Request): void {
  const [name] = readQuery(request).keys()
  if (name === undefined) return
  throw invalidRequest(`${quoteField(name)}: expected in the body, not in the query string`)
}
