import { describe, expect, it } from 'vitest'
import { brighten, gainOf, lightestLuma } from '../../src/image/brighten.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { drawImage } from '../support/photos/sample-photos.ts'

const slope = (most: number) =>
  drawImage(100, 10, (x) => new Array<number>(3).fill((x / 99) * most))

function brightened(image: RgbImage): RgbImage {
  const values = Float32Array.from(image.data)
  brighten(values, gainOf(image)!)
  return { ...image, data: new Uint8Array(values.map(Math.round)) }
}

describe('brighten', () => {
  it('raises a dark photo until its lightest part is as light as in an ordinary one', () => {
    const dark = slope(40)
    const bright = brightened(dark)
    expect(lightestLuma(bright)).toBeGreaterThan(190)
    expect(lightestLuma(bright)).toBeLessThan(210)
    expect(lightestLuma(dark)).toBeLessThanOrEqual(40)
    expect(bright.data[0]).toBe(0)
  })

  it('goes no higher than white', () => {
    const values = Float32Array.of(0, 10, 100, 255)
    brighten(values, 5)
    expect([...values]).toEqual([0, 50, 255, 255])
  })
})

describe('gainOf', () => {
  it('leaves a photo alone that is light enough, or black', () => {
    expect(gainOf(slope(130))).toBeNull()
    expect(gainOf(slope(255))).toBeNull()
    expect(gainOf(slope(0))).toBeNull()
    expect(gainOf(slope(10))).toBeNull()
  })

  it('is not deceived by a lamp in the dark', () => {
    const lamp = drawImage(100, 100, (x, y) => (x < 5 && y < 5 ? [255, 255, 255] : [30, 30, 30]))
    expect(lightestLuma(lamp)).toBe(30)
    expect(brightened(lamp).data[3 * 9_999]).toBe(200)
  })
})
