/** JPEGs as cameras, servers and bad lines leave them: what is a whole picture is decoded as one, what is not is refused. */
import decodeByMozjpeg, { init } from '@jsquash/jpeg/decode.js'
import { describe, expect, it } from 'vitest'
import type { Codecs } from '../../../src/image/decode/codecs.ts'
import { decodePhoto, openPhoto } from '../../../src/image/decode/decode.ts'
import { paddingOf } from '../../../src/image/decode/jpeg/bit-reader.ts'
import { readJpegFile } from '../../../src/image/decode/jpeg/file/jpeg-file.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { rectangleUpright, turnUpright } from '../../../src/image/turn.ts'
import { addExif, makeTiff } from '../../support/photos/add-exif.ts'
import { asMotionJpeg } from '../../support/photos/jpeg/motion-jpeg.ts'
import { writeJpeg } from '../../support/photos/jpeg/write-jpeg.ts'
import {
  largestDifference,
  makeJpeg,
  makePicture,
  makeRgbPng,
} from '../../support/photos/make-photo.ts'
import { joinBytes } from '../../support/photos/make-png.ts'
import { compileFromPackage, createNodeCodecs } from '../../support/photos/node-codecs.ts'

const codecs: Codecs = createNodeCodecs()
const picture = makePicture(160, 120)
const baseline = await makeJpeg(picture)
const progressive = await makeJpeg(picture, { progressive: true })
const eoi = Uint8Array.of(0xff, 0xd9)

const whole = { baseline: await decode(baseline), progressive: await decode(progressive) }

function decode(photo: Uint8Array): Promise<RgbImage> {
  return decodePhoto(photo, codecs)
}

const refused = { code: 'image_unreadable' }

/** Where the marker stands first. */
function markerAt(photo: Uint8Array, code: number): number {
  const at = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === code)
  if (at < 0) throw new Error(`no marker ${code.toString(16)}`)
  return at
}

function insert(photo: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  return joinBytes(photo.subarray(0, at), Uint8Array.from(bytes), photo.subarray(at))
}

describe('a JPEG that is whole', () => {
  it.each([0xdb, 0xc0, 0xc4, 0xda])(
    'is decoded with stray bytes before marker 0x%s',
    async (code) => {
      expect(await decode(insert(baseline, markerAt(baseline, code), 1, 2, 3))).toEqual(
        whole.baseline,
      )
    },
  )

  it('is decoded with stray bytes or padding before its end marker', async () => {
    const end = baseline.length - 2
    for (const stray of [[1, 2, 3], [0], Array(500).fill(0), Array(40).fill(0x55)]) {
      expect(await decode(insert(baseline, end, ...stray))).toEqual(whole.baseline)
    }
  })

  it('is decoded whatever a camera wrote into the scan parameters that baseline has no use for', async () => {
    const at = markerAt(baseline, 0xda)
    for (const values of [
      [0, 0, 0],
      [1, 63, 0],
      [0, 63, 0x21],
      [255, 255, 255],
    ]) {
      const odd = baseline.slice()
      odd.set(values, at + 2 + ((odd[at + 2]! << 8) | odd[at + 3]!) - 3)
      expect(await decode(odd)).toEqual(whole.baseline)
    }
  })

  it.each(['baseline', 'progressive'] as const)(
    'is decoded without its end marker (%s)',
    async (kind) => {
      const photo = { baseline, progressive }[kind]
      expect(await decode(photo.subarray(0, -2))).toEqual(whole[kind])
      expect(await decode(photo.subarray(0, -1))).toEqual(whole[kind])
    },
  )

  it('is decoded with fill bytes before markers', async () => {
    const filled = insert(baseline, markerAt(baseline, 0xda), 0xff, 0xff)
    expect(await decode(insert(filled, filled.length - 2, 0xff))).toEqual(whole.baseline)
  })

  it('is decoded as red, green and blue when its components are called so', async () => {
    const named = baseline.slice()
    const [sof, sos] = [markerAt(named, 0xc0), markerAt(named, 0xda)]
    const letters = [0x52, 0x47, 0x42]
    letters.forEach((letter, i) => {
      named[sof + 10 + 3 * i] = letter
      named[sos + 5 + 2 * i] = letter
    })
    // With JFIF in front the names mean nothing.
    expect(await decode(named)).toEqual(whole.baseline)
    const app0 = markerAt(named, 0xe0)
    const bare = joinBytes(named.subarray(0, app0), named.subarray(app0 + 18))
    expect(largestDifference(await decode(bare), whole.baseline)).toBeGreaterThan(50)
  })
})

