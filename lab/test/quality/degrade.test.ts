import { describe, expect, it } from 'vitest'
import { measureLight } from '../../../src/face/quality.ts'
import { seededRandom } from '../../../test/support/random.ts'
import { blur, degradations } from '../../quality/degrade.ts'

const size = 60
const random = seededRandom(5)
/** Squares of six pixels in random greys: coarse and fine detail, as a face has. */
const greys = Array.from({ length: 100 }, () => Math.round(random() * 255))
const chip = Float32Array.from({ length: size * size * 3 }, (_, i) => {
  const pixel = Math.floor(i / 3)
  const [x, y] = [pixel % size, Math.floor(pixel / size)]
  return greys[Math.floor(y / 6) * 10 + Math.floor(x / 6)]!
})
const named = (start: string) =>
  degradations
    .filter(({ name }) => name.startsWith(start))
    .map(({ degrade }) => degrade(chip, size))

describe('degradations', () => {
  it('give whole numbers from 0 to 255, as many as there were, and leave the chip alone', () => {
    const before = chip.slice()
    for (const { degrade } of degradations) {
      const worse = degrade(chip, size)
      expect(worse).toHaveLength(chip.length)
      expect(worse.every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true)
    }
    expect(chip).toEqual(before)
  })

  it('begin with the chip as it is', () => {
    expect(degradations[0]!.degrade(chip, size)).toEqual(chip)
  })

  it.each([
    ['blurred', 'sharpness'],
    ['light', 'brightness'],
    ['contrast', 'contrast'],
  ] as const)('%s: each has less %s than the one before', (start, measure) => {
    const steps = named(start).map((worse) => measureLight(worse, size)[measure])
    expect(steps.length).toBeGreaterThan(3)
    expect(steps).toEqual(steps.toSorted((a, b) => b - a))
    expect(steps[0]).toBeLessThan(measureLight(chip, size)[measure])
  })

  it('overexposed: each is brighter than the one before', () => {
    const steps = named('overexposed').map((worse) => measureLight(worse, size).brightness)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })
})

describe('blur', () => {
  it('spreads one bright pixel as a bell, the same both ways, and loses no light', () => {
    const dot = new Float32Array(size * size * 3)
    dot.fill(90, (30 * size + 30) * 3, (30 * size + 30) * 3 + 3)
    const spread = blur(dot, size, 2)
    const at = (x: number, y: number): number => spread[(y * size + x) * 3]!
    expect(at(33, 30)).toBeCloseTo(at(30, 33), 6)
    expect(at(33, 30)).toBeCloseTo(at(27, 30), 6)
    expect(at(32, 30) / at(30, 30)).toBeCloseTo(Math.exp(-0.5), 4)
    expect(spread.reduce((sum, value) => sum + value, 0)).toBeCloseTo(270, 2)
  })
})
