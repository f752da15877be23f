/**
 * The weights of a network on the heap, as the kernels of a plan read them: convolutions in whole numbers, Winograd's filters
 * transformed, everything else in float32. What a layer is packed as (quantise.ts) does not matter here: a source in whole
 * numbers stays exact, any other is rounded (integers.ts).
 */

import { placeLayers, type Shape, slide } from '../shapes.ts'
import { type ConvLayer, type NetworkTable, outputChannels, type WeightedLayer } from '../table.ts'
import type { Heap } from './heap.ts'
import { inputRange } from './integers.ts'
import type { PlanKernels } from './kernel-exports.ts'
import { type PackedFilter, placeFilter, withRoomForFour } from './place-filter.ts'

/** A weighted layer as it came out of the shards. */
export interface ReadLayer {
  readonly layer: WeightedLayer
  /** In whole numbers, for convolutions. */
  readonly integers: () => PackedFilter
  /** As tfjs wants it, folded. */
  readonly floats: () => Float32Array
  readonly bias: Float32Array | null
}

export type PlacedLayerWeights =
  | {
      readonly kind: 'winograd23' | 'strassen' | 'direct16'
      readonly weights: number
      /** [out padded to eights] */
      readonly scale: number
      readonly bias: number
      readonly range: number
      /** Of the filter as it is run: 1x1 where the picture is one pixel, which sees the middle of the filter only. */
      readonly kernel: readonly [height: number, width: number]
      readonly runPairs: number
    }
  | { readonly kind: 'float'; readonly weights: number; readonly bias: number }

/** By the name of the layer. */
export type PlacedWeights = ReadonlyMap<string, PlacedLayerWeights>

const lanes = 4
/** Output channels of a panel. */
const panel = 8

/** That one command adds. */
const maxSummands = 4

/** Why a table cannot be run as a plan; null when it can. */
export function unplannable(table: NetworkTable): string | null {
  for (const layer of table.layers) {
    if (layer.op === 'add' && layer.from.length > maxSummands) {
      return `${layer.name} adds ${layer.from.length} outputs, at most ${maxSummands} are summed`
    }
  }
  return null
}

/** Whether Winograd's way is open to a convolution. */
function isWinograd(
  { kernel, stride, padding, in: channels, out }: ConvLayer,
  side: number | null,
): boolean {
  if (kernel[0] !== 3 || kernel[1] !== 3 || stride !== 1) return false
  if (channels % panel !== 0 || out % panel !== 0 || side === 1) return false
  const { before, after } = slide(padding, 3, 3, 1)
  return before === 1 && after === 1
}

/** Of a layer by Strassen's way: with fewer, what is added up costs more than the products that it saves. */
const strassenProducts = 4e6
const strassenChannels = 64

/** Whether Strassen's way is open to a convolution, and pays. */
function isStrassen(
  { kernel, stride, padding, in: channels, out }: ConvLayer,
  shape: Shape | null,
): boolean {
  if (kernel[0] !== 1 || kernel[1] !== 1 || stride !== 1) return false
  const { before, after } = slide(padding, 1, 1, 1)
  if (before !== 0 || after !== 0) return false
  if (channels % (2 * panel) !== 0 || out % (2 * panel) !== 0) return false
  if (shape === null || channels < strassenChannels || out < strassenChannels) return false
  return shape.height * shape.width * channels * out >= strassenProducts
}

/** One layer at a time, so that there is never a second copy of more than one. */
export function placeWeights(
  table: NetworkTable,
  layers: Iterable<ReadLayer>,
  heap: Heap,
  kernels: PlanKernels,
): PlacedWeights {
  const shapes = shapesIn(table)
  const placed = new Map<string, PlacedLayerWeights>()
  for (const read of layers) {
    const { layer } = read
    const weights =
      layer.op === 'conv'
        ? placeConv(layer, read, shapes.get(layer.name) ?? null, heap, kernels)
        : placeFloats(layer, read, heap)
    placed.set(layer.name, weights)
  }
  return placed
}

