import { describe, expect, it } from 'vitest'
import { readOrientation } from '../../src/image/orientation.ts'
import { makeTiff } from '../support/photos/add-exif.ts'

describe('readOrientation', () => {
  it.each(['II', 'MM'] as const)('reads all eight values in byte order %s', (order) => {
    for (let value = 1; value <= 8; value++) {
      expect(readOrientation(makeTiff(value, order))).toBe(value)
    }
  })

  it.each([
    ['BYTE', 1, 1],
    ['LONG', 4, 4],
    ['SBYTE', 6, 1],
    ['SSHORT', 8, 2],
    ['SLONG', 9, 4],
  ])('reads %s, which some writers use in place of SHORT', (_, type, bytes) => {
    for (const order of ['II', 'MM'] as const) {
      const tiff = makeTiff(1, order)
      const view = new DataView(tiff.buffer)
      view.setUint16(12, type, order === 'II')
      view.setUint32(18, 0)
      if (bytes === 1) view.setUint8(18, 6)
      if (bytes === 2) view.setUint16(18, 6, order === 'II')
      if (bytes === 4) view.setUint32(18, 6, order === 'II')
      expect(readOrientation(tiff)).toBe(6)
    }
  })

  it('takes anything malformed for upright', () => {
    const tiff = makeTiff(6)
    const patched = (at: number, ...values: number[]) => {
      const copy = tiff.slice()
      copy.set(values, at)
      return copy
    }
    expect(readOrientation(undefined)).toBe(1)
    expect(readOrientation(makeTiff(0))).toBe(1)
    expect(readOrientation(makeTiff(9))).toBe(1)
    expect(readOrientation(patched(0, 0x49))).toBe(1)
    expect(readOrientation(patched(3, 43))).toBe(1)
    expect(readOrientation(patched(4, 0xff, 0xff, 0xff, 0xff))).toBe(1)
    expect(readOrientation(patched(10, 0))).toBe(1)
    expect(readOrientation(patched(13, 4))).toBe(1)
    for (let length = 0; length < 20; length++) {
      expect(readOrientation(tiff.subarray(0, length))).toBe(1)
    }
  })

  it('does not follow more entries than the data holds', () => {
    const tiff = makeTiff(6)
    tiff.set([0xff, 0xff, 0x01, 0x00], 8)
    expect(readOrientation(tiff)).toBe(1)
  })
})
