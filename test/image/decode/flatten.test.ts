import { expect, it } from 'vitest'
import { flattenOntoWhite } from '../../../src/image/decode/flatten.ts'

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
