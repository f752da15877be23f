import { describe, expect, it } from 'vitest'
import { unitVector } from '../../../src/encoding/direction.ts'
import { distance } from '../../../src/encoding/distance.ts'
import { type Int8Encoding, toInt8 } from '../../../src/encoding/int8-encoding.ts'
import type { RowScale } from '../../../src/encoding/metrics/behaviour.ts'
import { naiveScan } from '../../../src/gallery/search/naive-scan.ts'
import { createTemplateRows } from '../../../src/gallery/search/template-rows.ts'
import { galleryKernel } from '../../support/networks/gallery-kernel.ts'
import { randomNumbers } from '../../support/random.ts'

/** Of lengths between a hundredth and a hundred. */
function encoding(seed: number): Float32Array {
  const length = 10 ** ((seed % 5) - 2)
  return unitVector(randomNumbers(128, seed)).map((value) => value * length)
}

/** More than are scanned at a time. */
const people = 9000
const templates: Int8Encoding[] = Array.from({ length: people }, (_, i) => toInt8(encoding(i)))
const rows = createTemplateRows(galleryKernel, 128)
for (const [row, template] of templates.entries()) rows.write(row, template)

/** Large enough for everybody. */
const everywhere = 1e9

describe.each<RowScale>(['as they are', 'unit length'])('the scan of rows %s', (scale) => {
  const probes = Array.from({ length: 12 }, (_, i) => {
    const probe = encoding(100_000 + i)
    return scale === 'unit length' ? unitVector(probe) : probe
  })

  it('agrees with the naive one', () => {
    for (const probe of probes) {
      const naive = naiveScan(templates, probe, { maxDistance: everywhere, rows: scale })
      const reach = naive[500]!.atLeast
      const fast = new Map(
        rows
          .scan(probe, people, { maxDistance: reach, rows: scale })
          .map(({ row, atLeast }) => [row, atLeast]),
      )
      // At the very edge of the reach they may differ.
      expect(Math.abs(fast.size - 501)).toBeLessThan(20)
      const tolerance = 3e-4 * Math.max(1, reach)
      for (const { row, atLeast } of naive.slice(0, 480)) {
        expect(Math.abs(fast.get(row)! - atLeast)).toBeLessThan(tolerance)
      }
    }
  })

  it('never puts anybody farther away than they are', () => {
    const exact = templates.map((_, row) =>
      scale === 'unit length' ? unitVector(encoding(row)) : encoding(row),
    )
    for (const probe of probes) {
      const scanned = rows.scan(probe, people, { maxDistance: everywhere, rows: scale })
      expect(scanned).toHaveLength(people)
      const tooFar = scanned.filter(({ row, atLeast }) => atLeast > distance(probe, exact[row]!))
      expect(tooFar).toEqual([])
    }
  })

  it('gives the most promising when there are more than asked for', () => {
    const options = { maxDistance: everywhere, rows: scale }
    const all = rows.scan(probes[0]!, people, options)
    expect(all).toHaveLength(people)
    expect(rows.scan(probes[0]!, people, { ...options, most: 10 })).toEqual(all.slice(0, 10))
  })
})

describe.each([4, 36, 64, 512, 1024])('rows of %i numbers', (length) => {
  const count = 300
  const encodings = Array.from({ length: count }, (_, i) => unitVector(randomNumbers(length, i)))
  const templates = encodings.map(toInt8)
  const rows = createTemplateRows(galleryKernel, length)
  for (const [row, template] of templates.entries()) rows.write(row, template)

  it.each<RowScale>(['as they are', 'unit length'])('%s agree with the naive scan', (scale) => {
    for (let seed = 1000; seed < 1005; seed++) {
      const probe = unitVector(randomNumbers(length, seed))
      const options = { maxDistance: everywhere, rows: scale }
      const naive = naiveScan(templates, probe, options)
      const fast = new Map(
        rows.scan(probe, count, options).map(({ row, atLeast }) => [row, atLeast]),
      )
      expect([fast.size, naive.length]).toEqual([count, count])
      for (const { row, atLeast } of naive) {
        expect(Math.abs(fast.get(row)! - atLeast)).toBeLessThan(1e-3)
        const apart = distance(probe, encodings[row]!)
        expect(fast.get(row)!).toBeLessThanOrEqual(apart)
        expect(apart - fast.get(row)!).toBeLessThan(0.05)
      }
    }
  })

  it('count right where every number is as large as it may be', () => {
    const few = createTemplateRows(galleryKernel, length)
    const [high, low] = [1, -1].map((value) => new Float32Array(length).fill(value))
    few.write(0, toInt8(high!))
    few.write(1, toInt8(low!))
    const options = { maxDistance: everywhere, rows: 'as they are' } as const
    const [nearest, farthest] = few.scan(high!, 2, options)
    expect([nearest!.row, farthest!.row]).toEqual([0, 1])
    expect(nearest!.atLeast).toBe(0)
    const apart = 2 * Math.sqrt(length)
    expect(farthest!.atLeast).toBeLessThanOrEqual(apart)
    expect(farthest!.atLeast).toBeGreaterThan(apart * 0.98)
  })

  it('take no template of another length', () => {
    const other = toInt8(randomNumbers(length + 4, 1))
    expect(() => rows.write(0, other)).toThrow(
      `a template of ${length + 4} numbers among rows of ${length}`,
    )
    const probe = unitVector(randomNumbers(length, 1))
    expect(naiveScan([other], probe, { maxDistance: everywhere, rows: 'as they are' })).toEqual([])
  })
})

describe('rows', () => {
  it('are copied whole', () => {
    const few = createTemplateRows(galleryKernel, 128)
    few.write(0, toInt8(encoding(1)))
    few.write(1, toInt8(encoding(2)))
    few.copy(1, 0)
    const found = few.scan(encoding(2), 2, { maxDistance: 0, rows: 'as they are' })
    expect(found.map(({ row }) => row)).toEqual([0, 1])
  })

  it('take 136 bytes each, and less than a megabyte beside', () => {
    expect(rows.bytes - people * 136).toBeLessThan(1_000_000)
  })
})
