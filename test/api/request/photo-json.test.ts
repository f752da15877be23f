/** Photos in JSON, read as they come: what JSON.parse and atob make of the whole text, whatever pieces it came in. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { PhotoJsonReader } from '../../../src/api/request/json/photo-json.ts'
import { PhotoText } from '../../../src/api/request/json/photo-text.ts'

const limits = { photos: 10, photoBytes: 1000, textBytes: 64 * 1024 }

function read(text: string | Uint8Array, cuts: readonly number[] = [], names = ['image']) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const reader = new PhotoJsonReader(names, limits)
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    reader.append(bytes.slice(from, end))
    from = end
  }
  const { text: rest, photos } = reader.finish()
  return { rest: new TextDecoder().decode(rest), photos }
}

function atobOrNull(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

const cuts = fc.array(fc.nat(2000), { maxLength: 6 })

describe('photos in JSON', () => {
  it('are the bytes that were encoded, in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), cuts, fc.boolean(), (bytes, cuts, isUri) => {
        const base64 = Buffer.from(bytes).toString('base64')
        const image = isUri ? `data:image/jpeg;base64,${base64}` : base64
        const { rest, photos } = read(JSON.stringify({ identity: 'eve', image, fmr: 1 }), cuts)
        expect(JSON.parse(rest)).toEqual({ identity: 'eve', image: '0', fmr: 1 })
        expect(photos.map((photo) => photo && [...photo])).toEqual([[...bytes]])
      }),
    )
  })

  it('are what atob makes of any text, or nothing', () => {
    const almost = fc.string({
      unit: fc.constantFrom(...'ABCxyz059+/=\n\r\t ', '-', '*', 'é', '"', '\\'),
      maxLength: 24,
    })
    fc.assert(
      fc.property(almost, cuts, (image, cuts) => {
        const wanted = atobOrNull(image.replaceAll('-', '+'))
        const [photo] = read(JSON.stringify({ image }), cuts).photos
        expect(photo && [...photo]).toEqual(wanted && [...wanted])
      }),
      { numRuns: 2000 },
    )
  })

  it('may have their characters escaped, as PHP and .NET write them', () => {
    const bytes = Uint8Array.of(0xfb, 0xff, 0xbf, 0xff, 0xfe)
    const base64 = Buffer.from(bytes).toString('base64')
    expect(base64).toBe('+/+///4=')
    const written = [
      base64.replaceAll('/', '\\/'),
      base64.replaceAll('+', '\\u002B').replaceAll('/', '\\u002f'),
      [...base64].join('\\r\\n'),
      base64.replaceAll('+', '\\u002d').replaceAll('/', '_').replaceAll('=', ''),
    ]
    for (const text of written) {
      for (let cut = 0; cut < 20; cut++) {
        expect(read(`{"image":"${text}"}`, [cut]).photos, text).toEqual([bytes])
      }
    }
  })

  it('cost no call for each escape', () => {
    const append = vi.spyOn(PhotoText.prototype, 'append')
    const [photo] = read(`{"image":"${'\\u0041\\n'.repeat(4000)}"}`, [7, 20_001]).photos
    expect(photo).toEqual(new Uint8Array(3000))
    expect(append.mock.calls.length).toBeLessThan(5)
    append.mockRestore()
  })

  it.each(['\\u0141AAA', '\\u41zzAA', '\\xAAA', '\\u00e9AAA'])(
    'are none with the escape of what is no base64, or with none that JSON knows: %s',
    (image) => {
      expect(read(`{"image":"${image}"}`, [14]).photos).toEqual([null])
    },
  )

  it('stand where they are expected, under their names only', () => {
    const names = ['image', 'images']
    const photosOf = (text: string): (string | null)[] =>
      read(text, [], names).photos.map((photo) => photo && Buffer.from(photo).toString('base64'))
    expect(photosOf('{"images":["QUFB","QkJC"],"image":"Q0ND"}')).toEqual(['QUFB', 'QkJC', 'Q0ND'])
    expect(photosOf('{"im\\u0061ge":"QUFB"}')).toEqual(['QUFB'])
    expect(photosOf('{"name":"image","x":["image"],"y":{"image":"QUFB"}}')).toEqual([])
    expect(photosOf('["image","QUFB"]')).toEqual([])
    expect(photosOf('{"image":{"image":"QUFB"},"\\"image":"QUFB"}')).toEqual([])
    expect(photosOf('{"image":"!"}')).toEqual([null])
  })

  it('leave a text that is as wrong as it was', () => {
    for (const text of [
      '{"image":"QUFB',
      '{"image":"QUFB"',
      '{"image":"QUFB"}}',
      '{"image" "QUFB"}',
      '{"a":"b',
    ]) {
      expect(() => JSON.parse(read(text).rest), text).toThrow(SyntaxError)
    }
    expect(read('{"image":12,"a":"b"}').rest).toBe('{"image":12,"a":"b"}')
  })

  it('are decoded ten at most, and a long text under another name is not kept', () => {
    const many = read(JSON.stringify({ images: Array(12).fill('QUFB') }), [], ['images'])
    expect(many.photos).toHaveLength(10)
    expect(JSON.parse(many.rest).images.slice(9)).toEqual(['9', null, null])
    const { rest } = read(JSON.stringify({ photo: 'A'.repeat(200_000), identity: 'eve' }))
    expect(JSON.parse(rest)).toEqual({ photo: null, identity: 'eve' })
    expect(() => read(`{"a":${'1'.repeat(100_000)}}`)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: 'body: expected at most 65536 bytes besides the photos',
      }),
    )
  })
})
