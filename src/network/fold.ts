/**
 * Folds what follows a convolution (scale, batch normalisation) into it: the filter's output channel c is multiplied
 * by gain[c], and one bias remains. Pure; run once, when weights are packed.
 */
import {
  csvTensorsOf,
  type DenseLayer,
  filterShape,
  outputChannels,
  type Projection,
  type WeightedLayer,
} from './table.ts'

export interface FoldedLayer {
  /** Filter in tfjs's order, still without the gain: channel c is to be multiplied by gain[c]. */
  readonly filter: Float32Array
  /** [channels], 1 where nothing follows the convolution. */
  readonly gain: Float32Array
  /** [channels], or null where the layer has none. */
  readonly bias: Float32Array | null
}

/** @param csv the layer's tensors by name, as `csvTensorsOf` lists them */
export function foldLayer(
  layer: WeightedLayer,
  csv: ReadonlyMap<string, Float32Array>,
): FoldedLayer {
  const channels = outputChannels(layer)
  if (layer.op === 'dense' && layer.projection) return foldProjection(layer, layer.projection, csv)
  const [filterSpec, ...others] = csvTensorsOf(layer).map(({ name }) => valuesOf(csv, name))
  const filter = toTfjsOrder(layer, filterSpec!)
  const [bias, ...norm] = others
  if (!bias) return { filter, gain: new Float32Array(channels).fill(1), bias: null }
  if (layer.op !== 'conv' || !layer.norm) {
    return { filter, gain: new Float32Array(channels).fill(1), bias }
  }
  const [scale, shift, mean, variance] = norm
  const epsilon = layer.norm.kind === 'batchNorm' ? layer.norm.epsilon : 0
  const gain = new Float32Array(channels)
  const folded = new Float32Array(channels)
  for (let c = 0; c < channels; c++) {
    gain[c] = variance ? scale![c]! / Math.sqrt(variance[c]! + epsilon) : scale![c]!
    folded[c] = (bias[c]! - (mean?.[c] ?? 0)) * gain[c]! + shift![c]!
  }
  return { filter, gain, bias: folded }
}

/** P (W x + b) = (P W) x + P b */
function foldProjection(
  { projection: _, ...layer }: DenseLayer,
  { name, out }: Projection,
  csv: ReadonlyMap<string, Float32Array>,
): FoldedLayer {
  const projection = valuesOf(csv, name)
  const { filter, bias } = foldLayer(layer, csv)
  const product = (row: Float32Array): Float32Array =>
    Float32Array.from({ length: out }, (_, o) => {
      let sum = 0
      for (let i = 0; i < layer.out; i++) sum += projection[o * layer.out + i]! * row[i]!
      return sum
    })
  const folded = new Float32Array(layer.in * out)
  for (let row = 0; row < layer.in; row++) {
    folded.set(product(filter.subarray(row * layer.out, (row + 1) * layer.out)), row * out)
  }
  return { filter: folded, gain: new Float32Array(out).fill(1), bias: bias && product(bias) }
}

/** [out, in, height, width] (depthwise [channels, 1, height, width], dense [out, in]) -> output channel fastest. */
export function toTfjsOrder(layer: WeightedLayer, values: Float32Array): Float32Array {
  const ordered = new Float32Array(values.length)
  inBothOrders(layer, (csv, tfjs) => {
    ordered[tfjs] = values[csv]!
  })
  return ordered
}

/** The way back: tfjs's order -> the order of the CSV files. */
export function toCsvOrder(layer: WeightedLayer, values: Float32Array): Float32Array {
  const ordered = new Float32Array(values.length)
  inBothOrders(layer, (csv, tfjs) => {
    ordered[csv] = values[tfjs]!
  })
  return ordered
}

/** Where each weight stands in either order. */
function inBothOrders(layer: WeightedLayer, visit: (csv: number, tfjs: number) => void): void {
  const channels = outputChannels(layer)
  const { inner, places } = filterExtent(layer)
  for (let o = 0; o < channels; o++) {
    for (let i = 0; i < inner; i++) {
      for (let p = 0; p < places; p++) {
        visit((o * inner + i) * places + p, (p * inner + i) * channels + o)
      }
    }
  }
}

/** Input channels per output channel, and places (height * width) of the kernel. */
function filterExtent(layer: WeightedLayer): { inner: number; places: number } {
  const size = filterShape(layer).reduce((product, side) => product * side, 1)
  const places = 'kernel' in layer ? layer.kernel[0] * layer.kernel[1] : 1
  return { inner: size / places / outputChannels(layer), places }
}

function valuesOf(csv: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const values = csv.get(name)
  if (!values) throw new Error(`the tensor ${name} is absent`)
  return values
}
