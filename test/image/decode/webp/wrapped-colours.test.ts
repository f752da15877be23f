/** Colours that went round around a face, and what is loud in a sound picture. */
import { expect, it } from 'vitest'
import { hasWrappedColours } from '../../../../src/image/decode/webp/wrapped-colours.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { drawImage, pixelAt } from '../../../support/photos/sample-photos.ts'
import { seededRandom } from '../../../support/random.ts'

const face = { x: 60, y: 60, width: 80, height: 80 }

/** Light that falls from one side, with a little grain. */
function skin(): RgbImage {
  const random = seededRandom(5)
  return drawImage(200, 200, (x, y) => {
    const grain = 6 * random()
    return [170 + x / 4 + grain, 120 + y / 5 + grain, 20 + grain]
  })
}

type Pixel = readonly number[] | Uint8ClampedArray | Uint8Array

function painted(paint: (x: number, y: number, pixel: Pixel) => Pixel): RgbImage {
  const image = skin()
  return drawImage(200, 200, (x, y) => paint(x, y, pixelAt(image, x, y)))
}

/** As a misread blue shifts all to the right of it, in a few rows. */
const wrapped = (left: number, top: number): RgbImage =>
  painted((x, y, [red, green, blue]) => {
    const isShifted = x >= left && x < left + 20 && y >= top && y < top + 20
    return [red!, green!, isShifted ? (blue! + 228 + ((x + y) % 2) * 14) % 256 : blue!]
  })

it('are found in a face and half of its side around it', () => {
  for (const [left, top] of [
    [80, 90],
    [24, 24],
    [150, 150],
    [24, 150],
  ] as const) {
    expect(hasWrappedColours(wrapped(left, top), face), `${left}, ${top}`).toBe(true)
  }
})

it('are not looked for farther away', () => {
  const small = { x: 90, y: 90, width: 20, height: 20 }
  for (const [left, top] of [
    [4, 90],
    [90, 4],
    [140, 90],
    [90, 140],
  ] as const) {
    expect(hasWrappedColours(wrapped(left, top), small), `${left}, ${top}`).toBe(false)
  }
})

it('are a share of what is looked at: few of a large face are its grain', () => {
  const image = wrapped(90, 90)
  const larger = (times: number): RgbImage =>
    drawImage(200 * times, 200 * times, (x, y) => {
      const isCorner = x < 200 && y < 200
      return isCorner ? pixelAt(image, x, y) : [170, 120, 20 + ((x + y) % 2)]
    })
  const box = (times: number) => ({ x: 50, y: 50, width: 100 * times, height: 100 * times })
  expect(hasWrappedColours(larger(2), box(2))).toBe(true)
  expect(hasWrappedColours(larger(6), box(6))).toBe(false)
})

it('may reach beyond the picture, as a face may', () => {
  expect(hasWrappedColours(wrapped(0, 0), { x: -60, y: -50, width: 300, height: 320 })).toBe(true)
  expect(hasWrappedColours(skin(), { x: -60, y: -50, width: 300, height: 320 })).toBe(false)
})

it('are not found in grain, in letters, in boxes, nor where few colours or loud ones are', () => {
  const random = seededRandom(3)
  const blue = [0, 0, 255] as const
  const pictures = {
    skin: skin(),
    'coloured grain': painted((_, __, pixel) =>
      Uint8ClampedArray.from(pixel, (value) => value + 120 * (random() - 0.5)),
    ),
    'noise made sharper': painted(() => [
      20 + 215 * random(),
      20 + 215 * random(),
      20 + 215 * random(),
    ]),
    'grey noise': painted(() => {
      const grey = 255 * random()
      return [grey, grey, grey]
    }),
    dots: painted((_, __, pixel) => (random() < 0.1 ? blue : pixel)),
    box: painted((x, y, pixel) => (x === 70 || y === 70 || x === 120 || y === 120 ? blue : pixel)),
    'few colours': painted((_, __, pixel) => Array.from(pixel, (value) => (value > 140 ? 255 : 0))),
    squares: painted((x, y) => (((x >> 2) + (y >> 2)) % 2 ? [250, 8, 4] : [4, 250, 244])),
  }
  for (const [name, picture] of Object.entries(pictures)) {
    expect(hasWrappedColours(picture, face), name).toBe(false)
  }
})
