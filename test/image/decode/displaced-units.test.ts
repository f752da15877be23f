/** Pictures of which some blocks stand where others belong, and sound ones that repeat themselves. */
import { beforeAll, describe, expect, it } from 'vitest'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { hasDisplacedUnits } from '../../../src/image/decode/jpeg/damage/displaced-units.ts'
import { withNoise } from '../../../src/image/decode/jpeg/damage/step-evidence.ts'
import { hasTornRows } from '../../../src/image/decode/jpeg/damage/torn-rows.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import {
  plainBorders,
  planeOf,
  seenUnits,
  side,
  unitAt,
} from '../../support/photos/jpeg/measure-borders.ts'
import { makeJpeg } from '../../support/photos/make-photo.ts'
import { createNodeCodecs } from '../../support/photos/node-codecs.ts'
import { drawImage, pixelAt, sampleImage } from '../../support/photos/sample-photos.ts'

const codecs = createNodeCodecs()
let portrait: RgbImage
beforeAll(async () => {
  const { width, height, ...image } = await sampleImage('eve')
  const whole = (length: number): number => length - (length % side)
  portrait = drawImage(whole(width), whole(height), (x, y) =>
    pixelAt({ width, height, ...image }, x, y),
  )
})

/** From `start` to `end` each unit is what stands `by` units before it. */
function displace(image: RgbImage, start: number, end: number, by: number): RgbImage {
  const columns = image.width / side
  return drawImage(image.width, image.height, (x, y) => {
    const unit = unitAt(image, x, y)
    if (unit < start || unit >= end) return pixelAt(image, x, y)
    const from = Math.max(0, unit - by)
    const column = from % columns
    return pixelAt(
      image,
      column * side + (x % side),
      ((from - column) / columns) * side + (y % side),
    )
  })
}

function isDisplaced(image: RgbImage, interval = 0): boolean {
  const plane = planeOf(image, () => 0, interval)
  return hasDisplacedUnits(plane, plainBorders(plane))
}

const isTorn = (image: RgbImage): boolean => hasTornRows([withNoise(seenUnits(planeOf(image)))])

describe('displaced units', () => {
  it('are found in most places when they are lighter or darker too', () => {
    const columns = portrait.width / side
    const found: boolean[] = []
    for (let row = 5; row < portrait.height / side - 6; row++) {
      for (const [column, by] of [
        [4, 7],
        [columns - 6, -9],
        [columns >> 1, columns + 5],
      ] as const) {
        const start = row * columns + column
        const moved = displace(portrait, start, start + 4 * columns, by)
        const image = drawImage(moved.width, moved.height, (x, y) => {
          const unit = unitAt(moved, x, y)
          const light = unit < start || unit >= start + 4 * columns ? 0 : row % 2 === 0 ? 30 : -30
          return Uint8ClampedArray.from(pixelAt(moved, x, y), (value) => value + light)
        })
        found.push(isTorn(image))
      }
    }
    expect(found.length).toBeGreaterThan(30)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.6 * found.length)
  })

  it('are found nearly wherever they begin, however far they are moved', () => {
    const columns = portrait.width / side
    const rows = portrait.height / side
    const found: boolean[] = []
    for (let row = 5; row < rows - 6; row += 2) {
      for (const [column, by] of [
        [0, 4],
        [3, 11],
        [columns - 5, -7],
        [columns >> 1, columns + 6],
        [9, -columns - 9],
      ] as const) {
        const start = row * columns + column
        found.push(isDisplaced(displace(portrait, start, start + 4 * columns, by)))
      }
    }
    expect(found.length).toBeGreaterThan(30)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.9 * found.length)
  })

  it('are not found in a sound picture, nor in one of stripes, squares or bricks as large as blocks', () => {
    const { width, height } = portrait
    const draw = (pixel: (column: number, row: number) => number): RgbImage =>
      drawImage(width, height, (x, y) => {
        const drawn = pixel(Math.floor(x / side), Math.floor(y / side))
        return Array(3).fill(Math.min(255, drawn + (pixelAt(portrait, x, y)[1]! >> 4)))
      })
    const light = (is: boolean): number => (is ? 230 : 20)
    const sound = [
      portrait,
      draw((column, row) => light((column + row) % 2 === 0)),
      draw((column, row) => light((column + 2 * (row >> 1)) % 4 < 2)),
      draw((column, row) => light(row === 7 || column % 2 === 0)),
      // Half of it squares that change places below one border.
      draw((column, row) => light((column + Number(row > 11)) % 2 === 0)),
      draw((column, row) => (row > 9 ? 200 : 12 * column)),
      // Stripes, half of them behind something half transparent.
      draw((column, row) => light((column + (row >> 1)) % 5 < 2) * (row > 11 ? 0.5 : 1)),
      // A line across the picture, along a border of blocks.
      drawImage(width, height, (x, y) =>
        y >> 1 === 6 * (side / 2) ? [255, 255, 255] : pixelAt(portrait, x, y),
      ),
      draw((column, row) => (row > 9 ? 240 - 7 * column : 12 * column)),
    ]
    // A line that is nearly along a border of blocks, and black behind it.
    for (const tilt of [0.01, 0.02, -0.02, 0.05]) {
      sound.push(
        drawImage(width, height, (x, y) =>
          y > 9 * side + tilt * (x - width / 2) ? [0, 0, 0] : pixelAt(portrait, x, y),
        ),
      )
    }
    for (const image of sound) {
      expect(isDisplaced(image)).toBe(false)
      expect(isTorn(image)).toBe(false)
    }
  })

  it('are not found where a line of text begins at a border of blocks, and half of that row is plain', () => {
    const units = { columns: 47, rows: 12, unitWidth: 16, unitHeight: 16, step: 1, interval: 0 }
    const [count, line] = [units.columns * units.rows, 6 * units.columns]
    const above = new Float32Array(count).fill(18)
    const below = above.slice()
    below.fill(60, line, line + 23)
    // A letter that ends in the middle of its unit, and one that begins higher up.
    below[line + 23] = 39
    above[line + 17] = 39
    const jumps = below.map((value) => value - 18)
    expect(hasDisplacedUnits(units, { jumps, above, below })).toBe(false)
  })

  it('are refused in a JPEG', async () => {
    const columns = portrait.width / side
    const image = displace(portrait, 10 * columns + 6, 15 * columns + 2, 9)
    for (const progressive of [false, true]) {
      const jpeg = await makeJpeg(image, { quality: 85, progressive })
      await expect(decodePhoto(jpeg, codecs)).rejects.toMatchObject({
        code: 'image_unreadable',
        message: 'The JPEG is damaged: some of its blocks stand where others belong.',
      })
    }
  })
})
