import { describe, expect, it } from 'vitest'
import { brighten, lightestLuma } from '../../src/image/brighten.ts'
import { drawImage } from '../support/sample-photos.ts'

const slope = (most: number) =>
  drawImage(100, 10, (x) => new Array<number>(3).fill((x / 99) * most))

describe('brighten', () => {
  it('raises a dark photo until its lightest part is as light as in an ordinary one', () => {
    const dark = slope(40)
    const bright = brighten(dark)!
    expect(lightestLuma(bright)).toBeGreaterThan(190)
    expect(lightestLuma(bright)).toBeLessThan(210)
    expect(lightestLuma(dark)).toBeLessThanOrEqual(40)
    expect(bright.data[0]).toBe(0)
  })

  it('does not touch the photo it was given', () => {
    const dark = slope(40)
    const before = dark.data.slice()
    brighten(dark)
    expect(dark.data).toEqual(before)
  })

  it('leaves a photo alone that is light enough, or black', () => {
    expect(brighten(slope(130))).toBeNull()
    expect(brighten(slope(255))).toBeNull()
    expect(brighten(slope(0))).toBeNull()
    expect(brighten(slope(10))).toBeNull()
  })

  it('is not deceived by a lamp in the dark', () => {
    const lamp = drawImage(100, 100, (x, y) => (x < 5 && y < 5 ? [255, 255, 255] : [30, 30, 30]))
    expect(lightestLuma(lamp)).toBe(30)
    expect(brighten(lamp)!.data[3 * 9_999]).toBe(200)
  })
})
