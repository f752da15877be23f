import { describe, expect, it } from 'vitest'
import { secondChip } from '../../src/encoder/second-look.ts'

const size = 50

/** What is at the middle of each pixel, by its place from the middle of the chip. */
function chipOf(value: (x: number, y: number, channel: number) => number): Float32Array {
  const chip = new Float32Array(size * size * 3)
  for (let i = 0; i < chip.length; i++) {
    const pixel = Math.floor(i / 3)
    const [x, y] = [pixel % size, Math.floor(pixel / size)]
    chip[i] = value(x + 0.5 - size / 2, y + 0.5 - size / 2, i % 3)
  }
  return chip
}

function apart(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

describe('secondChip', () => {
  it('is the mirror image, a little closer, of every channel', () => {
    const ramp = chipOf((x, y, channel) => 100 + x + 2 * y + 30 * channel)
    const expected = chipOf((x, y, channel) => 100 + 0.94 * (-x + 2 * y) + 30 * channel)
    expect(apart(secondChip(ramp, size), expected)).toBeLessThan(1e-4)
  })

  it('reads nothing from outside the chip', () => {
    const even = chipOf((_, __, channel) => 90 + channel)
    expect(secondChip(even, size)).toEqual(even)
    const framed = chipOf((x, y) => (Math.max(Math.abs(x), Math.abs(y)) > size / 2 - 1 ? 255 : 0))
    expect(Math.max(...secondChip(framed, size))).toBe(0)
  })

  it('seen twice is the chip again, closer', () => {
    const ramp = chipOf((x, y) => 3 * x - y)
    const twice = secondChip(secondChip(ramp, size), size)
    expect(
      apart(
        twice,
        chipOf((x, y) => 0.94 ** 2 * (3 * x - y)),
      ),
    ).toBeLessThan(1e-4)
  })

  it('leaves the chip as it was', () => {
    const chip = chipOf((x, y) => x * y)
    const before = chip.slice()
    secondChip(chip, size)
    expect(chip).toEqual(before)
  })
})
