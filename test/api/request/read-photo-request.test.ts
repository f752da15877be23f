import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { fmr } from '../../../src/api/request/fields.ts'
import type { PhotoInput } from '../../../src/api/request/photo-input.ts'
import { readPhotoRequest } from '../../../src/api/request/read-photo-request.ts'
import type { ErrorCode } from '../../../src/errors/error-table.ts'
import { maxPhotoBytes } from '../../../src/image/limits.ts'
import { identityId } from '../../../src/people/person-fields.ts'
import { joinBytes } from '../../support/photos/make-png.ts'

const fields = z.object({ identity: identityId.optional(), fmr: fmr.optional() })
const one: PhotoInput<typeof fields> = { photos: ['image'], many: false, fields }
const pair: PhotoInput<typeof fields> = { photos: ['left', 'right'], many: false, fields }
const many: PhotoInput<typeof fields> = { photos: ['image'], many: true, fields }

const url = 'http://facegate.test/'
/** What begins like a photo, with bytes that base64 writes as + and /. */
const jpegBytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0xfb, 0xef, 0xbe, 0xff, 0x3f, 0, 13, 10, 45)
const file = (text: string) => new File([text], 'a.jpg', { type: 'image/jpeg' })

function form(...entries: [string, string | File][]): Request {
  const body = new FormData()
  for (const [name, value] of entries) body.append(name, value)
  return new Request(url, { method: 'POST', body })
}

function send(body: BodyInit, contentType: string, query = ''): Request {
  return new Request(url + query, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
  })
}

/** File inputs named `image`; the FormData of Node does not write one that nobody filled as browsers do. */
function browserForm(...inputs: string[]): Request {
  const parts = inputs.map(
    (input) => `--B\r\nContent-Disposition: form-data; name="image"${input}\r\n`,
  )
  return send(`${parts.join('')}--B--\r\n`, 'multipart/form-data; boundary=B')
}

const unfilled = '; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'

function json(value: unknown): Request {
  return send(JSON.stringify(value), 'application/json')
}

async function read(request: Request, input: PhotoInput<typeof fields>) {
  const { photos, fields } = await readPhotoRequest(request, input)
  return { photos: photos.map((photo) => new TextDecoder().decode(photo)), fields }
}

describe('the three ways to send a photo give the same', () => {
  const expected = { photos: ['JPEG'], fields: { identity: 'younes', fmr: 0.001 } }
  const base64 = btoa('JPEG')
  it.each([
    ['multipart', () => form(['identity', 'younes'], ['image', file('JPEG')], ['fmr', '0.001'])],
    ['raw JPEG', () => send('JPEG', 'image/jpeg', '?identity=younes&fmr=0.001')],
    ['raw PNG', () => send('JPEG', 'image/png', '?identity=younes&fmr=1e-3')],
    ['raw WebP', () => send('JPEG', 'Image/WebP; q=1', '?identity=younes&fmr=0.001')],
    ['raw bytes', () => send('JPEG', 'application/octet-stream', '?identity=younes&fmr=0.001')],
    ['JSON with base64', () => json({ identity: 'younes', fmr: 0.001, image: base64 })],
    [
      'JSON with a data URI',
      () => json({ identity: 'younes', fmr: 0.001, image: `data:image/jpeg;base64,${base64}` }),
    ],
    [
      'JSON with base64 in lines',
      () =>
        json({
          identity: 'younes',
          fmr: 0.001,
          image: `${base64.slice(0, 4)}\r\n${base64.slice(4)}`,
        }),
    ],
  ])('%s', async (_, request) => {
    expect(await read(request(), one)).toEqual(expected)
  })
})

