/** Photos as phones, cameras and HTTP libraries send them, through /verify of the real bundle: each is the person, or is refused by name. */
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { turnUpright } from '../../../src/image/turn.ts'
import { addExif, exifName, makeTiff } from '../../support/photos/add-exif.ts'
import { writeJpeg } from '../../support/photos/jpeg/write-jpeg.ts'
import { makeJpeg, makeRgbPng } from '../../support/photos/make-photo.ts'
import { joinBytes } from '../../support/photos/make-png.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { placePortrait } from '../../support/photos/place-portrait.ts'
import { probeFile, readPhoto } from '../../support/photos/sample-photos.ts'
import { bundleKeys, enrollSamples, useBundle } from '../../support/running/real-bundle.ts'

const bundle = useBundle({ vars: { DETAIL: 'scores', ATTEMPTS_PER_HOUR: '10000' } })
let probe: Uint8Array
let portrait: RgbImage

beforeAll(async () => {
  probe = await readPhoto(probeFile)
  portrait = await decodePhoto(probe, createNodeCodecs())
  await enrollSamples(bundle)
})

interface Answer {
  readonly status: number
  readonly code?: string
  readonly detail?: string
  readonly decision?: string
  readonly distance?: number
  readonly face?: { readonly rotation: number }
}

