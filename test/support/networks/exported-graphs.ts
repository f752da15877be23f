/**
 * Small graphs in the forms in which exporters write the layers of face networks, each with one output of a few numbers. What
 * they give for `exportedInput` is in test/support/references/onnxruntime-answers.json.
 */
import { randomNumbers } from '../random.ts'
import { int64, type MadeGraph, type MadeNode } from './made-graph.ts'

const side = 8
const half = side / 2
const channels = 8

/** [8, 8, 3], as a table reads it. */
export const exportedInput: Float32Array = randomNumbers(side * side * 3, 77)

const first: MadeNode = { op: 'Conv', in: ['x', 'w', 'b'], out: 'c', ints: { pads: [1, 1, 1, 1] } }
const filters = { w: [channels, 3, 3, 3], b: [channels] }
const average = (from: string): MadeNode[] => [
  { op: 'GlobalAveragePool', in: [from], out: 'g' },
  { op: 'Flatten', in: ['g'], out: 'y' },
]
/** What follows the first convolution `c` and ends as `last`, of which the mean of each channel is given. */
function after(
  nodes: readonly MadeNode[],
  tensors: MadeGraph['tensors'] = {},
  last = [nodes.at(-1)!.out].flat()[0]!,
): MadeGraph {
  return { nodes: [first, ...nodes, ...average(last)], tensors: { ...filters, ...tensors } }
}
/** What follows the means of the channels, `y`. */
function behind(nodes: readonly MadeNode[], tensors: MadeGraph['tensors'] = {}): MadeGraph {
  return { nodes: [first, ...average('c'), ...nodes], tensors: { ...filters, ...tensors } }
}
/** Of the channels of `c`, times `gates` which the nodes make of `g`. */
function gated(nodes: readonly MadeNode[], tensors: MadeGraph['tensors'] = {}): MadeGraph {
  const squeeze: MadeNode = { op: 'GlobalAveragePool', in: ['c'], out: 'p' }
  const dense: MadeNode = { op: 'Conv', in: ['p', 'k', 'l'], out: 's' }
  const product: MadeNode = { op: 'Mul', in: ['c', 'gates'], out: 'm' }
  const own = { k: [channels, channels, 1, 1], l: [channels] }
  return after([squeeze, dense, ...nodes, product], { ...own, ...tensors })
}
const scalar = (value: number) => ({ values: [value], dims: [] })
const second = (ints: MadeNode['ints'], from = 'c'): MadeNode => ({
  ...{ op: 'Conv', in: [from, 'v'], out: 'd' },
  ...(ints && { ints }),
})

