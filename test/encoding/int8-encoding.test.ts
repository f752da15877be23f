import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import {
  int8EncodingBytes,
  maxRounding,
  readInt8,
  toInt8,
  writeInt8,
} from '../../src/encoding/int8-encoding.ts'
import { randomNumbers } from '../support/random.ts'

const restore = ({ scale, numbers }: ReturnType<typeof toInt8>) =>
  Float32Array.from(numbers, (number) => number * scale)

describe('toInt8', () => {
  it('moves no encoding farther than its bound, and none by nothing', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const size = 10 ** ((seed % 9) - 4)
      const encoding = randomNumbers(128, seed).map((value) => value * size)
      const rounded = toInt8(encoding)
      const moved = distance(encoding, restore(rounded))
      expect(moved).toBeGreaterThan(0)
      expect(moved).toBeLessThanOrEqual(maxRounding(rounded.scale, 128))
    }
  })

  it('keeps the bound where every number is halfway between two steps', () => {
    const encoding = new Float32Array(128).fill(0.5).fill(127, 0, 1)
    const rounded = toInt8(encoding)
    expect(distance(encoding, restore(rounded))).toBeLessThanOrEqual(
      maxRounding(rounded.scale, 128),
    )
    expect(maxRounding(rounded.scale, 128)).toBeLessThan(5.66)
  })

  it('uses the whole range, both ways', () => {
    const { numbers } = toInt8(new Float32Array(128).fill(-0.3).fill(0.3, 0, 1))
    expect([numbers[0], numbers[1]]).toEqual([127, -127])
  })
})

describe('the bytes', () => {
  const encoding = toInt8(randomNumbers(128, 1))

  it('come back as they were, all 132', () => {
    const bytes = writeInt8(encoding)
    expect(bytes).toHaveLength(132)
    expect(readInt8(new Uint8Array(bytes))).toEqual(encoding)
  })

  it.each([4, 64, 512, 1024])('come back as they were for %i numbers', (length) => {
    const other = toInt8(randomNumbers(length, 1))
    const bytes = writeInt8(other)
    expect(bytes).toHaveLength(int8EncodingBytes(length))
    expect(readInt8(new Uint8Array(bytes))).toEqual(other)
  })

  it('come back from the middle of a buffer', () => {
    const bytes = writeInt8(encoding)
    const buffer = new Uint8Array(bytes.length + 7)
    buffer.set(bytes, 5)
    expect(readInt8(buffer.subarray(5, 5 + bytes.length))).toEqual(encoding)
  })

  const withScale = (scale: number) => writeInt8({ ...encoding, scale })
  it.each([
    ['none', new Uint8Array(0)],
    ['one too few', writeInt8(encoding).subarray(0, int8EncodingBytes(128) - 1)],
    ['one too many', new Uint8Array([...writeInt8(encoding), 0])],
    ['those of 1,028 numbers', writeInt8(toInt8(randomNumbers(1028, 1)))],
    ['a scale of 0', withScale(0)],
    ['a negative scale', withScale(-1)],
    ['a scale that is not a number', withScale(Number.NaN)],
    ['an endless scale', withScale(Number.POSITIVE_INFINITY)],
  ])('are refused when there are %s', (_, bytes) => {
    expect(readInt8(new Uint8Array(bytes))).toBeNull()
  })
})
