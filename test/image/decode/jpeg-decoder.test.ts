/** Our decoder of JPEGs against mozjpeg's, and its verdict on damage against the walk over the scans in JavaScript. */
import decodeByMozjpeg, { init } from '@jsquash/jpeg/decode.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import type { Decoder } from '../../../src/image/decode/decoder.ts'
import type { Shrink } from '../../../src/image/decode/format-header.ts'
import { type JpegFile, readJpegFile } from '../../../src/image/decode/jpeg/file/jpeg-file.ts'
import { places } from '../../../src/image/decode/jpeg/file/zigzag.ts'
import { startJpegDecoder } from '../../../src/image/decode/jpeg/jpeg-decoder.ts'
import { misfittedJpeg, shiftedJpeg } from '../../../src/image/decode/jpeg/jpeg-faults.ts'
import { sequentialBlocks } from '../../../src/image/decode/jpeg/sequential-blocks.ts'
import { transformSteps } from '../../../src/image/decode/jpeg/transform-steps.ts'
import { walkScan } from '../../../src/image/decode/jpeg/walk-scan.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { addJpegSegment } from '../../support/photos/add-exif.ts'
import { walkJpeg } from '../../support/photos/jpeg/progressive-blocks.ts'
import { writeJpeg } from '../../support/photos/jpeg/write-jpeg.ts'
import { makeJpeg, makePicture } from '../../support/photos/make-photo.ts'
import { joinBytes } from '../../support/photos/make-png.ts'
import { compileFromPackage, nodeCodecModules } from '../../support/photos/node-codecs.ts'
import { drawImage } from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'