describe('a frame of a Motion JPEG', () => {
  const frame = asMotionJpeg(baseline)

  it('is decoded by the tables of the standard, as other decoders do', async () => {
    expect(frame.some((byte, i) => byte === 0xff && frame[i + 1] === 0xc4)).toBe(false)
    expect(await decode(frame)).toEqual(whole.baseline)
    await init(compileFromPackage('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
    const { data } = await decodeByMozjpeg(frame.slice().buffer)
    const rgb = [...data].filter((_, i) => i % 4 < 3)
    expect(
      largestDifference({ ...whole.baseline, data: Uint8Array.from(rgb) }, whole.baseline),
    ).toBeLessThanOrEqual(4)
  })

  it('can be cut', () => {
    const opened = openPhoto(frame, codecs)
    const [part] = opened.cut([{ x: 32, y: 32, width: 64, height: 64 }])!
    const { image, x, y } = part!(1)
    expect([image.width, image.height, x, y]).toEqual([64, 64, 32, 32])
    for (let row = 0; row < 64; row++) {
      const at = ((y + row) * opened.image.width + x) * 3
      expect(image.data.subarray(row * 64 * 3, (row + 1) * 64 * 3)).toEqual(
        opened.image.data.subarray(at, at + 64 * 3),
      )
    }
  })

  it('is no excuse for a table that was lost, nor for a progressive JPEG without', async () => {
    const lost = baseline.slice()
    lost[markerAt(lost, 0xc4) + 1] = 0xe5
    await expect(decode(lost)).rejects.toMatchObject(refused)
    const bare = progressive.slice()
    bare.forEach((byte, i) => {
      if (byte === 0xff && bare[i + 1] === 0xc4) bare[i + 1] = 0xe5
    })
    await expect(decode(bare)).rejects.toMatchObject(refused)
  })
})

describe('a JPEG whose height stands behind its picture', () => {
  it('is refused by name, as browsers refuse it', async () => {
    const { segment, height } = readJpegFile(baseline).frame
    const late = baseline.slice()
    late.fill(0, segment.start + 5, segment.start + 7)
    const dnl = [0xff, 0xdc, 0, 4, height >> 8, height & 255]
    await expect(decode(insert(late, late.length - 2, ...dnl))).rejects.toMatchObject({
      code: 'image_unsupported',
      message:
        'The JPEG is one whose height stands behind its picture; expected baseline or progressive, 8 bits, grey or colour.',
    })
    await expect(decode(late)).rejects.toMatchObject(refused)
  })
})

describe('the bits that fill up the last byte of a scan', () => {
  const scansOf = (photo: Uint8Array): number[] => readJpegFile(photo).scans.map(({ end }) => end)
  const grey = writeJpeg(picture, { sampling: [[1, 1]] })

  /** With so many of the last bits of a byte as zeros. */
  const zeroed = (photo: Uint8Array, end: number, bits: number): Uint8Array =>
    photo.with(end - 1, photo[end - 1]! & (0xff << bits)) as Uint8Array

  /** How many ones a scan ends with, at most seven: some may be of its last block. */
  function onesBefore(photo: Uint8Array, end: number): number {
    let count = 0
    while (count < 7 && ((photo[end - 1]! >> count) & 1) === 1) count++
    return count
  }

  it('are ones or zeros or none, whatever is left of a byte', () => {
    expect(paddingOf(0b1110_0000 << 24, 3)).toBe('ones')
    expect(paddingOf(0b1110_0000 << 24, 11)).toBe('ones')
    expect(paddingOf(0b0001_1111 << 24, 3)).toBe('zeros')
    expect(paddingOf(0b0110_0000 << 24, 3)).toBe('neither')
    expect(paddingOf(0b0110_0000 << 24, 8)).toBe('nothing')
  })

  it('may be zeros, if they are in all scans', async () => {
    const ends = scansOf(grey)
    const ones = ends.map((end) => onesBefore(grey, end))
    expect(ones.some((count) => count > 1)).toBe(true)
    const all = ends.reduce((photo, end, i) => zeroed(photo, end, ones[i]!), grey)
    expect(await decode(all)).toEqual(await decode(grey))
  })

  it('are damage where they may be a block that is too much', async () => {
    for (const photo of [grey, progressive]) {
      const refusals: unknown[] = []
      for (const end of scansOf(photo)) {
        const ones = onesBefore(photo, end)
        if (ones < 2) continue
        refusals.push(await decode(zeroed(photo, end, 1)).catch((error: unknown) => error))
      }
      expect(refusals.length).toBeGreaterThan(0)
      for (const refusal of refusals)
        expect(refusal).toMatchObject({
          ...refused,
          message: 'The JPEG is damaged: it cannot be decoded.',
        })
    }
  })

  it('do not matter where no unit fits into them', async () => {
    // Six blocks a unit.
    const wide = await makeJpeg(picture, { auto_subsample: false, chroma_subsample: 2 })
    const [end] = scansOf(wide) as [number]
    expect(onesBefore(wide, end)).toBeGreaterThan(1)
    expect(await decode(zeroed(wide, end, 1))).toEqual(await decode(wide))
  })
})

describe('a JPEG of which a part is missing', () => {
  it.each([
    [
      'stray bytes before a table',
      (photo: Uint8Array) => insert(photo, markerAt(photo, 0xdb), 1, 2, 3),
    ],
    [
      'odd scan parameters',
      (photo: Uint8Array) => photo.with(markerAt(photo, 0xda) + 13, 0) as Uint8Array,
    ],
    ['nothing else', (photo: Uint8Array) => photo],
  ])('is refused behind %s, wherever it was cut', async (_, spoil) => {
    const spoilt = spoil(baseline)
    const scan = markerAt(spoilt, 0xda) + 14
    for (let at = scan; at < spoilt.length - 4; at += 7) {
      for (const end of [
        eoi,
        new Uint8Array(0),
        new Uint8Array(spoilt.length - at),
        joinBytes(new Uint8Array(spoilt.length - at), eoi),
      ]) {
        await expect(decode(joinBytes(spoilt.subarray(0, at), end)), `${at}`).rejects.toMatchObject(
          refused,
        )
      }
    }
  })

  it('is refused when bytes are missing in its middle', async () => {
    const scan = markerAt(baseline, 0xda) + 14
    let accepted = 0
    for (let at = scan + 20; at < baseline.length - 80; at += 9) {
      const holed = joinBytes(baseline.subarray(0, at), baseline.subarray(at + 40))
      await decode(holed).then(
        () => accepted++,
        (error) => expect(error).toMatchObject(refused),
      )
    }
    expect(accepted).toBe(0)
  })

  it('is refused when scans are missing, with or without an end marker', async () => {
    const scans = [...progressive.keys()].filter(
      (i) => progressive[i] === 0xff && progressive[i + 1] === 0xda,
    )
    expect(scans.length).toBeGreaterThan(2)
    for (const at of scans.slice(1)) {
      const cut = progressive.subarray(0, at)
      await expect(decode(joinBytes(cut, eoi))).rejects.toMatchObject(refused)
      await expect(decode(cut)).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('cut short'),
      })
    }
  })

  it('is refused when restart intervals came twice, which shifts all that follows', async () => {
    const photo = writeJpeg(picture, { restart: 1 })
    const image = await decode(photo)
    const starts = [...photo.keys()].filter((i) => photo[i] === 0xff && photo[i + 1] === 0xd0)
    const [from, to] = starts.slice(1) as [number, number]
    const twice = joinBytes(photo.subarray(0, to), photo.subarray(from, to), photo.subarray(to))
    await expect(decode(twice)).rejects.toMatchObject(refused)
    // One marker more is what some encoders end with.
    expect(await decode(insert(photo, photo.length - 2, 0xff, 0xd3))).toEqual(image)
  })

  it('is refused when a mean is beyond black and white', async () => {
    const dark = await makeJpeg({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) })
    const table = markerAt(dark, 0xdb) + 5
    await expect(decode(dark)).resolves.toMatchObject({ width: 64 })
    await expect(decode(dark.with(table, 255) as Uint8Array)).rejects.toMatchObject(refused)
  })
})

