/** A block that breaks off from its picture, and what fills a block in a sound one. */
import { expect, it } from 'vitest'
import { hasBlockApart } from '../../../src/image/decode/jpeg/damage/block-apart.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { drawImage, pixelAt } from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'

const face = { x: 40, y: 48, width: 96, height: 112 }
const block = { x: 0, y: 0, width: 8, height: 8, meanStep: 1 }

/** Light that falls from one side, with a little grain. */
function skin(): RgbImage {
  const random = seededRandom(5)
  return drawImage(192, 208, (x, y) => {
    const grain = 4 * random()
    return [120 + x / 4 + grain, 90 + y / 5 + grain, 80 + grain]
  })
}

/** With noise in 8x8 pixels. */
function withNoise(image: RgbImage, left: number, top: number): RgbImage {
  const random = seededRandom(9)
  return drawImage(image.width, image.height, (x, y) =>
    x >= left && x < left + 8 && y >= top && y < top + 8
      ? [90 + 120 * random(), 60 + 120 * random(), 60 + 120 * random()]
      : pixelAt(image, x, y),
  )
}

it('is found anywhere in the inner part of a face', () => {
  const picture = skin()
  for (let top = 64; top <= 136; top += 8) {
    for (let left = 56; left <= 112; left += 8) {
      expect(hasBlockApart(withNoise(picture, left, top), face, block), `${left}, ${top}`).toBe(
        true,
      )
    }
  }
})

it('is found where the blocks begin elsewhere', () => {
  const picture = withNoise(skin(), 83, 94)
  expect(hasBlockApart(picture, face, { ...block, x: 3, y: 6 })).toBe(true)
  expect(hasBlockApart(picture, face, block)).toBe(false)
})

it('is not looked for beside a face, nor in a large one', () => {
  for (const [left, top] of [
    [16, 96],
    [80, 24],
    [160, 96],
    [80, 176],
  ] as const) {
    expect(hasBlockApart(withNoise(skin(), left, top), face, block)).toBe(false)
  }
  expect(hasBlockApart(withNoise(skin(), 80, 96), { ...face, height: 321 }, block)).toBe(false)
})

it('is found where it breaks off by more than blocks of so coarse a file are apart', () => {
  const picture = withNoise(skin(), 80, 96)
  const found = [1, 6, 30].map((meanStep) => hasBlockApart(picture, face, { ...block, meanStep }))
  expect(found).toEqual([true, true, false])
})

it('is not found in a sound picture, in grain, or where something soft fills a block', () => {
  const random = seededRandom(3)
  const grain = drawImage(192, 208, () => [255 * random(), 255 * random(), 255 * random()])
  const picture = skin()
  const dot = drawImage(192, 208, (x, y) => {
    const dark = 100 * Math.exp(-((x - 83.5) ** 2 + (y - 99.5) ** 2) / 12)
    return Uint8ClampedArray.from(pixelAt(picture, x, y), (value) => value - dark)
  })
  for (const image of [picture, grain, dot]) expect(hasBlockApart(image, face, block)).toBe(false)
})

it('is looked for up to two blocks before the edges of the picture', () => {
  const beyond = { x: -40, y: -40, width: 272, height: 288 }
  const isFound = (column: number, row: number): boolean =>
    hasBlockApart(withNoise(skin(), 8 * column, 8 * row), beyond, block)
  for (const [column, row] of [
    [2, 12],
    [21, 12],
    [12, 2],
    [12, 23],
  ] as const) {
    expect(isFound(column, row), `${column}, ${row}`).toBe(true)
  }
  for (const [column, row] of [
    [1, 12],
    [22, 12],
    [12, 1],
    [12, 24],
  ] as const) {
    expect(isFound(column, row), `${column}, ${row}`).toBe(false)
  }
})
