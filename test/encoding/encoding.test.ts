import { describe, expect, it } from 'vitest'
import { areOfOneLength, isEncodingLength, isUsableEncoding } from '../../src/encoding/encoding.ts'

const filled = (value: number, length = 128) => new Float32Array(length).fill(value)
const withValue = (value: number) => filled(0.1).fill(value, 77, 78)

describe('the length of an encoding', () => {
  it('is a multiple of 4 from 4 to 1,024', () => {
    const lengths = Array.from({ length: 1100 }, (_, i) => i).filter(isEncodingLength)
    expect([lengths.length, lengths[0], lengths[1], lengths.at(-1)]).toEqual([256, 4, 8, 1024])
    for (const wrong of [-4, 4.5, 130, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(isEncodingLength(wrong)).toBe(false)
    }
  })

  it('is one for all, or is not', () => {
    expect(areOfOneLength([])).toBe(true)
    expect(areOfOneLength([filled(1), filled(2)])).toBe(true)
    expect(areOfOneLength([filled(1), filled(2, 64)])).toBe(false)
  })
})

describe('isUsableEncoding', () => {
  it('asks for a length that encodings may have, and finite numbers that are not all zero', () => {
    expect(isUsableEncoding(filled(0.1))).toBe(true)
    expect(isUsableEncoding(filled(0.1, 512))).toBe(true)
    expect(isUsableEncoding(filled(0))).toBe(false)
    expect(isUsableEncoding(filled(0.1, 1028))).toBe(false)
    expect(isUsableEncoding(filled(0.1, 127))).toBe(false)
    expect(isUsableEncoding(withValue(Number.NaN))).toBe(false)
    expect(isUsableEncoding(withValue(Number.NEGATIVE_INFINITY))).toBe(false)
  })
})