describe('a part of a JPEG', () => {
  const large = makePicture(2400, 1600)
  const regions = [
    { x: 0, y: 0, width: 50, height: 40 },
    { x: 700, y: 333, width: 200, height: 190 },
    { x: 2350, y: 1500, width: 50, height: 100 },
  ]

  it.each([1, 3, 6, 7] as const)(
    'has the pixels of the photo, which was decoded smaller, at orientation %i',
    async (orientation) => {
      const stored = await makeJpeg(large)
      const opened = openPhoto(addExif('jpeg', stored, makeTiff(orientation)), codecs)
      const fine = turnUpright(codecs.decode('jpeg', stored, 1), orientation)
      expect(opened.shrink).toBe(2)
      expect(opened.image.width).toBe(fine.width / 2)

      const wanted = regions.map((region) => rectangleUpright(region, large, orientation))
      const cuts = opened.cut(wanted)!
      expect(cuts.length).toBe(wanted.length)
      cuts.forEach((cut, i) => {
        const { image, x, y } = cut(1)
        const { x: left, y: top, width, height } = wanted[i]!
        expect(x <= left && y <= top).toBe(true)
        expect(x + image.width >= left + width && y + image.height >= top + height).toBe(true)
        expect(worstInside(image, fine, x, y)).toBe(0)
      })
    },
  )

  it('cannot be had of a progressive JPEG, nor of other formats', async () => {
    expect(openPhoto(progressive, codecs).cut([regions[0]!])).toBeUndefined()
    expect(openPhoto(makeRgbPng(picture), codecs).cut([regions[0]!])).toBeUndefined()
  })
})

/** Largest difference of two samples, but for the border, where the decoder of colours looks at neighbours that a part has not. */
function worstInside(part: RgbImage, photo: RgbImage, x: number, y: number): number {
  let worst = 0
  for (let row = 2; row < part.height - 2; row++) {
    for (let i = 6; i < 3 * (part.width - 2); i++) {
      const inPhoto = photo.data[((row + y) * photo.width + x) * 3 + i]!
      worst = Math.max(worst, Math.abs(part.data[row * part.width * 3 + i]! - inPhoto))
    }
  }
  return worst
}
