/** Nodes with filters: convolutions, those with one filter a channel, products with a matrix. */

import { slide } from '../../../src/network/shapes.ts'
import type { Padding } from '../../../src/network/table.ts'
import type { LayerList, Value } from './layer-list.ts'
import type { OnnxNode, OnnxTensor } from './onnx-file.ts'
import { asVector, constantOf, type ReadNode, readValue, vectorOf } from './reading.ts'

export const convolution: ReadNode = (node, reading) => {
  const value = readValue(reading, node)!
  const filter = constantOf(reading, node, 1)
  const bias = constantOf(reading, node, 2)?.values ?? null
  if (filter?.shape.length !== 4) return 'Conv without a constant filter of four sides'
  const [out, , height, width] = filter.shape as [number, number, number, number]
  const [group = 1] = node.ints.get('group') ?? []
  const dilations = node.ints.get('dilations') ?? [1, 1]
  const [stride = 1, across = stride] = node.ints.get('strides') ?? []
  if (dilations.some((dilation) => dilation !== 1))
    return `Conv with dilations ${dilations.join(', ')}`
  if (stride !== across) return `Conv with strides ${stride}, ${across}`
  const { list } = reading
  // On one pixel a convolution of 1x1 is a product, whose place in a table is behind a vector.
  if (height * width === 1 && group === 1 && value.height * value.width === 1) {
    return product(asVector(value, list), list, { values: filter.values, out, bias })
  }
  const padded = withPadding(node, value, list)
  if (typeof padded === 'string') return padded
  const { from, padding } = padded
  const kernel = [height, width] as const
  const numbers = { filter: filter.values, bias }
  const place = (layer: string): Value => ({
    layer,
    height: slide(padding, from.height, height, stride).places,
    width: slide(padding, from.width, width, stride).places,
    channels: out,
    isVector: false,
  })
  if (group === 1) {
    const channels = from.channels
    const layer = {
      op: 'conv',
      in: channels,
      out,
      kernel,
      stride,
      padding,
      activation: 'linear',
    } as const
    return place(list.add(layer, from, numbers))
  }
  if (group !== from.channels || out !== group) return `Conv in ${group} groups of several channels`
  const layer = {
    op: 'depthwise',
    channels: out,
    kernel,
    stride,
    padding,
    bias: bias !== null,
  } as const
  return place(list.add(layer, from, numbers))
}

/** Gemm and MatMul: filters [in, out], or [out, in] where they say so. */
export const matrix: ReadNode = (node, reading) => {
  const value = readValue(reading, node)
  const filter = constantOf(reading, node, 1)
  if (!value || filter?.shape.length !== 2) return `${node.op} without a constant matrix`
  if (
    ['alpha', 'beta'].some((name) => (node.floats.get(name) ?? 1) !== 1) ||
    node.ints.get('transA')?.[0]
  ) {
    return `${node.op} with alpha, beta or a transposed input`
  }
  const isOutFirst = node.ints.get('transB')?.[0] === 1
  const { list } = reading
  const bias = constantOf(reading, node, 2)?.values ?? null
  const values = isOutFirst ? filter.values : transposed(filter)
  const out = filter.shape[isOutFirst ? 0 : 1]!
  return product(asVector(value, list), list, { values, out, bias })
}

/** @param filter [out, in] */
function product(
  from: Value,
  list: LayerList,
  { values, out, bias }: { values: Float32Array; out: number; bias: Float32Array | null },
): Value | string {
  const { channels, flattened } = from
  if (values.length !== out * channels)
    return 'a matrix that does not fit what it is multiplied with'
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

/** As a table has it; rows and columns of zeros go before where the sides differ. */
export function withPadding(
  node: OnnxNode,
  value: Value,
  list: LayerList,
): { from: Value; padding: Padding } | string {
  const auto = node.texts.get('auto_pad') ?? 'NOTSET'
  if (auto === 'SAME_UPPER') return { from: value, padding: 'same' }
  if (auto !== 'NOTSET' && auto !== 'VALID' && auto !== '') return `${node.op} with padding ${auto}`
  const pads = auto === 'VALID' ? [] : (node.ints.get('pads') ?? [])
  const [top = 0, left = 0, bottom = 0, right = 0] = pads
  if (top === left && top === bottom && top === right) {
    return { from: value, padding: top === 0 ? 'valid' : top }
  }
  if (top !== left || bottom !== right) return `${node.op} with pads ${pads.join(', ')}`
  return { from: surrounded(value, top, bottom, list), padding: 'valid' }
}

export function surrounded(value: Value, before: number, after: number, list: LayerList): Value {
  const more = before + after
  return {
    ...value,
    layer: list.add({ op: 'surroundWithZeros', before, after }, value),
    height: value.height + more,
    width: value.width + more,
  }
}