describe('several photos', () => {
  const parts = (name: string, value: string | Uint8Array, ...headers: string[]) => {
    const head = [`--B`, `Content-Disposition: form-data; ${name}`, ...headers, '', ''].join('\r\n')
    return joinBytes(
      ...[head, value, '\r\n'].map((each) =>
        typeof each === 'string' ? new TextEncoder().encode(each) : each,
      ),
    )
  }
  const end = new TextEncoder().encode('--B--')
  const photoPart = parts('name="image"; filename="a.jpg"', jpegBytes, 'Content-Type: image/jpeg')
  const multipart = (...bodies: Uint8Array[]) =>
    send(joinBytes(...bodies, end), 'multipart/form-data; boundary=B')

  it.each<[string, () => Request]>([
    ...[
      'multipart/form-data; charset=utf-8',
      'application/octet-stream',
      'text/html',
      'application/x-www-form-urlencoded',
      'nonsense',
    ].map((type): [string, () => Request] => [
      `a text field of type ${type}`,
      () => multipart(parts('name="identity"', 'younes', `Content-Type: ${type}`), photoPart),
    ]),
    [
      'text fields as JSON',
      () =>
        multipart(
          parts(
            'name="identity"',
            '"younes"',
            'Content-Type: application/json; charset=UTF-8',
            'Content-Length: 8',
          ),
          photoPart,
        ),
    ],
    [
      'a text field as a blob of JSON',
      () =>
        multipart(
          parts('name="identity"; filename="blob"', '"younes"', 'Content-Type: application/json'),
          photoPart,
        ),
    ],
    [
      'a file name with blanks, not quoted',
      () =>
        multipart(
          parts('name=identity', 'younes'),
          parts("name=image; filename=my photo.jpg; filename*=utf-8''my%20photo.jpg", jpegBytes),
        ),
    ],
    [
      'a photo without file name or type',
      () => multipart(parts('name="identity"', 'younes'), parts('name="image"', jpegBytes)),
    ],
    [
      'a photo of a type that it is not',
      () =>
        multipart(
          parts('name="identity"', 'younes'),
          parts('name="image"', jpegBytes, 'Content-Type: text/plain'),
        ),
    ],
    ...[
      'image/jpg',
      'image/pjpeg',
      'image/x-png',
      'image/*',
      'binary/octet-stream',
      'application/x-www-form-urlencoded',
      'text/plain',
    ].map((type): [string, () => Request] => [
      `a raw body of type ${type}`,
      () => send(jpegBytes, type, '?identity=younes'),
    ]),
    [
      'a raw body of no type',
      () => new Request(`${url}?identity=younes`, { method: 'POST', body: jpegBytes }),
    ],
    ...[
      (base64: string) => ` data:image/jpeg;base64,${base64}`,
      (base64: string) => `\r\ndata:image/jpeg; base64,${base64}`,
      (base64: string) => `DATA:IMAGE/JPEG;BASE64,${base64}`,
      (base64: string) => `data:;base64,${base64}`,
      (base64: string) => `data:image/jpeg;charset=utf-8;base64,\n${base64}\n`,
      (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_'),
      (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      (base64: string) => base64.replaceAll('=', ''),
    ].map((write, i): [string, () => Request] => [
      `base64 written in way ${i + 1}`,
      () => json({ identity: 'younes', image: write(btoa(String.fromCharCode(...jpegBytes))) }),
    ]),
  ])('%s', async (_, request) => {
    const { photos, fields } = await readPhotoRequest(request(), one)
    expect(fields).toEqual({ identity: 'younes' })
    expect(photos.map((photo) => [...photo])).toEqual([[...jpegBytes]])
  })

  it.each(['gzip', 'x-gzip', 'deflate', 'GZIP'])('compressed with %s', async (encoding) => {
    const format = encoding === 'deflate' ? 'deflate' : 'gzip'
    for (const [body, type] of [
      [new Blob([jpegBytes]), 'image/jpeg'],
      [
        new Blob([JSON.stringify({ image: btoa(String.fromCharCode(...jpegBytes)) })]),
        'application/json',
      ],
    ] as const) {
      const packed = await new Response(
        body.stream().pipeThrough(new CompressionStream(format)),
      ).arrayBuffer()
      const request = new Request(url, {
        method: 'POST',
        headers: { 'Content-Type': type, 'Content-Encoding': encoding },
        body: packed,
      })
      const { photos } = await readPhotoRequest(request, one)
      expect([...photos[0]!]).toEqual([...jpegBytes])
    }
  })

  it('not when they grow beyond the limit, are packed otherwise, or are not packed', async () => {
    const zeros = new Blob([new Uint8Array(maxPhotoBytes + 1)])
    const bomb = await new Response(
      zeros.stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer()
    const sendPacked = (body: BodyInit, encoding: string) =>
      readPhotoRequest(
        new Request(url, {
          method: 'POST',
          headers: { 'Content-Type': 'image/jpeg', 'Content-Encoding': encoding },
          body,
        }),
        one,
      )
    await expect(sendPacked(bomb, 'gzip')).rejects.toMatchObject({ code: 'image_too_large' })
    await expect(sendPacked(bomb, 'br')).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'Content-Encoding: expected gzip, x-gzip, deflate or none',
    })
    await expect(sendPacked(jpegBytes, 'gzip')).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('Content-Encoding'),
    })
  })

  it('come in the order of the fields for a pair', async () => {
    const sent = form(['right', file('R')], ['left', file('L')])
    expect((await read(sent, pair)).photos).toEqual(['L', 'R'])
    const packed = json({ right: btoa('R'), left: btoa('L') })
    expect((await read(packed, pair)).photos).toEqual(['L', 'R'])
  })

  it('come in the order sent for an enrollment', async () => {
    const sent = form(['image', file('1')], ['image', file('2')], ['image', file('3')])
    expect((await read(sent, many)).photos).toEqual(['1', '2', '3'])
    const packed = json({ images: [btoa('1'), btoa('2')] })
    expect((await read(packed, many)).photos).toEqual(['1', '2'])
  })

  it('are those of the inputs that somebody filled, of a form with several', async () => {
    const [first, second] = ['; filename="1.jpg"\r\n\r\n1', '; filename="2.jpg"\r\n\r\n2']
    expect((await read(browserForm(unfilled, first), one)).photos).toEqual(['1'])
    expect((await read(browserForm(second, unfilled), one)).photos).toEqual(['2'])
    expect((await read(browserForm(first, unfilled, second), many)).photos).toEqual(['1', '2'])
  })

  it('may be one', async () => {
    expect((await read(json({ image: btoa('1') }), many)).photos).toEqual(['1'])
    expect((await read(send('1', 'image/jpeg'), many)).photos).toEqual(['1'])
  })
})

