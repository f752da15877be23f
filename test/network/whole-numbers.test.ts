/** The kernels that load a filter, against the same in JavaScript, bit for bit. */
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { startBackend } from '../../src/network/backend.ts'
import { Heap } from '../../src/network/plan/heap.ts'
import { largestOfFour, packedLevels, roundFilter } from '../../src/network/plan/integers.ts'
import { planKernels } from '../../src/network/plan/kernel-exports.ts'
import {
  type PackedFilter,
  placeFilter,
  withRoomForFour,
} from '../../src/network/plan/place-filter.ts'
import { randomNumbers, seededRandom } from '../support/random.ts'

beforeAll(async () => startBackend((await nodeAssets()).backend))

function wholeOf(packed: PackedFilter, out: number): { weights: Int16Array; steps: Float32Array } {
  const heap = new Heap()
  const { address, count, steps } = placeFilter(packed, out, heap, planKernels())
  const weights = heap.copyOut(Int16Array, address, count)
  heap.release()
  return { weights, steps }
}

describe('a filter on the heap', () => {
  it.each([1, 3, 8, 19, 64])('is rounded as in JavaScript, %i channels', (out) => {
    const filter = randomNumbers(27 * out, out).map((value, i) => value * 3 ** ((i % out) % 5))
    // A channel of zeros, halves of a step, both signs.
    for (let i = 0; i < filter.length; i += out) filter[i] = 0
    filter[out - 1] = -filter[out - 1]!
    const wanted = roundFilter(filter, out)
    expect(wholeOf({ kind: 'floats', filter }, out)).toEqual(wanted)
  })

  it('rounds halves up, as Math.round does', () => {
    const filter = Float32Array.of(1, 0.5, -0.5, 1.5, -1.5, packedLevels)
    expect(roundFilter(filter, 1, packedLevels).weights).toEqual(
      Int16Array.of(1, 1, 0, 2, -1, packedLevels),
    )
    const { weights, steps } = wholeOf({ kind: 'floats', filter }, 1)
    expect([...weights]).toEqual(Array.from(filter, (value) => Math.round(value / steps[0]!)))
  })

  it('is looked up among its levels', () => {
    const random = seededRandom(5)
    const levels = Int16Array.from({ length: 256 }, (_, i) => i * 28 - 3600)
    const codes = Uint8Array.from({ length: 9 * 16 * 5 }, () => random() * 256)
    const steps = Float32Array.of(1, 2, 3, 4, 5)
    const { weights } = wholeOf({ kind: 'codes', codes, levels, steps }, 5)
    expect(weights).toEqual(Int16Array.from(codes, (code) => levels[code]!))
  })
})

describe('a filter that is added up by fours', () => {
  it.each([
    [largestOfFour, 1],
    [largestOfFour + 1, 2],
    [16382, 2],
    [16383, 4],
    [-20000, 4],
    [32767, 8],
    [-32767, 8],
  ])('of at most %i is kept in units %i times as large', (largest, units) => {
    const weights = Int16Array.from({ length: 16 * 8 }, (_, i) => ((i * 977) % 2000) - 1000)
    weights[77] = largest
    const heap = new Heap()
    const packed = {
      kind: 'whole' as const,
      weights,
      steps: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    }
    const placed = placeFilter(packed, 8, heap, planKernels())
    const { address, count, steps } = withRoomForFour(placed, planKernels())
    const kept = heap.copyOut(Int16Array, address, count)
    heap.release()
    expect(steps).toEqual(packed.steps.map((step) => step * units))
    expect(Math.max(...kept.map(Math.abs))).toBeLessThanOrEqual(largestOfFour)
    // Halves are rounded up.
    expect(kept).toEqual(
      weights.map((weight) => Math.floor(weight / units + (units > 1 ? 0.5 : 0))),
    )
  })
})

describe('sumWeights', () => {
  it.each([1, 7, 8, 24, 100])('adds up what is positive, and all, of %i channels', (out) => {
    const random = seededRandom(out)
    const weights = Int16Array.from({ length: 18 * out }, () => random() * 7280 - 3640)
    const wanted = { positive: new Int32Array(out), total: new Int32Array(out) }
    weights.forEach((weight, i) => {
      wanted.positive[i % out]! += Math.max(weight, 0)
      wanted.total[i % out]! += weight
    })
    const heap = new Heap()
    const [positive, total] = [heap.put(new Int32Array(out)), heap.put(new Int32Array(out))]
    planKernels().sumWeights(heap.put(weights), weights.length, out, positive, total)
    expect(heap.copyOut(Int32Array, positive, out)).toEqual(wanted.positive)
    expect(heap.copyOut(Int32Array, total, out)).toEqual(wanted.total)
    heap.release()
  })
})
