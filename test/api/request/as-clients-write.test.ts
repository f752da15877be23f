/** Forms as HTTP libraries write them, header for header and blank for blank: each gives the photo and the field. */
import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import type { PhotoInput } from '../../../src/api/request/photo-input.ts'
import { readPhotoRequest } from '../../../src/api/request/read-photo-request.ts'
import { identityId } from '../../../src/people/person-fields.ts'
import { joinBytes } from '../../support/photos/make-png.ts'

const fields = z.object({ identity: identityId.optional() })
const input: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }
/** Begins like a photo; has line ends, dashes and what ends a form in it. */
const photo = joinBytes(
  Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 13, 10, 45, 45, 0, 13, 10, 45, 45, 88),
)

interface Wire {
  /** Of the request's Content-Type, as it stands there. */
  readonly boundary: string
  /** What separates parts. */
  readonly delimiter: string
  readonly identity: readonly string[]
  readonly image: readonly string[]
  /** Before the first delimiter and behind the last. */
  readonly before?: string
  readonly after?: string
}

const wires: Readonly<Record<string, Wire>> = {
  'curl -F': {
    boundary: '------------------------d74496d66958873e',
    delimiter: '------------------------d74496d66958873e',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: [
      'Content-Disposition: form-data; name="image"; filename="/tmp/über \\"1\\".jpg"',
      'Content-Type: image/jpeg',
    ],
  },
  'Python requests': {
    boundary: '0e3a7d1f5c2b4a9d8e7f6a5b4c3d2e1f',
    delimiter: '0e3a7d1f5c2b4a9d8e7f6a5b4c3d2e1f',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: ['Content-Disposition: form-data; name="image"; filename="probe.jpg"'],
  },
  'Python requests, a file name beyond ASCII': {
    boundary: '0e3a7d1f5c2b4a9d8e7f6a5b4c3d2e1f',
    delimiter: '0e3a7d1f5c2b4a9d8e7f6a5b4c3d2e1f',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: ['Content-Disposition: form-data; name="image"; filename*=utf-8\'\'%C3%BC.jpg'],
  },
  'Python httpx and aiohttp': {
    boundary: '5c2b4a9d8e7f6a5b',
    delimiter: '5c2b4a9d8e7f6a5b',
    identity: [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Disposition: form-data; name="identity"',
    ],
    image: [
      'Content-Type: image/jpeg',
      'Content-Disposition: form-data; name="image"; filename="a.jpg"; filename*=utf-8\'\'a.jpg',
    ],
  },
  'OkHttp 3': {
    boundary: '2a8ae6ad-f4ad-4d9a-a92c-6d217011fe0f',
    delimiter: '2a8ae6ad-f4ad-4d9a-a92c-6d217011fe0f',
    identity: ['Content-Disposition: form-data; name="identity"', 'Content-Length: 3'],
    image: [
      'Content-Disposition: form-data; name="image"; filename="IMG_20260131_120000.jpg"',
      'Content-Type: image/*',
      'Content-Length: 14',
    ],
  },
  'Retrofit, scalars': {
    boundary: '2a8ae6ad-f4ad-4d9a-a92c-6d217011fe0f',
    delimiter: '2a8ae6ad-f4ad-4d9a-a92c-6d217011fe0f',
    identity: [
      'Content-Disposition: form-data; name="identity"',
      'Content-Transfer-Encoding: binary',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Length: 3',
    ],
    image: [
      'Content-Disposition: form-data; name="image"; filename="cache.tmp"',
      'Content-Type: multipart/form-data',
      'Content-Length: 14',
    ],
  },
  'Ktor, a boundary in quotes': {
    boundary: '"-1ed1b8b7d2a94e5a--4f6a1b"',
    delimiter: '-1ed1b8b7d2a94e5a--4f6a1b',
    identity: ['Content-Disposition: form-data; name=identity', 'Content-Length: 3'],
    image: [
      'Content-Disposition: form-data; name=image; filename=photo.jpg',
      'Content-Type: image/jpeg',
      'Content-Length: 14',
    ],
  },
  Alamofire: {
    boundary: 'alamofire.boundary.1f2e3d4c5b6a7988',
    delimiter: 'alamofire.boundary.1f2e3d4c5b6a7988',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: [
      'Content-Disposition: form-data; name="image"; filename="image.jpeg"',
      'Content-Type: image/jpeg',
    ],
  },
  'URLSession, written by hand': {
    boundary: 'Boundary-2A8AE6AD-F4AD-4D9A-A92C-6D217011FE0F',
    delimiter: 'Boundary-2A8AE6AD-F4AD-4D9A-A92C-6D217011FE0F',
    identity: ['Content-Disposition:form-data; name="identity"'],
    image: [
      'Content-Disposition:form-data; name="image"; filename="photo.heic"',
      'Content-Type: "image/heic"',
    ],
    before: '\r\n',
    after: '\r\n\r\n',
  },
  '.NET HttpClient': {
    boundary: '"d1f5c2b4-a9d8-4e7f-a6a5-b4c3d2e1f0e3"',
    delimiter: 'd1f5c2b4-a9d8-4e7f-a6a5-b4c3d2e1f0e3',
    identity: [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Disposition: form-data; name=identity',
    ],
    image: [
      'Content-Disposition: form-data; name=image; filename="=?utf-8?B?w7wuanBn?="; filename*=utf-8\'\'%C3%BC.jpg',
    ],
  },
  'Dart http': {
    boundary: 'dart-http-boundary-aB3.+-_cD4eF5gH6iJ7kL8mN9oP0',
    delimiter: 'dart-http-boundary-aB3.+-_cD4eF5gH6iJ7kL8mN9oP0',
    identity: ['content-disposition: form-data; name="identity"'],
    image: [
      'content-type: application/octet-stream',
      'content-disposition: form-data; name="image"; filename="image_picker_1.jpg"',
    ],
  },
  'Dart http, a field beyond ASCII': {
    boundary: 'dart-http-boundary-x',
    delimiter: 'dart-http-boundary-x',
    identity: [
      'content-disposition: form-data; name="identity"',
      'content-type: text/plain; charset=utf-8',
      'content-transfer-encoding: binary',
    ],
    image: [
      'content-type: image/jpeg',
      'content-disposition: form-data; name="image"; filename=""',
    ],
  },
  'React Native on Android': {
    boundary: 'xX4k-2Zq9wJ7',
    delimiter: 'xX4k-2Zq9wJ7',
    identity: ['content-disposition: form-data; name="identity"', 'Content-Length: 3'],
    image: [
      'content-disposition: form-data; name="image"; filename="photo.jpg"; filename*=utf-8\'\'photo.jpg',
      'content-type: image/jpg',
      'Content-Length: 14',
    ],
  },
  'React Native on iOS': {
    boundary: 'B7C1F2',
    delimiter: 'B7C1F2',
    identity: ['content-disposition: form-data; name="identity"'],
    image: [
      'content-disposition: form-data; name="image"; filename="photo.jpg"',
      'content-type: image/jpeg',
    ],
    after: '',
  },
  'Go mime/multipart': {
    boundary: '4f6a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6',
    delimiter: '4f6a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: [
      'Content-Disposition: form-data; name="image"; filename="a.jpg"',
      'Content-Type: application/octet-stream',
    ],
  },
  'Postman and form-data of Node': {
    boundary: '--------------------------146234125412341234123412',
    delimiter: '--------------------------146234125412341234123412',
    identity: ['Content-Disposition: form-data; name="identity"'],
    image: [
      'Content-Disposition: form-data; name="image"; filename="a.jpg"',
      'Content-Type: image/jpeg',
    ],
    before: 'This is a preamble.\r\n',
    after: '\r\nand an epilogue',
  },
}

function write({ boundary, delimiter, identity, image, before = '', after = '\r\n' }: Wire) {
  const text = (value: string) => new TextEncoder().encode(value)
  const head = (lines: readonly string[]) => text(`--${delimiter}\r\n${lines.join('\r\n')}\r\n\r\n`)
  const body = joinBytes(
    text(before),
    head(identity),
    text('eve\r\n'),
    head(image),
    photo,
    text(`\r\n--${delimiter}--${after}`),
  )
  return new Request('http://facegate.test/', {
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: body as Uint8Array<ArrayBuffer>,
  })
}

describe('a form as it is written by', () => {
  it.each(Object.entries(wires))('%s', async (_, wire) => {
    const { photos, fields: read } = await readPhotoRequest(write(wire), input)
    expect(read).toEqual({ identity: 'eve' })
    expect(photos.map((each) => [...each])).toEqual([[...photo]])
  })
})