describe('what does not follow the contract is refused by name', () => {
  const tenAndOne = Array.from({ length: 11 }, (_, i): [string, File] => ['image', file(`${i}`)])
  it.each<[string, () => Request, PhotoInput<typeof fields>, ErrorCode, string]>([
    ['no body', () => new Request(url, { method: 'POST' }), one, 'image_missing', '"image"'],
    ['an empty raw body', () => send('', 'image/jpeg'), one, 'image_missing', '"image"'],
    [
      'a form without the photo',
      () => form(['identity', 'younes']),
      one,
      'image_missing',
      '"image"',
    ],
    [
      'a form without the second photo',
      () => form(['left', file('L')]),
      pair,
      'image_missing',
      '"right"',
    ],
    ['an empty file', () => form(['image', file('')]), one, 'image_missing', '"image"'],
    [
      'an empty file beside a photo',
      () => form(['image', file('1')], ['image', file('')]),
      many,
      'image_missing',
      '"image"',
    ],
    [
      'a file input that nobody filled',
      () => browserForm(unfilled),
      one,
      'image_missing',
      '"image"',
    ],
    ['JSON without the photo', () => json({ identity: 'younes' }), one, 'image_missing', '"image"'],
    ['JSON with an empty photo', () => json({ image: '' }), one, 'image_missing', '"image"'],
    ['JSON with an empty list', () => json({ images: [] }), many, 'image_missing', '"image"'],
    [
      'an empty form body',
      () => send('', 'multipart/form-data; boundary=B'),
      one,
      'image_missing',
      '"image"',
    ],

    [
      'text where a file is expected',
      () => form(['image', 'JPEG']),
      one,
      'invalid_request',
      'field "image": expected a file (a part with a file name), such as curl sends for image=@photo.jpg',
    ],
    [
      'a file where text is expected',
      () => form(['identity', file('younes')], ['image', file('J')]),
      one,
      'invalid_request',
      'field "identity"',
    ],
    [
      'the photo twice',
      () => form(['image', file('1')], ['image', file('2')]),
      one,
      'invalid_request',
      'field "image": sent twice',
    ],
    [
      'a text field twice',
      () => form(['identity', 'a'], ['identity', 'a'], ['image', file('J')]),
      one,
      'invalid_request',
      'field "identity": sent twice',
    ],
    [
      'a query field twice',
      () => send('J', 'image/jpeg', '?fmr=0.1&fmr=0.1'),
      one,
      'invalid_request',
      'field "fmr": sent twice',
    ],
    [
      'an unknown field',
      () => json({ image: btoa('J'), threshold: 0.9 }),
      one,
      'invalid_request',
      'field "threshold": not a field',
    ],
    [
      'an unknown query field',
      () => send('J', 'image/jpeg', '?key=test-app-key'),
      one,
      'invalid_request',
      'field "key": not a field',
    ],
    [
      'a query string beside a form',
      () => new Request(`${url}?fmr=0.1`, form(['image', file('J')])),
      one,
      'invalid_request',
      'field "fmr": expected in the body',
    ],
    [
      'a query string beside JSON',
      () =>
        new Request(`${url}?fmr=0.1`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ image: btoa('J') }),
        }),
      one,
      'invalid_request',
      'field "fmr": expected in the body',
    ],
    [
      'the list where one is expected',
      () => json({ images: [btoa('J')] }),
      one,
      'invalid_request',
      'field "images": not a field',
    ],
    [
      'both image and images',
      () => json({ image: btoa('J'), images: [btoa('J')] }),
      many,
      'invalid_request',
      'not both',
    ],
    [
      'images that are no list',
      () => json({ images: btoa('J') }),
      many,
      'invalid_request',
      'field "images": expected an array',
    ],
    [
      'a list with a number in it',
      () => json({ images: [btoa('J'), 5] }),
      many,
      'invalid_request',
      'field "images.1"',
    ],
    [
      'a photo that is no text',
      () => json({ image: { data: 'x' } }),
      one,
      'invalid_request',
      'field "image"',
    ],
    ['a photo that is null', () => json({ image: null }), one, 'invalid_request', 'field "image"'],
    [
      'a photo that is not base64',
      () => json({ image: 'not*base64' }),
      one,
      'invalid_request',
      'field "image"',
    ],
    [
      'base64 of an impossible length',
      () => json({ image: 'AAAAA' }),
      one,
      'invalid_request',
      'field "image"',
    ],
    [
      'a data URI without base64',
      () => json({ image: 'data:image/jpeg,JPEG' }),
      one,
      'invalid_request',
      'field "image"',
    ],
    [
      'a data URI without data',
      () => json({ image: 'data:image/jpeg;base64' }),
      one,
      'invalid_request',
      'field "image"',
    ],
    [
      'a URL instead of a photo',
      () => json({ image: 'https://example.com/a.jpg' }),
      one,
      'invalid_request',
      'field "image"',
    ],
    [
      'a number as text in JSON',
      () => json({ image: btoa('J'), fmr: '0.1' }),
      one,
      'invalid_request',
      'field "fmr"',
    ],
    [
      'null for an optional field',
      () => json({ image: btoa('J'), fmr: null }),
      one,
      'invalid_request',
      'field "fmr"',
    ],
    [
      'broken JSON',
      () => send('{"image":', 'application/json'),
      one,
      'invalid_request',
      'body: expected JSON',
    ],
    ['JSON that is a list', () => json([]), one, 'invalid_request', 'body: expected a JSON object'],
    ['JSON that is null', () => json(null), one, 'invalid_request', 'body: expected a JSON object'],
    [
      'JSON that is not UTF-8',
      () => send(new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json'),
      one,
      'invalid_request',
      'UTF-8',
    ],
    [
      'a text field that is not UTF-8',
      () =>
        send(
          new Uint8Array([
            ...new TextEncoder().encode(
              '--B\r\nContent-Disposition: form-data; name="identity"\r\n\r\n',
            ),
            0xff,
            ...new TextEncoder().encode('\r\n--B--'),
          ]),
          'multipart/form-data; boundary=B',
        ),
      one,
      'invalid_request',
      'field "identity": expected text in UTF-8',
    ],
    [
      'a broken form',
      () => send('hello', 'multipart/form-data; boundary=B'),
      one,
      'invalid_request',
      'Malformed multipart',
    ],
    [
      'a form without a boundary',
      () => send('--B--', 'multipart/form-data'),
      one,
      'invalid_request',
      'leave the header to the library',
    ],
    [
      'a form with an endless boundary',
      () => send('--B--', `multipart/form-data; boundary=${'B'.repeat(71)}`),
      one,
      'invalid_request',
      'boundary',
    ],
    [
      'a URL-encoded form',
      () => send('image=abc', 'application/x-www-form-urlencoded'),
      one,
      'invalid_request',
      'Content-Type: expected one of',
    ],
    [
      'no content type',
      () => new Request(url, { method: 'POST', body: new Uint8Array(3) }),
      one,
      'invalid_request',
      'Content-Type: expected one of',
    ],
    [
      'a content type that is none',
      () => send('J', ';;'),
      one,
      'invalid_request',
      'Content-Type: expected one of',
    ],
    [
      'JSON under the type that `curl -d` names',
      () => send('{"image":"abc"}', 'application/x-www-form-urlencoded'),
      one,
      'invalid_request',
      'Content-Type: the body is JSON, expected application/json',
    ],
    [
      'one raw photo where two are expected',
      () => send('J', 'image/jpeg'),
      pair,
      'invalid_request',
      'Content-Type: expected one of multipart/form-data, application/json',
    ],
    ['eleven photos in a form', () => form(...tenAndOne), many, 'too_many_images', '11 photos'],
    [
      'eleven photos in JSON',
      () => json({ images: Array(11).fill('*') }),
      many,
      'too_many_images',
      '11 photos',
    ],
    ['a raw GIF', () => send('GIF89a', 'image/gif'), one, 'image_unsupported', 'JPEG, PNG or WebP'],
    [
      'a raw HEIC',
      () => send('ftypheic', 'image/heic'),
      many,
      'image_unsupported',
      'JPEG, PNG or WebP',
    ],
  ])('%s', async (_, request, input, code, detail) => {
    await expect(readPhotoRequest(request(), input)).rejects.toMatchObject({
      name: 'FaceError',
      code,
      message: expect.stringContaining(detail),
    })
  })
})

