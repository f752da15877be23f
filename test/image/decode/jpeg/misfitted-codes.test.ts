/** Codes of scans whose symbols are others than those that they were made for. */
import { describe, expect, it } from 'vitest'
import type { FaceError } from '../../../../src/errors/face-error.ts'
import { decodePhoto } from '../../../../src/image/decode/decode.ts'
import { hasMisfittedCodes } from '../../../../src/image/decode/jpeg/damage/misfitted-codes.ts'
import {
  buildHuffmanTable,
  type HuffmanTable,
} from '../../../../src/image/decode/jpeg/file/huffman-table.ts'
import { shortestCodes } from '../../../../src/image/decode/jpeg/file/shortest-codes.ts'
import { makeJpeg } from '../../../support/photos/make-photo.ts'
import { createNodeCodecs } from '../../../support/photos/node-codecs.ts'
import { sampleImage } from '../../../support/photos/sample-photos.ts'

type Counts = Uint32Array

/** So many symbols, each rarer than the one before. */
const fallingCounts = (symbols: number): Counts =>
  Uint32Array.from({ length: 256 }, (_, i) => (i < symbols ? Math.ceil(900 * 0.8 ** i) : 0))

function tableFor(lengths: Uint8Array): HuffmanTable {
  const symbols = [...lengths.keys()].filter((symbol) => lengths[symbol]! > 0)
  symbols.sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const counts = new Uint8Array(16)
  for (const symbol of symbols) counts[lengths[symbol]! - 1]!++
  return buildHuffmanTable(counts, Uint8Array.from(symbols))
}

/** Codes made for some symbols, and the symbols that were read. */
const scan = (made: Counts, read = made): [HuffmanTable, Counts] => [
  tableFor(shortestCodes(made)),
  read,
]

const isMisfit = (...scans: [HuffmanTable, Counts][]): boolean => hasMisfittedCodes(new Map(scans))

const counts = fallingCounts(30)
const withoutLast = counts.with(29, 0) as Counts
const others = counts.with(25, 400) as Counts

describe('codes of a file', () => {
  it('fit when they are those of what was read', () => {
    expect(isMisfit(scan(counts))).toBe(false)
    expect(isMisfit(scan(counts), scan(fallingCounts(12)), scan(fallingCounts(40)))).toBe(false)
  })

  it('do not where a symbol of one scan is missing, or stands there more often', () => {
    expect(isMisfit(scan(counts), scan(counts, withoutLast))).toBe(true)
    expect(isMisfit(scan(counts, others), scan(counts))).toBe(true)
  })

  it('are another encoder’s where several differ, or too few do not', () => {
    expect(isMisfit(scan(counts, others), scan(counts, withoutLast), scan(counts))).toBe(false)
    expect(isMisfit(scan(counts, others))).toBe(false)
    expect(isMisfit(scan(fallingCounts(9)), scan(counts, withoutLast))).toBe(false)
  })

  it('are as good where others would be as short', () => {
    const [equal, swapped] = [new Uint32Array(256), new Uint8Array(256)]
    equal.set([8, 4, 2, 1, 1])
    const lengths = shortestCodes(equal)
    swapped.set(lengths)
    swapped.set([lengths[4]!, lengths[3]!], 3)
    expect(swapped).not.toEqual(lengths)
    expect(isMisfit(scan(counts), [tableFor(swapped), equal])).toBe(false)
  })

  it('are as good where the code that is left free is another of the rarest', () => {
    const few = counts.map((_, i) => [2, 2, 1][i] ?? 0)
    const lengths = (...of: number[]): Uint8Array => Uint8Array.from(few, (_, i) => of[i] ?? 0)
    expect(shortestCodes(few)).toEqual(lengths(1, 2, 3))
    expect(isMisfit(scan(counts), [tableFor(lengths(2, 2, 2)), few])).toBe(false)
    expect(isMisfit(scan(counts), [tableFor(lengths(3, 2, 2)), few])).toBe(true)
  })

  it('are not judged where they had to be made shorter, which encoders do in ways of their own', () => {
    const steep = counts.map((_, i) => (i < 25 ? 2 ** i : 0))
    const others = shortestCodes(steep)
    expect(Math.max(...others)).toBe(16)
    others.set([others[24]!, others[23]!], 23)
    expect(isMisfit(scan(counts), [tableFor(others), steep])).toBe(false)
  })
})

it('a progressive JPEG is refused for the codes of a scan of which one byte is another', async () => {
  const image = await sampleImage('eve')
  const jpeg = await makeJpeg(image, { quality: 80, progressive: true, color_space: 1 })
  const codecs = createNodeCodecs()
  expect(await decodePhoto(jpeg, codecs)).toMatchObject({ width: image.width })
  const reasons: string[] = []
  for (let at = jpeg.length >> 2; at < jpeg.length; at += 15) {
    try {
      await decodePhoto(jpeg.with(at, 0) as Uint8Array, codecs)
    } catch (error) {
      expect(error).toMatchObject({ code: 'image_unreadable' })
      reasons.push((error as FaceError).message)
    }
  }
  expect(reasons).toContain(
    'The JPEG is damaged: the codes of one of its scans were made for others than it holds.',
  )
})
