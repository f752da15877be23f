/**
 * A network as `@vladmandic/face-api` ships it, tfjs's weights manifest and its numbers, -> its tensors by the names and in the
 * order of the CSV files.
 */
import { toCsvOrder } from '../../src/network/fold.ts'
import {
  type CsvTensor,
  csvTensorsOf,
  filterShape,
  isWeighted,
  type NetworkTable,
  type WeightedLayer,
} from '../../src/network/table.ts'

/** The package's name for a tensor of ours: its layer, and what follows the layer's name. */
export type NameOf = (layer: WeightedLayer, suffix: string) => string

interface ManifestWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number }
}

/** @throws Error that names the tensor that is absent, of another size, or read by nothing */
export function tensorsOfFaceApi(
  table: NetworkTable,
  nameOf: NameOf,
  [manifest, weights]: readonly [Buffer, Buffer],
): Map<string, Float32Array> {
  const source = readManifest(JSON.parse(manifest.toString('utf8'))[0].weights, weights)
  const tensors = new Map<string, Float32Array>()
  for (const layer of table.layers.filter(isWeighted)) {
    for (const tensor of csvTensorsOf(layer)) {
      const name = nameOf(layer, tensor.name.slice(layer.name.length + 1))
      const values = source.get(name)
      if (values?.length !== sizeOf(tensor)) {
        throw new Error(
          `${table.name}: ${name} has ${values?.length} numbers, expected ${sizeOf(tensor)}`,
        )
      }
      source.delete(name)
      const isFilter = tensor.name === `${layer.name}_w` && filterShape(layer).length > 1
      tensors.set(tensor.name, isFilter ? toCsvOrder(layer, values) : values)
    }
  }
  if (source.size > 0) {
    throw new Error(`${table.name}: nothing reads ${[...source.keys()].join(', ')}`)
  }
  return tensors
}

export function dlibName(layer: WeightedLayer, suffix: string): string {
  if (layer.op === 'dense') return layer.name
  const path = layer.name.replace(/_(conv\d)$/, '/$1')
  const part = {
    w: 'conv/filters',
    b: 'conv/bias',
    scale_w: 'scale/weights',
    scale_b: 'scale/biases',
  }[suffix]
  return `${path}/${part}`
}

export function separableName(layer: WeightedLayer, suffix: string): string {
  const path = layer.name.replace(/_depthwise$/, '').replace(/_(conv\d)$/, '/$1')
  if (suffix === 'b') return `${path}/bias`
  if (layer.op === 'depthwise') return `${path}/depthwise_filter`
  if (layer.op === 'dense') return `${path}/weights`
  return layer.op === 'conv' && layer.kernel[0] === 1
    ? `${path}/pointwise_filter`
    : `${path}/filters`
}

/** Tensors one after the other, float32 or bytes that stand for min + scale * byte. */
function readManifest(
  specs: readonly ManifestWeight[],
  weights: Buffer,
): Map<string, Float32Array> {
  let offset = 0
  return new Map(
    specs.map(({ name, shape, quantization }) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const length = quantization ? count : count * 4
      const bytes = weights.subarray(offset, offset + length)
      if (bytes.length !== length) throw new Error(`${name}: the source file ends early`)
      offset += length
      if (!quantization) return [name, new Float32Array(new Uint8Array(bytes).buffer)]
      const { scale, min } = quantization
      return [name, Float32Array.from(bytes, (byte) => byte * scale + min)]
    }),
  )
}

function sizeOf({ shape }: CsvTensor): number {
  return shape.reduce((product, side) => product * side, 1)
}