/** Each layer's output, where the size of the input is fixed. */
function shapesIn(table: NetworkTable): Map<string, Shape> {
  const { size, sizeIs } = table.input
  if (sizeIs !== 'exact') return new Map()
  return new Map(placeLayers(table, size, size).map(({ layer, shape }) => [layer.name, shape]))
}

function placeConv(
  layer: ConvLayer,
  { integers, bias }: ReadLayer,
  shape: Shape | null,
  heap: Heap,
  kernels: PlanKernels,
): PlacedLayerWeights {
  const usesStrassen = isStrassen(layer, shape)
  const filter = placeFilter(integers(), layer.out, heap, kernels)
  const { address, count, steps } = usesStrassen ? withRoomForFour(filter, kernels) : filter
  const side = shape && Math.max(shape.height, shape.width)
  const [height, width] = layer.kernel
  const place = layer.in * layer.out
  // A picture of one pixel meets the middle of the filter only.
  const isMiddle = side === 1 && layer.stride === 1 && layer.padding === 'same'
  const middle = ((height - 1) >> 1) * width + ((width - 1) >> 1)
  const [source, length] = isMiddle ? [address + middle * place * 2, place] : [address, count]
  const kernel = isMiddle ? ([1, 1] as const) : layer.kernel
  const usesWinograd = isWinograd(layer, side)
  const shared = {
    scale: heap.put(padded(steps, panel)),
    bias: heap.put(padded(bias ?? new Float32Array(layer.out), panel)),
    range: rangeOf(source, length, layer.out, usesWinograd ? 4 : 1, heap, kernels),
    kernel,
  }
  if (usesWinograd) {
    const weights = heap.take(16 * place * 2)
    kernels.winograd23Weights(source, layer.in, layer.out, weights)
    heap.give(address)
    return { kind: 'winograd23', weights, runPairs: 0, ...shared }
  }
  if (usesStrassen) {
    const weights = heap.take((7 / 4) * place * 2)
    kernels.strassenWeights(source, layer.in, layer.out, weights)
    heap.give(address)
    return { kind: 'strassen', weights, runPairs: 0, ...shared }
  }
  const run = kernel[1] * layer.in
  const runPairs = Math.ceil(run / 2)
  const weights = heap.take(Math.ceil(layer.out / panel) * kernel[0] * runPairs * panel * 4)
  kernels.packPanels(source, kernel[0], run, layer.out, runPairs, weights)
  heap.give(address)
  return { kind: 'direct16', weights, runPairs, ...shared }
}

function rangeOf(
  weights: number,
  count: number,
  out: number,
  factor: number,
  heap: Heap,
  kernels: PlanKernels,
): number {
  const [positive, total] = [heap.put(new Int32Array(out)), heap.put(new Int32Array(out))]
  kernels.sumWeights(weights, count, out, positive, total)
  const sums = [positive, total].map((sum) => heap.copyOut(Int32Array, sum, out))
  heap.give(total)
  heap.give(positive)
  return inputRange(sums[0]!, sums[1]!, factor)
}

function placeFloats(
  layer: Exclude<WeightedLayer, ConvLayer>,
  { floats, bias }: ReadLayer,
  heap: Heap,
): PlacedLayerWeights {
  const channels = outputChannels(layer)
  const values =
    layer.op === 'dense' || layer.op === 'project'
      ? paddedRows(floats(), layer.in, channels)
      : padded(floats(), panel)
  return {
    kind: 'float',
    weights: heap.put(values),
    bias: heap.put(padded(bias ?? new Float32Array(channels), panel)),
  }
}

function padded(values: Float32Array, multiple: number): Float32Array {
  const result = new Float32Array(Math.ceil(values.length / multiple) * multiple)
  result.set(values)
  return result
}

/** [rows, columns] with the columns filled up to fours. */
function paddedRows(values: Float32Array, rows: number, columns: number): Float32Array {
  const wide = Math.ceil(columns / lanes) * lanes
  const result = new Float32Array(rows * wide)
  for (let row = 0; row < rows; row++) {
    result.set(values.subarray(row * columns, (row + 1) * columns), row * wide)
  }
  return result
}
