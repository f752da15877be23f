import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../../src/errors/face-error.ts'
import type { Codecs } from '../../../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../../../src/image/decode/decode.ts'
import { addPngChunk } from '../../../support/photos/add-exif.ts'
import { joinBytes, makePng, type PngPicture } from '../../../support/photos/make-png.ts'
import { createNodeCodecs } from '../../../support/photos/node-codecs.ts'

let codecs: Codecs
beforeAll(() => {
  codecs = createNodeCodecs()
})

const width = 13
const height = 11
const palette = Array.from({ length: 256 * 3 }, (_, i) => (i * 37 + 11) & 0xff)

type Kind = Pick<PngPicture, 'colourType' | 'bitDepth'>
const kinds: [PngPicture['colourType'], PngPicture['bitDepth']][] = [
  ...([1, 2, 4, 8, 16] as const).map((depth): [0, typeof depth] => [0, depth]),
  [2, 8],
  [2, 16],
  ...([1, 2, 4, 8] as const).map((depth): [3, typeof depth] => [3, depth]),
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
]

const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const

/** Samples that differ from pixel to pixel and from channel to channel, over the whole range. */
function sampleOf({ colourType, bitDepth }: Kind): PngPicture['sample'] {
  const range = 2 ** bitDepth
  return (x, y) =>
    Array.from({ length: channels[colourType] }, (_, channel) => {
      return Math.floor(((x * 31 + y * 57 + channel * 91) % 256) * (range / 256)) % range
    })
}

/** What a viewer shows, worked out from the samples alone: 16 bits lose their low byte, few bits are stretched. */
function expectedRgb({ colourType, bitDepth }: Kind, samples: readonly number[]): number[] {
  if (colourType === 3) return palette.slice(samples[0] * 3, samples[0] * 3 + 3)
  const bytes = samples.map((value) =>
    bitDepth === 16 ? value >> 8 : (value * 255) / (2 ** bitDepth - 1),
  )
  const alpha = colourType === 4 ? bytes[1] : colourType === 6 ? bytes[3] : 255
  const rgb = colourType === 2 || colourType === 6 ? bytes.slice(0, 3) : Array(3).fill(bytes[0])
  return rgb.map((value) => Math.round((value * alpha + 255 * (255 - alpha)) / 255))
}

describe.each(kinds)('colour type %i, bit depth %i', (colourType, bitDepth) => {
  it.each([false, true])('decodes exactly (interlaced: %s)', async (interlaced) => {
    const kind = { colourType, bitDepth }
    const sample = sampleOf(kind)
    const entries = colourType === 3 ? palette.slice(0, 3 * 2 ** bitDepth) : undefined
    const png = makePng({ width, height, ...kind, interlaced, sample, palette: entries })
    const expected: number[] = []
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) expected.push(...expectedRgb(kind, Array.from(sample(x, y))))
    }
    expect(await decodePhoto(png, codecs)).toEqual({
      width,
      height,
      data: Uint8Array.from(expected),
    })
  })
})

const twoPixels = { width: 2, height: 1, bitDepth: 8 } as const

describe('transparency', () => {
  it('comes from tRNS for palette, grey and RGB', async () => {
    const indexed = makePng({
      ...twoPixels,
      colourType: 3,
      palette: [10, 20, 30, 40, 50, 60],
      transparency: [0],
      sample: (x) => [x],
    })
    const grey = makePng({
      ...twoPixels,
      colourType: 0,
      transparency: [0, 7],
      sample: (x) => [7 + x],
    })
    const rgb = makePng({
      ...twoPixels,
      colourType: 2,
      transparency: [0, 1, 0, 2, 0, 3],
      sample: (x) => (x === 0 ? [1, 2, 3] : [1, 2, 4]),
    })
    expect([...(await decodePhoto(indexed, codecs)).data]).toEqual([255, 255, 255, 40, 50, 60])
    expect([...(await decodePhoto(grey, codecs)).data]).toEqual([255, 255, 255, 8, 8, 8])
    expect([...(await decodePhoto(rgb, codecs)).data]).toEqual([255, 255, 255, 1, 2, 4])
  })
})

describe('a palette', () => {
  it.each([
    ['colours', 8, 2],
    ['colours that the bits allow', 1, 3],
  ] as const)(
    'is refused with more transparencies than %s, which viewers ignore',
    async (_, bitDepth, colours) => {
      const picture = (count: number): Uint8Array =>
        makePng({
          width: 2,
          height: 1,
          bitDepth,
          colourType: 3,
          palette: palette.slice(0, 3 * colours),
          transparency: Array(count).fill(0),
          sample: (x) => [x],
        })
      expect([...(await decodePhoto(picture(2), codecs)).data]).toEqual(Array(6).fill(255))
      await expect(decodePhoto(picture(3), codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: 'The PNG is damaged: it cannot be decoded.',
      })
    },
  )

  const picture = (bitDepth: 4 | 8, last: number): Uint8Array =>
    makePng({
      width: 2,
      height: 1,
      bitDepth,
      colourType: 3,
      palette: [10, 20, 30, 40, 50, 60],
      sample: (x) => [x === 0 ? 0 : last],
    })

  it('may be shorter than the bits allow', async () => {
    expect([...(await decodePhoto(picture(4, 1), codecs)).data]).toEqual([10, 20, 30, 40, 50, 60])
  })

  it('that lacks the colour of a pixel is a part that is missing', async () => {
    for (const png of [picture(8, 2), picture(8, 255), picture(4, 2)]) {
      await expect(decodePhoto(png, codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: 'The PNG is damaged: it cannot be decoded.',
      })
    }
  })
})

describe('chunks', () => {
  const grey: PngPicture = { ...twoPixels, colourType: 0, sample: (x) => [x] }

  it('of metadata never reach the decoder, however damaged', async () => {
    let png = makePng(grey)
    for (const type of ['iCCP', 'zTXt', 'gAMA', 'pHYs', 'eXIf']) {
      png = addPngChunk(png, type, Uint8Array.of(1, 2, 3))
    }
    expect(await decodePhoto(png, codecs)).toEqual(await decodePhoto(makePng(grey), codecs))
  })

  it('with a wrong checksum are refused', async () => {
    const png = makePng(grey)
    for (const at of [29, png.length - 14]) {
      const flipped = png.slice()
      flipped[at] ^= 1
      await expect(decodePhoto(flipped, codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: expect.stringMatching(
          /^The PNG is damaged: the checksum of a chunk "I..." is wrong\.$/,
        ),
      })
    }
  })

  it('whose name is the transparency’s but for a letter are refused', async () => {
    const png = makePng({
      ...twoPixels,
      colourType: 3,
      palette: [10, 20, 30, 40, 50, 60],
      transparency: [0],
      sample: (x) => [x],
    })
    const name = Buffer.from(png).indexOf('tRNS')
    for (let bit = 0; bit < 32; bit++) {
      const at = name + (bit >> 3)
      const flipped = png.with(at, png[at]! ^ (1 << (bit & 7))) as Uint8Array
      const refusal = decodePhoto(flipped, codecs)
      await expect(refusal, `bit ${bit}`).rejects.toBeInstanceOf(FaceError)
    }
  })

  it('with fewer rows than the header says are refused', async () => {
    const short = makePng(grey)
    const tall = makePng({ ...grey, height: 2 })
    const mixed = joinBytes(tall.subarray(0, 33), short.subarray(33))
    await expect(decodePhoto(mixed, codecs)).rejects.toMatchObject({ code: 'image_unreadable' })
  })
})