export const exportedGraphs: Readonly<Record<string, MadeGraph>> = {
  'a convolution that is read by another name too': after(
    [
      { op: 'Identity', in: ['c'], out: 'i' },
      { op: 'BatchNormalization', in: ['i', 'scale', 'shift', 'mean', 'variance'], out: 'n' },
      { op: 'Add', in: ['c', 'n'], out: 's' },
    ],
    { scale: [channels], shift: [channels], mean: [channels], variance: [channels] },
  ),
  'a sum of something with itself': after([
    { op: 'Relu', in: ['c'], out: 'r' },
    { op: 'Add', in: ['r', 'r'], out: 's' },
  ]),
  'an odd zero before, of SAME_LOWER': after(
    [{ ...second({ strides: [2, 2] }), texts: { auto_pad: 'SAME_LOWER' } }],
    { v: [4, channels, 3, 3] },
  ),
  'zeros on two sides of a long filter': after([second({ pads: [0, 3, 0, 3] })], {
    v: [4, channels, 1, 7],
  }),
  'a convolution in groups of several': after([second({ group: 4, pads: [1, 1, 1, 1] })], {
    v: [16, channels / 4, 3, 3],
  }),
  'a mean that counts its padding': after([
    {
      ...{ op: 'AveragePool', in: ['c'], out: 'd' },
      ints: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
    },
  ]),
  'a pool whose last windows reach beyond': after([
    {
      ...{ op: 'MaxPool', in: ['c'], out: 'd' },
      ints: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
    },
  ]),
  'channels in turn from two groups': after(
    [
      { op: 'Reshape', in: ['c', 'five'], out: 'r' },
      { op: 'Transpose', in: ['r'], out: 't', ints: { perm: [0, 2, 1, 3, 4] } },
      { op: 'Reshape', in: ['t', 'four'], out: 'u' },
    ],
    { five: int64(-1, 2, channels / 2, side, side), four: int64(0, channels, side, side) },
  ),
  'halves of the channels, one of them bent': after(
    [
      { op: 'Split', in: ['c', 'lengths'], out: ['left', 'right'], ints: { axis: 1 } },
      { op: 'Relu', in: ['right'], out: 'bent' },
      { op: 'Concat', in: ['bent', 'left'], out: 'd', ints: { axis: -3 } },
    ],
    { lengths: int64(3, 5) },
  ),
  'a part of the channels': after([{ op: 'Slice', in: ['c', 'start', 'end', 'axis'], out: 'd' }], {
    start: int64(2),
    end: int64(-2),
    axis: int64(1),
  }),
  'colours in the other order': {
    nodes: [
      { op: 'Gather', in: ['x', 'order'], out: 'z', ints: { axis: 1 } },
      { ...first, in: ['z', 'w', 'b'] },
      ...average('c'),
    ],
    tensors: { ...filters, order: int64(2, 1, 0) },
  },
  'what is cut off at 0 and at a number': after(
    [{ op: 'Clip', in: ['c', 'none', 'most'], out: 'r' }, second({ pads: [1, 1, 1, 1] }, 'r')],
    { none: scalar(0), most: scalar(0.4), v: [4, channels, 3, 3] },
  ),
  'gates by a hard sigmoid': gated([
    { op: 'HardSigmoid', in: ['s'], out: 'gates', floats: { alpha: 1.7, beta: 0.5 } },
  ]),
  'gates by relu6(x + 3) / 6': gated(
    [
      { op: 'Mul', in: ['s', 'wide'], out: 'ws' },
      { op: 'Add', in: ['ws', 'three'], out: 'a' },
      { op: 'Clip', in: ['a', 'none', 'six'], out: 'r' },
      { op: 'Div', in: ['r', 'six'], out: 'gates' },
    ],
    { wide: scalar(9), three: scalar(3), none: scalar(0), six: scalar(6) },
  ),
  'gates of a vector, spread over the picture': gated(
    [
      { op: 'Flatten', in: ['s'], out: 'f' },
      { op: 'Sigmoid', in: ['f'], out: 'o' },
      { op: 'Unsqueeze', in: ['o', 'last'], out: 'u' },
      { op: 'Shape', in: ['c'], out: 'size' },
      { op: 'Expand', in: ['u', 'size'], out: 'gates' },
    ],
    { last: int64(2, 3) },
  ),
  'channels last, as of TensorFlow': {
    input: [1, side, side, 3],
    nodes: [
      { op: 'Sub', in: ['x', 'mean'], out: 'z' },
      { op: 'Transpose', in: ['z'], out: 'q', ints: { perm: [0, 3, 1, 2] } },
      { op: 'Conv', in: ['q', 'w', 'b'], out: 'c', ints: { strides: [2, 2], pads: [0, 0, 1, 1] } },
      { op: 'Transpose', in: ['c'], out: 't', ints: { perm: [0, 2, 3, 1] } },
      { op: 'Reshape', in: ['t', 'row'], out: 'r' },
      { op: 'MatMul', in: ['r', 'matrix'], out: 'm' },
      { op: 'Add', in: ['m', 'term'], out: 'y' },
    ],
    tensors: {
      ...filters,
      ...{ mean: [3], row: int64(-1, half * half * channels), term: [4] },
      matrix: [half * half * channels, 4],
    },
  },
  'colours scaled one by one before zeros go round': {
    nodes: [
      { op: 'Div', in: ['x', 'each'], out: 'z' },
      { op: 'Pad', in: ['z', 'sides'], out: 'p' },
      { ...first, in: ['p', 'w', 'b'], ints: { strides: [2, 2] } },
      ...average('c'),
    ],
    tensors: {
      ...filters,
      each: { values: [0.2, 0.3, 0.4], dims: [1, 3, 1, 1] },
      sides: int64(0, 0, 0, 0, 0, 0, 1, 1),
    },
  },
  'a number less what a layer gives': after(
    [
      { op: 'Sub', in: ['one', 'c'], out: 's' },
      { op: 'Relu', in: ['s'], out: 'r' },
    ],
    { one: scalar(1) },
  ),
  'a product with factors, and one number added': behind(
    [
      {
        ...{ op: 'Gemm', in: ['y', 'matrix', 'term'], out: 'z' },
        floats: { alpha: 0.5, beta: 2 },
      },
    ],
    { matrix: [channels, 4], term: { values: [0.3] } },
  ),
  'batch normalisation of a vector with a side more': behind(
    [
      { op: 'Unsqueeze', in: ['y', 'last'], out: 'u' },
      { op: 'BatchNormalization', in: ['u', 'scale', 'shift', 'mean', 'variance'], out: 'n' },
      { op: 'Squeeze', in: ['n', 'last'], out: 'z' },
    ],
    {
      last: int64(2),
      ...{ scale: [channels], shift: [channels], mean: [channels], variance: [channels] },
    },
  ),
  'the mean of rows that were rows and columns': {
    nodes: [
      first,
      { op: 'Reshape', in: ['c', 'rows'], out: 'r' },
      { op: 'ReduceMean', in: ['r'], out: 'y', ints: { axes: [2], keepdims: 0 } },
    ],
    tensors: { ...filters, rows: int64(0, channels, -1) },
  },
  'the largest of all places, and their mean': {
    nodes: [
      first,
      { op: 'GlobalMaxPool', in: ['c'], out: 'most' },
      { op: 'GlobalAveragePool', in: ['c'], out: 'mean' },
      { op: 'Add', in: ['most', 'mean'], out: 's' },
      { op: 'Flatten', in: ['s'], out: 'y' },
    ],
    tensors: filters,
  },
  'length 1 by powers': behind(
    [
      { op: 'Pow', in: ['y', 'two'], out: 'q' },
      { op: 'ReduceSum', in: ['q', 'row'], out: 's', ints: { keepdims: 1 } },
      { op: 'Sqrt', in: ['s'], out: 'l' },
      { op: 'Add', in: ['l', 'little'], out: 'k' },
      { op: 'Div', in: ['y', 'k'], out: 'z' },
    ],
    { two: scalar(2), row: int64(-1), little: scalar(1e-10) },
  ),
  'length 1 by a reciprocal': behind(
    [
      { op: 'Mul', in: ['y', 'y'], out: 'q' },
      { op: 'ReduceSum', in: ['q', 'row'], out: 's', ints: { keepdims: 1 } },
      { op: 'Max', in: ['s', 'little'], out: 'k' },
      { op: 'Sqrt', in: ['k'], out: 'l' },
      { op: 'Reciprocal', in: ['l'], out: 'r' },
      { op: 'Mul', in: ['y', 'r'], out: 'z' },
    ],
    { row: int64(1), little: scalar(1e-12) },
  ),
  'filters in half precision, and a matrix turned round': {
    nodes: [
      { op: 'Cast', in: ['half'], out: 'w', ints: { to: 1 } },
      { op: 'Identity', in: ['b'], out: 'bias' },
      { ...first, in: ['x', 'w', 'bias'] },
      ...average('c'),
      { op: 'Transpose', in: ['matrix'], out: 'turned', ints: { perm: [1, 0] } },
      { op: 'MatMul', in: ['y', 'turned'], out: 'z' },
    ],
    tensors: {
      half: { values: Array.from(randomNumbers(216, 9)), dims: [channels, 3, 3, 3], type: 10 },
      ...{ b: [channels], matrix: [4, channels] },
    },
  },
  'filters in whole numbers, with their scale': {
    nodes: [
      {
        ...{ op: 'DequantizeLinear', in: ['whole', 'scale', 'zero'], out: 'w' },
        ints: { axis: 0 },
      },
      first,
      ...average('c'),
    ],
    tensors: {
      whole: {
        values: Array.from(randomNumbers(216, 9), (value) => Math.round(value * 127)),
        ...{ dims: [channels, 3, 3, 3], type: 3 },
      },
      scale: { values: Array.from(randomNumbers(channels, 10), (value) => 0.01 + value ** 2 / 50) },
      zero: { values: [0, 1, -2, 3, 0, 0, 5, -6], type: 3 },
      b: [channels],
    },
  },
}