async function send(
  body: BodyInit,
  headers: Record<string, string> = {},
  path = '/verify?identity=eve',
): Promise<Answer> {
  const response = await fetch(new URL(path, bundle.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${bundleKeys.admin}`, ...headers },
    body,
  })
  return { ...(await response.json<Answer>()), status: response.status }
}

const asBlob = (bytes: Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>])

/** The portrait, so many pixels wide, in the middle of a grey photo. */
function placed(width: number, height: number, side: number): RgbImage {
  const square = placePortrait(portrait, width, height, side)
  return { width, height, data: new Uint8Array(square.map((value) => Math.round(value || 120))) }
}

function markerAt(photo: Uint8Array, code: number): number {
  return photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === code)
}

const stray = (photo: Uint8Array): Uint8Array => {
  const at = markerAt(photo, 0xdb)
  return joinBytes(photo.subarray(0, at), Uint8Array.of(1, 2, 3), photo.subarray(at))
}
const badScan = (photo: Uint8Array): Uint8Array =>
  photo.with(markerAt(photo, 0xda) + 12, 0) as Uint8Array
const cutAt = (photo: Uint8Array, share: number): Uint8Array =>
  joinBytes(photo.subarray(0, Math.floor(photo.length * share)), Uint8Array.of(0xff, 0xd9))

/** Nine bytes of padding before each restart marker. */
function padRestarts(photo: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = []
  let from = 0
  for (let at = markerAt(photo, 0xda); at < photo.length - 1; at++) {
    if (photo[at] !== 0xff || (photo[at + 1]! & 0xf8) !== 0xd0) continue
    pieces.push(photo.subarray(from, at), new Uint8Array(9).fill(0x55))
    from = at
  }
  return joinBytes(...pieces, photo.subarray(from))
}

describe('a photo is the person', () => {
  const baseline = () => writeJpeg(portrait)
  const long = (tiff: Uint8Array): Uint8Array => {
    const view = new DataView(tiff.buffer)
    view.setUint16(12, 4)
    view.setUint32(18, 6)
    return tiff
  }
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['a baseline JPEG', baseline],
    ['without its end marker', () => baseline().subarray(0, -2)],
    ['with bad scan parameters', () => badScan(baseline())],
    ['with stray bytes before a table', () => stray(baseline())],
    [
      'with padding before each restart marker',
      () => padRestarts(writeJpeg(portrait, { restart: 29 })),
    ],
    [
      'of 12 megapixels, held upright',
      () => makeJpeg(placed(3024, 4032, 1800), { progressive: false }),
    ],
    [
      'of 12 megapixels, progressive',
      () => makeJpeg(placed(4032, 3024, 1800), { progressive: true, quality: 80 }),
    ],
    [
      'of 24 megapixels, progressive, colours as fine as the light',
      () => makeJpeg(placed(5712, 4284, 2400), { progressive: true, quality: 92 }),
    ],
    [
      'of 24 megapixels',
      () => makeJpeg(placed(5712, 4284, 2400), { progressive: false, quality: 70 }),
    ],
    [
      'of 3 megapixels, progressive',
      () => makeJpeg(placed(1512, 2016, 900), { progressive: true }),
    ],
    ['as a screenshot, PNG of 1170x2532', () => makeRgbPng(placed(1170, 2532, 430))],
    [
      'with an orientation as LONG',
      async () => addExif('jpeg', await makeJpeg(turnUpright(portrait, 8)), long(makeTiff(6))),
    ],
    [
      'a PNG with the name Exif in its eXIf',
      () => addExif('png', makeRgbPng(turnUpright(portrait, 5)), joinBytes(exifName, makeTiff(5))),
    ],
  ])('%s', async (_, make) => {
    const photo = await make()
    // A large one takes long to make, and the connection is closed meanwhile; this request may be repeated.
    await bundle.admin.get('/health')
    const answer = await send(asBlob(photo), { 'Content-Type': 'image/jpeg' })
    expect(answer).toMatchObject({ status: 200, decision: 'match', face: { rotation: 0 } })
  })
})

describe('a photo is refused', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, number, string]>([
    [
      'half of it, behind bad scan parameters',
      () => cutAt(badScan(writeJpeg(portrait)), 0.5),
      400,
      'image_unreadable',
    ],
    ['four fifths of it', () => cutAt(badScan(writeJpeg(portrait)), 0.8), 400, 'image_unreadable'],
    [
      'half of it, behind stray bytes',
      () => cutAt(stray(writeJpeg(portrait)), 0.5),
      400,
      'image_unreadable',
    ],
    [
      'fractional sampling',
      () =>
        writeJpeg(portrait, {
          sampling: [
            [3, 1],
            [2, 1],
            [1, 1],
          ],
        }),
      415,
      'image_unsupported',
    ],
    ['31 x 31 pixels', () => makeJpeg(placed(31, 31, 31)), 422, 'face_too_small'],
    [
      'a HEIC, whatever it is called',
      () => new TextEncoder().encode('\0\0\0\x18ftypmif1\0\0\0\0mif1heic'),
      415,
      'image_unsupported',
    ],
  ])('%s', async (_, make, status, code) => {
    expect(await send(asBlob(await make()), { 'Content-Type': 'image/jpeg' })).toMatchObject({
      status,
      code,
    })
  })

  it('of 48 megapixels, and it is said what would do', async () => {
    const photo = writeJpeg(placed(64, 64, 64))
    const frame = markerAt(photo, 0xc0)
    photo.set([6048 >> 8, 6048 & 255, 8064 >> 8, 8064 & 255], frame + 5)
    expect(await send(asBlob(photo), { 'Content-Type': 'image/jpeg' })).toMatchObject({
      status: 413,
      code: 'image_too_large',
      detail: expect.stringContaining('1,280 pixels'),
      hint: expect.stringContaining('1,280 pixels'),
    })
  })
})

describe('a request with the photo as it is', () => {
  const part = (head: string, body: string | Uint8Array): Uint8Array =>
    joinBytes(
      ...[`--XX\r\n${head}\r\n\r\n`, body, '\r\n'].map((each) =>
        typeof each === 'string' ? new TextEncoder().encode(each) : each,
      ),
    )
  const form = (...parts: Uint8Array[]): Promise<Answer> =>
    send(
      asBlob(joinBytes(...parts, new TextEncoder().encode('--XX--\r\n'))),
      { 'Content-Type': 'multipart/form-data; boundary=XX' },
      '/verify',
    )
  const image = () =>
    part(
      'Content-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg',
      probe,
    )
  const base64 = () => Buffer.from(probe).toString('base64')
  const json = (text: string, headers = {}): Promise<Answer> =>
    send(
      JSON.stringify({ identity: 'eve', image: text }),
      { 'Content-Type': 'application/json', ...headers },
      '/verify',
    )

  it.each<[string, () => Promise<Answer>]>([
    ...[
      'image/jpg',
      'image/pjpeg',
      'image/x-png',
      'image/*',
      'binary/octet-stream',
      'application/x-www-form-urlencoded',
    ].map((type): [string, () => Promise<Answer>] => [
      `as ${type}`,
      () => send(asBlob(probe), { 'Content-Type': type }),
    ]),
    ['of no type', () => send(asBlob(probe))],
    [
      'compressed',
      () =>
        send(asBlob(gzipSync(probe)), { 'Content-Type': 'image/jpeg', 'Content-Encoding': 'gzip' }),
    ],
    [
      'as compressed JSON',
      () =>
        send(
          asBlob(gzipSync(JSON.stringify({ identity: 'eve', image: base64() }))),
          { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
          '/verify',
        ),
    ],
    [
      'in Retrofit’s RequestBody',
      () =>
        form(
          part(
            'Content-Disposition: form-data; name="identity"\r\nContent-Transfer-Encoding: binary\r\nContent-Type: multipart/form-data; charset=utf-8\r\nContent-Length: 3',
            'eve',
          ),
          image(),
        ),
    ],
    [
      'in Retrofit’s Gson',
      () =>
        form(
          part(
            'Content-Disposition: form-data; name="identity"\r\nContent-Type: application/json; charset=UTF-8',
            '"eve"',
          ),
          image(),
        ),
    ],
    [
      'by .NET, file name with blanks',
      () =>
        form(
          part('Content-Disposition: form-data; name=identity', 'eve'),
          part(
            "Content-Disposition: form-data; name=image; filename=my photo.jpg; filename*=utf-8''my%20photo.jpg",
            probe,
          ),
        ),
    ],
    ['as a data URI with a blank first', () => json(` data:image/jpeg;base64,${base64()}`)],
    ['as a data URI with a blank inside', () => json(`data:image/jpeg; base64,${base64()}`)],
    ['as a data URI in capitals', () => json(`DATA:image/jpeg;BASE64,${base64()}`)],
    ['in base64url', () => json(Buffer.from(probe).toString('base64url'))],
  ])('%s', async (_, request) => {
    expect(await request()).toMatchObject({ status: 200, decision: 'match' })
  })

  it('lacks its boundary, and it is said why', async () => {
    const answer = await send(asBlob(image()), { 'Content-Type': 'multipart/form-data' }, '/verify')
    expect(answer).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: expect.stringContaining('leave the header to the library'),
    })
  })
})
