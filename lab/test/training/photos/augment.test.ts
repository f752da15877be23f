import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../test/support/random.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'
import { augment, plain } from '../../../training/photos/augment.ts'

const squares = { size: 8, margin: 2 }
const noise = seededRandom(1)
const square = Uint8Array.from({ length: 12 * 12 * 3 }, () => noise() * 256)
const run = (augmentation: Partial<typeof plain>, seed = 1): Float32Array =>
  augment(square, squares, { ...plain, ...augmentation }, new SeededRandom(seed))
const pixel = (column: number, row: number): number[] =>
  Array.from(square.subarray((row * 12 + column) * 3, (row * 12 + column) * 3 + 3))

describe('augment', () => {
  it('plain cuts the middle out, number for number', () => {
    const chip = run({})
    expect(Array.from(chip.subarray(0, 3))).toEqual(pixel(2, 2))
    expect(Array.from(chip.subarray((7 * 8 + 7) * 3))).toEqual(pixel(9, 9))
  })

  it('mirrors about every other one', () => {
    const mirrored = Array.from({ length: 60 }, (_, seed) => run({ mirror: true }, seed)).filter(
      (chip) => chip[0] === pixel(9, 2)[0],
    )
    expect(mirrored.length).toBeGreaterThan(15)
    expect(mirrored.length).toBeLessThan(45)
    expect(Array.from(mirrored[0]!.subarray(0, 3))).toEqual(pixel(9, 2))
  })

  it('stays within the margin for as large a shift, so that no black comes in', () => {
    const bright = new Uint8Array(12 * 12 * 3).fill(200)
    for (let seed = 0; seed < 20; seed++) {
      const augmentation = { ...plain, shift: 0.2 }
      const chip = augment(bright, squares, augmentation, new SeededRandom(seed))
      expect(chip.every((value) => Math.abs(value - 200) < 1e-3)).toBe(true)
    }
  })

  it('changes light within the range of pixels', () => {
    const chips = Array.from({ length: 20 }, (_, seed) => run({ light: 0.8 }, seed))
    expect(chips.some((chip) => chip.some((value, i) => value !== chips[0]![i]))).toBe(true)
    for (const chip of chips) expect(chip.every((value) => value >= 0 && value <= 255)).toBe(true)
  })

  it('is the same for the same seed, another for another', () => {
    const all = { mirror: true, shift: 0.1, turnDegrees: 8, zoom: 0.1, light: 0.2 }
    expect(run(all, 5)).toEqual(run(all, 5))
    expect(run(all, 5)).not.toEqual(run(all, 6))
  })
})