let decoder: Decoder
beforeAll(async () => {
  decoder = startJpegDecoder(nodeCodecModules.jpeg)
  await init(compileFromPackage('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
})

const random = seededRandom(7)
const noise = (width: number, height: number): RgbImage =>
  drawImage(width, height, () => [random() * 256, random() * 256, random() * 256])

/** In how many numbers two pictures differ by more than `most`, and by how much at most. */
function compare(image: RgbImage, rgba: ArrayLike<number>, most: number) {
  let [beyond, largest] = [0, 0]
  image.data.forEach((value, i) => {
    const difference = Math.abs(value - rgba[Math.floor(i / 3) * 4 + (i % 3)]!)
    if (difference > most) beyond++
    largest = Math.max(largest, difference)
  })
  return { beyond, largest }
}

describe('the JPEG decoder', () => {
  const colours = { auto_subsample: false, progressive: false }
  it.each([
    ['chroma as fine as luma', { ...colours, chroma_subsample: 1 }],
    ['chroma of half the width and height', { ...colours, chroma_subsample: 2 }],
    ['coarse steps', { ...colours, quality: 20 }],
    ['fine steps', { ...colours, quality: 100 }],
    ['one component', { ...colours, color_space: 1 }],
    ['progressive', { ...colours, progressive: true, chroma_subsample: 2 }],
    ['progressive, chroma as fine as luma', { ...colours, progressive: true, chroma_subsample: 1 }],
    ['progressive, coarse steps', { ...colours, progressive: true, quality: 20 }],
    ['progressive, fine steps', { ...colours, progressive: true, quality: 100 }],
    ['progressive, one component', { ...colours, progressive: true, color_space: 1 }],
  ])('gives the pixels of mozjpeg: %s', async (_, options) => {
    const sides = [
      [1, 1],
      [7, 9],
      [16, 16],
      [33, 17],
      [250, 130],
    ] as const
    for (const [width, height] of sides) {
      for (const picture of [makePicture(width, height), noise(width, height)]) {
        const jpeg = await makeJpeg(picture, options)
        const wanted = await decodeByMozjpeg(jpeg.slice().buffer)
        const image = decoder.decode(jpeg, 1)
        expect([image.width, image.height]).toEqual([width, height])
        const { beyond, largest } = compare(image, wanted.data, 2)
        expect(beyond).toBeLessThanOrEqual(2 + image.data.length / 500)
        expect(largest).toBeLessThanOrEqual(4)
      }
    }
  })

  it.each(
    [2, 4, 8].flatMap((shrink) => [
      [shrink as Shrink, 'sequential'] as const,
      [shrink as Shrink, 'progressive'] as const,
    ]),
  )('gives means of blocks at 1 / %i, %s', async (shrink, kind) => {
    const picture = makePicture(163, 121)
    const progressive = kind === 'progressive'
    const options = { ...colours, progressive, chroma_subsample: 1, quality: 95 }
    const jpeg = await makeJpeg(picture, options)
    const whole = decoder.decode(jpeg, 1)
    const small = decoder.decode(jpeg, shrink)
    expect([small.width, small.height]).toEqual([Math.ceil(163 / shrink), Math.ceil(121 / shrink)])
    let sum = 0
    for (let y = 0; y < Math.floor(121 / shrink); y++) {
      for (let x = 0; x < Math.floor(163 / shrink); x++) {
        let mean = 0
        for (let i = 0; i < shrink * shrink; i++) {
          const row = y * shrink + Math.floor(i / shrink)
          mean += whole.data[(row * 163 + x * shrink + (i % shrink)) * 3]! / shrink ** 2
        }
        sum += Math.abs(small.data[(y * small.width + x) * 3]! - mean)
      }
    }
    expect(sum / (small.width * small.height)).toBeLessThan(2)
  })

  it.each([
    ['fine steps: long codes, large numbers', { quality: 100 }],
    ['usual steps', { quality: 88 }],
    ['coarse steps: short blocks', { quality: 15 }],
  ])(
    'makes samples of the lowest frequencies as the definition has them: %s',
    async (_, options) => {
      for (const picture of [makePicture(250, 130), noise(90, 70), noise(16, 16)]) {
        const jpeg = await makeJpeg(picture, { ...colours, ...options, color_space: 1 })
        for (const shrink of [1, 2, 4, 8] as const) {
          const image = decoder.decode(jpeg, shrink)
          const wanted = samplesOf(readJpegFile(jpeg), 8 / shrink)
          const off = Array.from({ length: image.width * image.height }, (_, i) => {
            const [x, y] = [i % image.width, Math.floor(i / image.width)]
            return Math.abs(image.data[3 * i]! - wanted(x, y))
          })
          expect(Math.max(...off)).toBeLessThan(0.51)
        }
      }
    },
  )

  it('reads scans of one component each as it reads them together', () => {
    for (const sampling of [
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [
        [2, 2],
        [1, 1],
        [1, 1],
      ],
      [
        [2, 1],
        [1, 2],
        [1, 1],
      ],
      [
        [1, 1],
        [2, 2],
        [2, 1],
      ],
      [
        [4, 1],
        [1, 1],
        [2, 1],
      ],
    ] as const) {
      for (const [width, height] of [
        [33, 17],
        [64, 48],
        [70, 90],
      ] as const) {
        const picture = makePicture(width, height)
        const together = decoder.decode(writeJpeg(picture, { sampling }), 1)
        const restart = 3
        expect(
          decoder.decode(writeJpeg(picture, { sampling, separate: true, restart }), 1),
        ).toEqual(together)
        expect(compare(together, toRgba(picture), 90).beyond).toBeLessThan(together.data.length / 8)
      }
    }
  })

  it('reads colours that are no luma and chroma as they are', () => {
    const picture = makePicture(40, 30)
    const asTheyAre = { colours: 'rgb', jfif: false, step: 1 } as const
    const rgb = decoder.decode(writeJpeg(picture, { ...asTheyAre, adobe: 0 }), 1)
    expect(compare(rgb, toRgba(picture), 2).beyond).toBe(0)
    const byName = { ...asTheyAre, ids: [82, 71, 66] }
    expect(decoder.decode(writeJpeg(picture, byName), 1)).toEqual(rgb)
  })

  it('reads a JFIF file as luma and chroma, whatever Adobe and the names say', () => {
    const picture = makePicture(40, 30)
    const ycc = decoder.decode(writeJpeg(picture, { step: 1 }), 1)
    for (const said of [{ adobe: 0 }, { adobe: 1 }, { ids: [82, 71, 66] }]) {
      expect(decoder.decode(writeJpeg(picture, { step: 1, ...said }), 1)).toEqual(ycc)
    }
  })

  const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
  const app0 = 0xe0
  const app14 = 0xee

  it('reads them as they are, too, behind segments that only begin like those of JFIF or Adobe', async () => {
    const picture = makePicture(40, 30)
    const byName = { colours: 'rgb', jfif: false, step: 1, ids: [82, 71, 66] } as const
    const jpeg = writeJpeg(picture, byName)
    const rgb = decoder.decode(jpeg, 1)
    expect(compare(rgb, toRgba(picture), 2).beyond).toBe(0)
    const ycc = decoder.decode(writeJpeg(picture, { ...byName, jfif: true }), 1)
    expect(compare(ycc, toRgba(rgb), 50).beyond).toBeGreaterThan(0)
    const jfif = bytesOf('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')
    const adobe = bytesOf('Adobe\0\x64\0\0\0\0\x01')
    for (const [marker, body, expected] of [
      [app0, jfif, ycc],
      [app0, jfif.subarray(0, 13), rgb],
      [app0, jfif.with(4, 1) as Uint8Array, rgb],
      [app14, jfif, rgb],
      [app14, adobe, ycc],
      [app14, adobe.subarray(0, 11), rgb],
      [app14, adobe.with(0, 97) as Uint8Array, rgb],
      [app0, joinBytes(adobe, new Uint8Array(2)), rgb],
    ] as const) {
      const said = `${marker} ${String.fromCharCode(...body)}`
      const withSegment = addJpegSegment(jpeg, marker, body)
      expect(decoder.decode(withSegment, 1), said).toEqual(expected)
      const { data } = await decodeByMozjpeg(withSegment.slice().buffer as ArrayBuffer)
      expect(compare(expected, data, 4).beyond, said).toBe(0)
    }
  })

  it.each([
    ['inks', { colours: 'cmykInk' }, [1, 1]],
    ['light, as Adobe writes it', { colours: 'cmykLight', adobe: 0 }, [1, 1]],
    ['luma and chroma of inks', { colours: 'ycckInk', adobe: 2 }, [1, 1]],
    ['luma and chroma of inks, chroma coarser', { colours: 'ycckInk', adobe: 2 }, [2, 2]],
  ] as const)('mixes four components into colours: %s', (_, writing, [h, v]) => {
    const one = [1, 1] as const
    for (const [width, height] of [
      [1, 1],
      [40, 30],
      [70, 90],
    ] as const) {
      const picture = drawImage(width, height, (x, y) => [
        255 - (200 * x) / width,
        40 + (160 * y) / height,
        30 + (x * y * 180) / (width * height),
      ])
      const sampling = [[h, v] as const, one, one, [h, v] as const]
      const jpeg = writeJpeg(picture, { ...writing, sampling, step: 1, jfif: false })
      expect(compare(decoder.decode(jpeg, 1), toRgba(picture), 6).beyond).toBe(0)
      const small = decoder.decode(jpeg, 2)
      expect([small.width, small.height]).toEqual([Math.ceil(width / 2), Math.ceil(height / 2)])
    }
  })

  const sampling = [
    [2, 2],
    [1, 1],
    [1, 1],
  ] as const
  it.each<[string, (picture: RgbImage) => Uint8Array | Promise<Uint8Array>]>([
    ['baseline', (picture) => makeJpeg(picture, { progressive: false })],
    ['progressive', (picture) => makeJpeg(picture, { progressive: true })],
    ['of a scan for each component', (picture) => writeJpeg(picture, { sampling, separate: true })],
  ])('shows nothing of the photo before: %s', async (_, make) => {
    const black = await make(drawImage(90, 70, () => [0, 0, 0]))
    for (const shrink of [1, 2, 4, 8] as const) {
      const alone = startJpegDecoder(nodeCodecModules.jpeg).decode(black, shrink)
      decoder.decode(await makeJpeg(noise(300, 200), { progressive: true }), 1)
      decoder.decode(await makeJpeg(noise(300, 200), { progressive: false }), 1)
      expect(decoder.decode(black, shrink)).toEqual(alone)
    }
  })

  it('finds the damage that the walk over the scans finds, and no other, in 4,000 damaged files', async () => {
    const fine = { chroma_subsample: 1, auto_subsample: false, quality: 95 }
    const files = await Promise.all(
      [
        { progressive: false },
        { progressive: false, ...fine },
        { progressive: true },
        { progressive: true, ...fine },
      ].map((options) => makeJpeg(makePicture(96, 80), options)),
    )
    const outcomes = { sequential: [0, 0], progressive: [0, 0] }
    for (let i = 0; i < 4000; i++) {
      const bytes = files[i % 4]!.slice()
      for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
        bytes[Math.floor(random() * bytes.length)] = random() * 256
      }
      const damaged = random() < 0.3 ? bytes.slice(0, random() * bytes.length) : bytes
      const file = fileOf(damaged)
      if (file === null) continue
      const { frame } = file
      if (frame.width * frame.height > 1_000_000) continue
      const verdict = messageOf(() => walkJpeg(file))
      const shrink = ([1, 2, 4, 8] as const)[i % 5] ?? 1
      const told = messageOf(() => decoder.decode(damaged, shrink))
      // What the pixels and the counts of symbols tell beyond the walk.
      const isBeyond = [shiftedJpeg(), misfittedJpeg()].some(({ message }) => told === message)
      expect(verdict === null && isBeyond ? null : told).toBe(verdict)
      outcomes[frame.progressive ? 'progressive' : 'sequential'][verdict === null ? 0 : 1]!++
    }
    for (const [sound, refused] of Object.values(outcomes)) {
      expect(sound).toBeGreaterThan(100)
      expect(refused).toBeGreaterThan(500)
    }
  })
})

/** Of a sequential file of one component, at `size` samples a block: each sample, not rounded, read and transformed in JavaScript. */
function samplesOf(file: JpegFile, size: number): (x: number, y: number) => number {
  const scan = file.scans[0]!
  const steps = file.quantisation[0]!
  const blocks: number[][] = []
  let place = 0
  walkScan(
    file,
    scan,
    sequentialBlocks(file, scan, {
      begin: () => blocks.push(new Array<number>(64).fill(0)) > 0,
      mean(_, mean) {
        blocks.at(-1)![0] = mean * steps[0]!
        place = 0
      },
      ac(_, symbol, bits) {
        const size = symbol & 15
        place += (symbol >> 4) + 1
        if (size === 0) return
        const value = bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
        blocks.at(-1)![places[place]!] = value * steps[place]!
      },
    }),
  )
  const wave = (at: number, k: number): number =>
    k === 0 ? 1 : Math.SQRT2 * Math.cos(((2 * at + 1) * k * Math.PI) / (2 * size))
  const { columns } = file.frame.components[0]!
  return (x, y) => {
    const block = blocks[Math.floor(y / size) * columns + Math.floor(x / size)]!
    let sum = 128
    for (let v = 0; v < size; v++) {
      for (let u = 0; u < size; u++) {
        sum += (block[8 * v + u]! * wave(x % size, u) * wave(y % size, v)) / 8
      }
    }
    return Math.max(0, Math.min(255, sum))
  }
}

function toRgba({ width, height, data }: RgbImage): Uint8Array {
  const rgba = new Uint8Array(width * height * 4)
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
  return rgba
}

function fileOf(bytes: Uint8Array) {
  try {
    return readJpegFile(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(FaceError)
    return null
  }
}

function messageOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    if (error instanceof FaceError) return error.message
    throw error
  }
}

describe('transformSteps', () => {
  it('lays the table out in rows', () => {
    const steps = transformSteps(
      Uint16Array.from({ length: 64 }, (_, k) => 8 * k),
      4,
    )
    expect([...steps.subarray(0, 4)]).toEqual([0, 1, 5, 6])
    expect([...steps.subarray(8, 12)]).toEqual([2, 4, 7, 13])
    expect(steps[63]).toBe(63)
  })
})
