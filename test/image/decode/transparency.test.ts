import { describe, expect, it } from 'vitest'
import {
  flattenOntoWhite,
  noteTransparency,
  requireOpaqueFace,
} from '../../../src/image/decode/transparency.ts'
import type { Rectangle } from '../../../src/image/resize.ts'

it('mixes every alpha with white, rounded to the nearest value', () => {
  for (let alpha = 0; alpha <= 255; alpha++) {
    const rgb = new Uint8Array(3)
    flattenOntoWhite(Uint8Array.of(0, 100, 255, alpha), rgb)
    const mixed = [0, 100, 255].map((c) => Math.round((c * alpha + 255 * (255 - alpha)) / 255))
    expect([...rgb]).toEqual(mixed)
  }
})

it('works within one buffer', () => {
  const rgba = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0, 7, 8, 9, 255)
  const rgb = new Uint8Array(rgba.buffer, 0, 9)
  flattenOntoWhite(rgba, rgb)
  expect([...rgb]).toEqual([1, 2, 3, 255, 255, 255, 7, 8, 9])
})

describe('the transparency of a picture', () => {
  const picture = noteTransparency(20, 12)
  // The square of 4 x 4 pixels in the corner, of which half is missing in the mean.
  for (let y = 8; y < 12; y++) for (let x = 16; x < 20; x++) picture.note(y * 20 + x, 127.5)

  it('is the mean over the squares that lie in a part', () => {
    expect(picture.meanOf({ x: 16, y: 8, width: 4, height: 4 })).toBe(0.5)
    expect(picture.meanOf({ x: 0, y: 0, width: 16, height: 8 })).toBe(0)
    expect(picture.meanOf({ x: 0, y: 0, width: 20, height: 12 })).toBeCloseTo(8 / 240)
  })

  it('is that of one square in a part that is smaller, or outside', () => {
    expect(picture.meanOf({ x: 17, y: 9, width: 0.1, height: 0.1 })).toBe(0.5)
    expect(picture.meanOf({ x: 90, y: 90, width: 4, height: 4 })).toBe(0.5)
    expect(picture.meanOf({ x: -90, y: -90, width: 4, height: 4 })).toBe(0)
  })

  it('is what the picture on black differs by, which an opaque one has not', () => {
    const grey = { width: 20, height: 12, data: new Uint8Array(20 * 12 * 3).fill(200) }
    expect(noteTransparency(20, 12).onBlack(grey)).toBeNull()
    const { image, scale } = picture.onBlack(grey)!
    expect([image.width, image.height, scale]).toEqual([20, 12, 1])
    expect([...image.data.subarray(-3)]).toEqual([73, 73, 73])
    expect([...image.data.subarray(0, 3)]).toEqual([200, 200, 200])
    const wide = noteTransparency(961, 3)
    wide.note(960, 55)
    const dark = wide.onBlack({ width: 961, height: 3, data: new Uint8Array(961 * 9).fill(255) })!
    expect([dark.image.width, dark.image.height, dark.scale]).toEqual([321, 1, 3])
    // A third of the last square's pixels is in the picture, and of those one is as dark.
    expect([...dark.image.data.subarray(-6)]).toEqual([255, 255, 255, 188, 188, 188])
  })

  it('may be as much as nobody sees', () => {
    const face = { x: 0, y: 0, width: 10, height: 10 }
    const asked: Rectangle[] = []
    const photo = (mean: number) => ({
      transparencyOf(area: Rectangle) {
        asked.push(area)
        return mean
      },
    })
    requireOpaqueFace(photo(8 / 255), face)
    expect(asked).toEqual([{ x: 2, y: 2, width: expect.closeTo(6), height: expect.closeTo(6) }])
    expect(() => requireOpaqueFace(photo(8.1 / 255), face)).toThrow(
      'The face is partly transparent',
    )
  })
})
