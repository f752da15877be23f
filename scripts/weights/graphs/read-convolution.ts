/** Nodes with filters: convolutions, those with one filter a channel, products with a matrix. */

import { MisfitNode, UnknownNode } from './graph-faults.ts'
import type { LayerList, Value } from './layer-list.ts'
import type { OnnxTensor } from './onnx-file.ts'
import { padded, placesOf, sidesOf } from './read-padding.ts'
import {
  asVector,
  constantOf,
  countOf,
  perChannel,
  pictureOf,
  type ReadNode,
  readPicture,
  readValue,
  vectorOf,
} from './reading.ts'

export const convolution: ReadNode = (node, reading) => {
  const tensor = constantOf(reading, node, 1)
  const bias = constantOf(reading, node, 2)?.values ?? null
  if (!tensor) throw new MisfitNode(`${node.op} without a constant filter`)
  const { shape, values } = withoutGroups(tensor)
  if (shape.length !== 4)
    throw new UnknownNode(`${node.op} with filters of ${shape.length - 2} sides`)
  const [out, inPerGroup, height, width] = shape as [number, number, number, number]
  const group = tensor.shape.length === 5 ? tensor.shape[0]! : (node.ints.get('group')?.[0] ?? 1)
  const dilations = node.ints.get('dilations') ?? [1, 1]
  const [stride = 1, across = stride] = node.ints.get('strides') ?? []
  if (dilations.some((dilation) => dilation !== 1)) {
    throw new UnknownNode(`${node.op} with dilations ${dilations.join(', ')}`)
  }
  if (stride !== across) throw new UnknownNode(`${node.op} with strides ${stride}, ${across}`)
  const value = readPicture(reading, node)
  const { channels } = value
  if (inPerGroup * group !== channels) {
    throw new MisfitNode(
      `${node.op} of [${value.shape.join(', ')}] with filters [${shape.join(', ')}]`,
    )
  }
  if (bias && bias.length !== out) {
    throw new MisfitNode(`${node.op} with a bias of ${bias.length} numbers, expected ${out}`)
  }
  const { list } = reading
  const isDepthwise = group > 1 && group === channels && out === channels
  const filter = group > 1 && !isDepthwise ? ungrouped(values, out, group) : values
  const window = { kernel: [height, width] as const, stride }
  const isOnePixel = height * width === 1 && value.height * value.width === 1
  // On one pixel a convolution of 1x1 is a product, whose place in a table is behind a vector.
  if (!isDepthwise && isOnePixel && sidesOf(node, value, window).every((side) => side === 0)) {
    return {
      ...product(asVector(value, list), list, { values: filter, out, bias }),
      shape: [1, out, 1, 1],
    }
  }
  if (value.isVector) {
    throw new UnknownNode(`${node.op} of a vector, other than a product of all its channels`)
  }
  const { from, padding } = padded(node, value, list, window)
  const places = placesOf(node.op, padding, from, window)
  const shared = { ...window, padding }
  const name = isDepthwise
    ? list.add({ op: 'depthwise', channels, ...shared, bias: bias !== null }, from, {
        filter,
        bias,
      })
    : list.add({ op: 'conv', in: channels, out, ...shared, activation: 'linear' }, from, {
        filter,
        bias,
      })
  return pictureOf(name, places.height, places.width, out)
}

/** [groups, out / groups, in / groups, height, width], as an IR has it -> [out, in / groups, height, width]. */
function withoutGroups({ shape, values }: OnnxTensor): OnnxTensor {
  const [groups, out, ...rest] = shape as [number, number, ...number[]]
  return shape.length === 5 ? { shape: [groups * out, ...rest], values } : { shape, values }
}

/** Filters that see every channel, with zeros for those of other groups: no layer of a table has groups of several. */
function ungrouped(values: Float32Array, out: number, group: number): Float32Array {
  const filters = new Float32Array(values.length * group)
  const length = values.length / out
  for (let o = 0; o < out; o++) {
    const place = Math.floor(o / (out / group)) * length
    filters.set(values.subarray(o * length, (o + 1) * length), o * length * group + place)
  }
  return filters
}

/** Gemm and MatMul: filters [in, out], or [out, in] where they say so. */
export const matrix: ReadNode = (node, reading) => {
  const filter = constantOf(reading, node, 1)
  if (filter?.shape.length !== 2) throw new MisfitNode(`${node.op} without a constant matrix`)
  if (node.ints.get('transA')?.[0]) throw new UnknownNode(`${node.op} with a transposed input`)
  const value = readValue(reading, node)
  const { shape } = value
  const isOutFirst = node.ints.get('transB')?.[0] === 1
  const [rows, columns] = filter.shape as [number, number]
  const [length, out] = isOutFirst ? [columns, rows] : [rows, columns]
  const isRow = shape.at(-1) === countOf(shape) || value.height * value.width === 1
  if (!isRow || countOf(shape) !== length) {
    throw new MisfitNode(`${node.op} of [${shape.join(', ')}] with [${filter.shape.join(', ')}]`)
  }
  const { list } = reading
  const values = isOutFirst ? filter.values : transposed(filter)
  const [alpha, beta] = ['alpha', 'beta'].map((name) => node.floats.get(name) ?? 1)
  const isLastSide = node.op === 'MatMul' && shape.at(-1) === length
  const made = vectorOf('', out, isLastSide ? [...shape.slice(0, -1), out] : [1, out])
  const term = constantOf(reading, node, 2)
  if (node.inputs[2] && !term) throw new MisfitNode(`${node.op} with a sum that is no constant`)
  const bias = term ? perChannel(term, made) : null
  if (term && !bias) throw new MisfitNode(`${node.op} with a sum of another length`)
  const { layer } = product(asVector(value, list), list, {
    values: alpha === 1 ? values : values.map((factor) => factor * alpha!),
    out,
    bias: bias && beta !== 1 ? bias.map((one) => one * beta!) : bias,
  })
  return { ...made, layer }
}

/** @param filter [out, in] */
function product(
  from: Value,
  list: LayerList,
  { values, out, bias }: { values: Float32Array; out: number; bias: Float32Array | null },
): Value {
  const { channels, flattened } = from
  const filter = flattened ? channelsLast(values, flattened) : values
  const layer = { op: 'dense', in: channels, out, bias: bias !== null } as const
  return vectorOf(list.add(layer, from, { filter, bias }), out)
}

/** Rows of [channels, places] -> rows of [places, channels]. */
function channelsLast(
  values: Float32Array,
  { places, channels }: { readonly places: number; readonly channels: number },
): Float32Array {
  const row = places * channels
  return values.map((_, i) => {
    const [start, at] = [i - (i % row), i % row]
    return values[start + (at % channels) * places + Math.floor(at / channels)]!
  })
}

function transposed({ shape, values }: OnnxTensor): Float32Array {
  const [rows, columns] = shape as [number, number]
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
}