describe('a photo may have 8 MiB', () => {
  const full = 'x'.repeat(maxPhotoBytes)
  const over = `${full}x`
  it.each([
    ['raw', (photo: string) => send(photo, 'image/jpeg')],
    ['multipart', (photo: string) => form(['image', file(photo)])],
    ['JSON', (photo: string) => json({ image: btoa(photo) })],
  ])('and not a byte more: %s', async (_, request) => {
    const { photos } = await readPhotoRequest(request(full), one)
    expect(photos[0]).toHaveLength(maxPhotoBytes)
    await expect(readPhotoRequest(request(over), one)).rejects.toMatchObject({
      code: 'image_too_large',
    })
  })

  it('each of several, and 24 MiB together', async () => {
    const three: [string, File][] = [1, 2, 3].map(() => ['image', file(full)])
    expect((await readPhotoRequest(form(...three), many)).photos).toHaveLength(3)
    await expect(
      readPhotoRequest(form(...three, ['image', file('x')]), many),
    ).rejects.toMatchObject({
      code: 'image_too_large',
      message: expect.stringContaining('together'),
    })
    await expect(readPhotoRequest(form(['image', file(over)]), many)).rejects.toMatchObject({
      code: 'image_too_large',
      message: expect.stringContaining('field "image"'),
    })
  })

  it('and 12 MiB together in JSON', async () => {
    const half = btoa('x'.repeat(maxPhotoBytes / 2))
    expect(
      (await readPhotoRequest(json({ images: [half, half, half] }), many)).photos,
    ).toHaveLength(3)
    await expect(
      readPhotoRequest(json({ images: [half, half, half, half] }), many),
    ).rejects.toMatchObject({ code: 'image_too_large' })
  })
})
