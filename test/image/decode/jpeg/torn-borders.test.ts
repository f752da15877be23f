/** Restart intervals that changed places, found along the lines where they meet, and what begins at such a line in a sound picture. */
import { describe, expect, it } from 'vitest'
import { restartBorders } from '../../../../src/image/decode/jpeg/damage/restart-borders.ts'
import { isTorn as isTornIn } from '../../../../src/image/decode/jpeg/damage/torn-borders.ts'
import { readJpegFile } from '../../../../src/image/decode/jpeg/file/jpeg-file.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { writeJpeg } from '../../../support/photos/jpeg/write-jpeg.ts'
import { drawImage, pixelAt } from '../../../support/photos/sample-photos.ts'
import { seededRandom } from '../../../support/random.ts'

const [width, height] = [100, 96]
const random = seededRandom(7)
const waves = Array.from({ length: 12 }, () => [random() / 6, random() / 6, 6 * random()] as const)
/** Soft shapes, another at each place, with a little grain. */
const picture: RgbImage = drawImage(width, height, (x, y) => {
  const shape = waves.reduce((sum, [a, b, c]) => sum + 9 * Math.sin(a * x + b * y + c), 128)
  return [shape, shape + 3 * random(), shape]
})
const mirrored = (image: RgbImage): RgbImage =>
  drawImage(image.height, image.width, (x, y) => pixelAt(image, y, x))

/** With rows from elsewhere in it. */
function withRowsOf(from: number): RgbImage {
  return drawImage(width, height, (x, y) => pixelAt(picture, x, y >= 40 && y < 48 ? y + from : y))
}

const everywhere = { x: 0, y: 0, width, height: width }
const isTorn = (image: RgbImage, lines: Parameters<typeof isTornIn>[1]): boolean =>
  isTornIn(image, lines, everywhere)
const line = (y: number) => ({ x: 4, y, width: 88, height: 0 })
const standing = (x: number) => ({ x, y: 4, width: 0, height: 88 })

describe('a line', () => {
  it('is torn where rows stand that belong elsewhere, upright or on its side', () => {
    const image = withRowsOf(32)
    const torn = Array.from({ length: 10 }, (_, i) => 12 + 8 * i)
    expect(torn.filter((y) => isTorn(image, [line(y - 4)]))).toEqual([44, 52])
    expect(torn.filter((x) => isTorn(mirrored(image), [standing(x - 4)]))).toEqual([44, 52])
    expect(isTorn(image, [line(40), line(48)])).toBe(true)
    expect(isTorn(image, [line(40), line(56)])).toBe(false)
  })

  it('is not torn in a sound picture, nor at a bar, plain or half transparent', () => {
    const bar = (paint: (value: number) => number) =>
      drawImage(width, height, (x, y) => {
        const pixel = pixelAt(picture, x, y)
        return y >= 40 && y < 64 ? Array.from(pixel, paint) : pixel
      })
    const pictures = [
      picture,
      bar(() => 20),
      bar((value) => (value + 250) / 2),
      bar((v) => 255 - v),
    ]
    for (const [i, image] of pictures.entries()) {
      for (const y of [40, 48, 64]) expect(isTorn(image, [line(y)]), `${i} ${y}`).toBe(false)
    }
  })

  it('is not torn where the picture goes on beside a part that was pasted in', () => {
    const [left, whole] = [
      { ...line(40), x: 0, width: 48 },
      { ...line(40), x: 0, width },
    ]
    const offsets = [24, 28, 32, 36, 40, -20, -24, -28, -32, -36]
    const torn = offsets.map(withRowsOf).filter((image) => isTornIn(image, [whole], left))
    expect(torn.length).toBeGreaterThan(4)
    for (const rows of torn) {
      const image = drawImage(width, height, (x, y) => pixelAt(x < 48 ? rows : picture, x, y))
      expect(isTornIn(image, [whole], left)).toBe(false)
    }
  })

  it('is not looked at near the edges of the picture', () => {
    for (const y of [0, 8, 88, 96]) expect(isTorn(withRowsOf(32), [line(y)])).toBe(false)
  })
})

describe('the borders of restart intervals', () => {
  const one = [[1, 1]] as const
  const coarse = [
    [2, 2],
    [1, 1],
    [1, 1],
  ] as const
  const borders = (
    restart: number,
    sampling: readonly (readonly [number, number])[],
    area = { x: 0, y: 0, width, height },
  ) =>
    restartBorders(readJpegFile(writeJpeg(picture, { sampling, restart })), area).map((lines) =>
      lines.map(({ x, y, width }) => [y, x, x + width]),
    )

  it('are all along a row, or from one row to the next', () => {
    expect(borders(7, coarse)).toEqual([16, 32, 48, 64, 80].map((y) => [[y, 0, 100]]))
    // Above the last unit of a row a line would be too short.
    expect(borders(17, coarse)).toEqual([[[32, 48, 100]], [[48, 0, 48]], [[80, 0, 96]]])
    expect(borders(6 * 13, one)).toEqual([[[48, 0, 100]]])
  })

  it('are above and below one that is shorter than a row', () => {
    const found = borders(4, one, { x: 30, y: 20, width: 40, height: 20 })
    expect(found.length).toBeGreaterThan(0)
    for (const lines of found) {
      const [[y, left, right], below] = lines as [number[], number[]]
      expect(below).toEqual([y! + 8, left, right])
      expect(right! - left!).toBe(right === 100 ? 4 : 32)
      expect(y).toBe(24)
    }
  })

  it('are none without markers, and none outside of the area', () => {
    expect(borders(0, coarse)).toEqual([])
    expect(borders(7, coarse, { x: 10, y: 33, width: 50, height: 14 })).toEqual([])
    expect(borders(7, coarse, { x: 10, y: 33, width: 50, height: 16 })).toEqual([[[48, 0, 100]]])
    expect(borders(7, coarse, { x: 80, y: 33, width: 20, height: 16 })).toEqual([])
  })
})
