import { describe, expect, it } from 'vitest'
import type { Orientation } from '../../src/image/orientation.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { turnImage, turnUpright } from '../../src/image/turn.ts'

/** One letter a pixel, so that a picture can be read off the page. */
function draw(...rows: string[]): RgbImage {
  const codes = [...rows.join('')].flatMap((letter) => [letter.charCodeAt(0), 1, 2])
  return { width: rows[0].length, height: rows.length, data: Uint8Array.from(codes) }
}

describe('turnUpright', () => {
  it.each<[Orientation, RgbImage]>([
    [1, draw('abc', 'def')],
    [2, draw('cba', 'fed')],
    [3, draw('fed', 'cba')],
    [4, draw('def', 'abc')],
    [5, draw('ad', 'be', 'cf')],
    [6, draw('cf', 'be', 'ad')],
    [7, draw('fc', 'eb', 'da')],
    [8, draw('da', 'eb', 'fc')],
  ])('orientation %i gives the picture back', (orientation, stored) => {
    expect(turnUpright(stored, orientation)).toEqual(draw('abc', 'def'))
  })

  it('returns the image itself when it is upright', () => {
    const image = draw('abc')
    expect(turnUpright(image, 1)).toBe(image)
  })
})

describe('turnImage', () => {
  it('turns clockwise', () => {
    const image = draw('abc', 'def')
    expect(turnImage(image, 0)).toBe(image)
    expect(turnImage(image, 90)).toEqual(draw('da', 'eb', 'fc'))
    expect(turnImage(image, 180)).toEqual(draw('fed', 'cba'))
    expect(turnImage(image, 270)).toEqual(draw('cf', 'be', 'ad'))
  })
})
