import { describe, expect, it } from 'vitest'
import { createCodecs } from '../../../src/image/decode/codecs.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { PhotoFormat } from '../../../src/image/decode/formats.ts'
import {
  largestDifference,
  makeJpeg,
  makePhoto,
  makePicture,
} from '../../support/photos/make-photo.ts'
import { joinBytes, pngChunk } from '../../support/photos/make-png.ts'
import { createNodeCodecs, nodeCodecModules } from '../../support/photos/node-codecs.ts'

const formats: PhotoFormat[] = ['jpeg', 'png', 'webp']
const mebibyte = 2 ** 20
const picture = makePicture(40, 30)

/** Sound on the outside, so that the decoder itself has to fail. */
async function makeCorrupt(format: PhotoFormat): Promise<Uint8Array> {
  const photo = await makePhoto(format, picture)
  if (format === 'jpeg') {
    const table = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xc4)
    return photo.fill(0xff, table + 5, table + 10)
  }
  if (format === 'webp') return photo.fill(0xff, 25)
  const rows = pngChunk('IDAT', Uint8Array.of(1, 2, 3, 4, 5))
  return joinBytes(photo.subarray(0, 33), rows, photo.subarray(-12))
}

describe.each(formats)('the %s decoder', (format) => {
  it('decodes after a photo on which it failed, again and again', async () => {
    const codecs = createNodeCodecs()
    const good = await makePhoto(format, picture)
    const corrupt = await makeCorrupt(format)
    const first = await decodePhoto(good, codecs)
    for (let round = 0; round < 3; round++) {
      await expect(decodePhoto(corrupt, codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: expect.stringMatching(/^The (JPEG|PNG|WebP) is damaged: it cannot be decoded\.$/),
      })
      expect(await decodePhoto(good, codecs)).toEqual(first)
    }
    expect(largestDifference(first, picture)).toBeLessThan(format === 'jpeg' ? 40 : 1)
  })

  it('takes no more memory after two hundred photos than after the first', async () => {
    const codecs = createNodeCodecs()
    expect(codecs.heapBytes()).toBe(0)
    const good = await makePhoto(format, picture)
    await decodePhoto(good, codecs)
    const kept = codecs.heapBytes()
    for (let i = 0; i < 200; i++) await decodePhoto(good, codecs)
    expect(codecs.heapBytes()).toBe(kept)
  })
})

it.each<[PhotoFormat, string, boolean]>([
  ['jpeg', 'is started by the first photo and kept for the next', true],
  ['png', 'holds nothing between two photos', false],
  ['webp', 'is started for every photo anew', false],
])('the %s decoder %s', async (format, _, isKept) => {
  const codecs = createNodeCodecs()
  await decodePhoto(await makePhoto(format, picture), codecs)
  expect(codecs.heapBytes() > 0).toBe(isKept)
})

describe('createCodecs', () => {
  it('drops an instance that failed', async () => {
    const codecs = createNodeCodecs()
    await decodePhoto(await makePhoto('jpeg', picture), codecs)
    expect(codecs.heapBytes()).toBeGreaterThan(0)
    const jpeg = await makePhoto('jpeg', picture)
    const cut = joinBytes(jpeg.subarray(0, -60), Uint8Array.of(0xff, 0xd9))
    await expect(decodePhoto(cut, codecs)).rejects.toThrow('damaged')
    expect(codecs.heapBytes()).toBe(0)
  })

  it('holds one decoder at a time', async () => {
    const codecs = createNodeCodecs()
    for (const format of formats) {
      await decodePhoto(await makePhoto(format, picture), codecs)
      expect(codecs.heapBytes()).toBeLessThan(17 * mebibyte)
    }
  })

  it('decodes photos of all formats that are asked for at the same time', async () => {
    const codecs = createNodeCodecs()
    const photos = await Promise.all(formats.map((format) => makePhoto(format, picture)))
    const images = await Promise.all([...photos, ...photos].map((p) => decodePhoto(p, codecs)))
    for (const image of images) expect(largestDifference(image, picture)).toBeLessThan(40)
  })

  it('does not let a corrupt photo spoil those asked for at the same time', async () => {
    const codecs = createNodeCodecs()
    for (const format of formats) {
      const good = await makePhoto(format, picture)
      const corrupt = await makeCorrupt(format)
      const mixed = [good, corrupt, good, corrupt, good]
      const outcomes = await Promise.allSettled(mixed.map((photo) => decodePhoto(photo, codecs)))
      expect(outcomes.map(({ status }) => status)).toEqual(
        mixed.map((photo) => (photo === good ? 'fulfilled' : 'rejected')),
      )
    }
  })

  it('keeps the heap of a large photo, and shows the decoder nothing but the picture', async () => {
    const codecs = createNodeCodecs()
    await decodePhoto(await makeJpeg(makePicture(2048, 1536)), codecs)
    expect(codecs.heapBytes()).toBeGreaterThan(0)
    expect(codecs.heapBytes()).toBeLessThanOrEqual(20 * mebibyte)

    // As many comments as the limit of bytes allows stand in front of the picture.
    const jpeg = await makeJpeg(makePicture(1920, 1080), {
      progressive: true,
      auto_subsample: false,
      chroma_subsample: 1,
    })
    const comment = joinBytes(Uint8Array.of(0xff, 0xfe, 0xff, 0xfe), new Uint8Array(65_532))
    const padded = joinBytes(jpeg.subarray(0, 2), ...Array(120).fill(comment), jpeg.subarray(2))
    const fresh = createNodeCodecs()
    await decodePhoto(jpeg, fresh)
    const alone = fresh.heapBytes()
    const other = createNodeCodecs()
    await decodePhoto(padded, other)
    expect(other.heapBytes()).toBe(alone)
  })

  it('says engine_unavailable when a decoder cannot be started', async () => {
    const empty = new (
      WebAssembly.Module as unknown as new (
        bytes: Uint8Array,
      ) => WebAssembly.Module
    )(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    const broken = createCodecs({ ...nodeCodecModules, jpeg: empty, webp: empty })
    for (const format of ['jpeg', 'webp'] as const) {
      await expect(decodePhoto(await makePhoto(format, picture), broken)).rejects.toMatchObject({
        code: 'engine_unavailable',
        message: `The ${format} decoder did not start.`,
      })
    }
  })
})
