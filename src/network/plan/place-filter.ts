/**
 * A convolution's filter on the heap in whole numbers, [places, out] int16, however it is packed: looked up, rounded or copied by
 * the kernels that load it (kernels/whole-numbers.ts), since in JavaScript these loops over millions of weights were most of
 * a cold start.
 */
import type { Heap } from './heap.ts'
import { type IntegerFilter, largestOfFour, levelsFor, stepsFor } from './integers.ts'
import type { PlanKernels } from './kernel-exports.ts'

export type PackedFilter =
  | ({ readonly kind: 'whole' } & IntegerFilter)
  /** One byte a weight: its place among the levels. */
  | {
      readonly kind: 'codes'
      readonly codes: Uint8Array
      /** At most 256. */
      readonly levels: Int16Array
      readonly steps: Float32Array
    }
  | { readonly kind: 'floats'; readonly filter: Float32Array }

/** On the heap until it is released. */
export interface PlacedFilter {
  readonly address: number
  readonly count: number
  /** [out] */
  readonly steps: Float32Array
}

export function placeFilter(
  packed: PackedFilter,
  out: number,
  heap: Heap,
  kernels: PlanKernels,
): PlacedFilter {
  switch (packed.kind) {
    case 'whole':
      return {
        address: heap.put(packed.weights),
        count: packed.weights.length,
        steps: packed.steps,
      }
    case 'codes': {
      const { codes, steps } = packed
      const [from, levels] = [heap.put(codes), heap.put(packed.levels)]
      const address = heap.take(codes.length * 2)
      kernels.lookUp(from, codes.length, levels, address)
      heap.give(levels)
      heap.give(from)
      return { address, count: codes.length, steps }
    }
    case 'floats':
      return roundOnHeap(packed.filter, out, heap, kernels)
  }
}

/** The filter with fewer levels where four times its largest number would not fit into 16 bits. */
export function withRoomForFour(filter: PlacedFilter, kernels: PlanKernels): PlacedFilter {
  const { address, count, steps } = filter
  const largest = kernels.largestWeight(address, count)
  let halvings = 0
  while ((largest + ((1 << halvings) >> 1)) >> halvings > largestOfFour) halvings++
  if (halvings === 0) return filter
  kernels.halveWeights(address, count, halvings)
  return { ...filter, steps: steps.map((step) => step * 2 ** halvings) }
}

/** As `roundFilter` does it in JavaScript. */
function roundOnHeap(
  filter: Float32Array,
  out: number,
  heap: Heap,
  kernels: PlanKernels,
): PlacedFilter {
  const from = heap.put(filter)
  const mostAt = heap.put(new Float32Array(out))
  const sumsAt = heap.put(new Float64Array(out))
  kernels.measureFilter(from, filter.length, out, mostAt, sumsAt)
  const most = heap.copyOut(Float32Array, mostAt, out)
  const steps = stepsFor(most, levelsFor(most, heap.copyOut(Float64Array, sumsAt, out)))
  const stepsAt = heap.put(steps)
  const address = heap.take(filter.length * 2)
  kernels.roundWeights(from, filter.length, out, stepsAt, address)
  for (const used of [stepsAt, sumsAt, mostAt, from]) heap.give(used)
  return { address, count: filter.length, steps }
}
