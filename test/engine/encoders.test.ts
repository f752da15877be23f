import { describe, expect, it } from 'vitest'
import { dlibResnet } from '../../src/encoder/dlib-resnet.ts'
import { nn4Small2OpenFace } from '../../src/encoder/nn4-small2.ts'
import { encoders, encodingLengthOf } from '../../src/engine/encoders.ts'
import { smallEncoder } from '../support/networks/small-encoder.ts'

describe('the length of encodings', () => {
  it('follows from the table of each encoder that can be packed', () => {
    for (const { parts } of encoders) {
      const lengths = parts.map(({ table }) => encodingLengthOf(table))
      expect(lengths[0]).toBeGreaterThan(0)
      expect(new Set(lengths).size).toBe(1)
    }
    expect(encodingLengthOf(dlibResnet)).toBe(128)
    expect(encodingLengthOf(nn4Small2OpenFace)).toBe(128)
  })

  it.each([4, 64, 512, 1024])('is %i where the last layers give as many', (length) => {
    expect(encodingLengthOf(smallEncoder(length).parts[0].table)).toBe(length)
  })

  it.each([2, 130, 1028])('is refused where the last layers give %i', (length) => {
    expect(() => encodingLengthOf(smallEncoder(length).parts[0].table)).toThrow(
      `small-${length} gives ${length} numbers; an encoding has 4 to 1024 numbers, a multiple of 4`,
    )
  })
})
