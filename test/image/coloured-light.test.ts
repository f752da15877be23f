import { describe, expect, it } from 'vitest'
import { isInColouredLight, takeColourAway } from '../../src/image/coloured-light.ts'
import { drawImage } from '../support/photos/sample-photos.ts'

const lit = (red: number, green: number, blue: number) =>
  drawImage(40, 30, (x, y) => [red, green, blue].map((gain) => (gain * (x + y) * 255) / 68))

describe('isInColouredLight', () => {
  it.each([
    ['red', lit(1, 0.25, 0.25)],
    ['green', lit(0.3, 1, 0.3)],
    ['dim blue', lit(0.02, 0.03, 0.12)],
    ['half red, half blue', drawImage(40, 30, (x) => (x < 20 ? [200, 40, 40] : [40, 40, 200]))],
  ])('is so in %s light', (_, image) => {
    expect(isInColouredLight(image)).toBe(true)
  })

  it.each([
    ['grey', lit(1, 1, 1)],
    ['warm', lit(1, 0.8, 0.5)],
    ['no', lit(0, 0, 0)],
    [
      'daylight with a red coat in',
      drawImage(40, 30, (x) => (x < 20 ? [200, 20, 20] : [180, 170, 160])),
    ],
  ])('is not so in %s light', (_, image) => {
    expect(isInColouredLight(image)).toBe(false)
  })
})

describe('takeColourAway', () => {
  it('leaves the luma of each pixel', () => {
    const values = Float32Array.of(255, 0, 0, 10, 10, 10, 0, 100, 0)
    takeColourAway(values)
    expect([...values].map(Math.round)).toEqual([76, 76, 76, 10, 10, 10, 59, 59, 59])
  })
})
