import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { isUsableEncoding } from '../../src/encoding/encoding.ts'
import { templateOf } from '../../src/encoding/template.ts'
import { randomNumbers } from '../support/random.ts'

describe('a template', () => {
  const encodings = Array.from({ length: 10 }, (_, i) => randomNumbers(128, i + 1))

  it('is the mean, number by number', () => {
    const mean = encodings[0]!.map(
      (_, i) => encodings.reduce((sum, one) => sum + one[i]!, 0) / encodings.length,
    )
    expect(distance(templateOf(encodings), mean)).toBeLessThan(1e-5)
  })

  it('does not depend on the order', () => {
    expect(distance(templateOf(encodings), templateOf(encodings.toReversed()))).toBeLessThan(1e-6)
  })

  it('of one encoding is that encoding', () => {
    expect(templateOf([encodings[0]!])).toEqual(encodings[0])
  })

  it('of none is not an encoding', () => {
    expect(templateOf([]).every(Number.isNaN)).toBe(true)
  })

  it('of none, or of different lengths, is none that anything matches', () => {
    for (const encodings of [[], [randomNumbers(128, 1), randomNumbers(64, 1)]]) {
      expect(isUsableEncoding(templateOf(encodings))).toBe(false)
      expect(templateOf(encodings).every(Number.isNaN)).toBe(true)
    }
  })
})
