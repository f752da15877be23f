import { describe, expect, it } from 'vitest'
import { readIr } from '../../../../scripts/weights/graphs/ir-file.ts'
import { networkOfGraph } from '../../../../scripts/weights/graphs/network-of-graph.ts'
import { readOnnx } from '../../../../scripts/weights/graphs/onnx-file.ts'
import {
  int64,
  type MadeNode,
  type MadeTensor,
  makeOnnx,
} from '../../../support/networks/made-graph.ts'
import { randomNumbers } from '../../../support/random.ts'

interface MadeLayer {
  readonly type: string
  readonly in: readonly string[]
  readonly data?: Readonly<Record<string, string>>
  /** Of each output. */
  readonly shapes: readonly (readonly number[])[]
}

interface Constant {
  readonly shape: readonly number[]
  readonly values: readonly number[]
  readonly type?: 'f32' | 'f16' | 'i64' | 'u8'
}

const bytesOf = {
  f32: (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer),
  f16: (values: readonly number[]) => new Uint8Array(new Float16Array(values).buffer),
  i64: (values: readonly number[]) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  u8: (values: readonly number[]) => Uint8Array.from(values),
}

/** An IR of the input "x", [1, 3, 8, 8], of constants and of layers, whose last one is the output. "a.1" is the second output of "a". */
function makeIr(
  constants: Readonly<Record<string, Constant>>,
  layers: Readonly<Record<string, MadeLayer>>,
  version = 11,
): { xml: string; bin: Uint8Array } {
  const bin: number[] = []
  const ids = new Map<string, number>()
  const edges: string[] = []
  const written: string[] = []
  const ports = (shapes: readonly (readonly number[])[], from: number): string =>
    shapes
      .map((shape, i) => {
        const dims = shape.map((side) => `<dim>${side}</dim>`).join('')
        return `<port id="${from + i}" precision="FP32">${dims}</port>`
      })
      .join('')
  const write = (
    name: string,
    type: string,
    data: string,
    inputs: readonly string[],
    shapes: readonly (readonly number[])[],
  ): void => {
    const id = ids.size
    ids.set(name, id)
    inputs.forEach((input, port) => {
      const [source = '', output = '0'] = input.split('.')
      const inputCount = layers[source]?.in.length ?? 0
      edges.push(
        `<edge from-layer="${ids.get(source)}" from-port="${inputCount + Number(output)}" to-layer="${id}" to-port="${port}"/>`,
      )
    })
    const read =
      inputs.length > 0
        ? `<input>${ports(
            inputs.map(() => []),
            0,
          )}</input>`
        : ''
    const made = shapes.length > 0 ? `<output>${ports(shapes, inputs.length)}</output>` : ''
    written.push(
      `<layer id="${id}" name="${name}" type="${type}" version="opset1"><data ${data}/>${read}${made}</layer>`,
    )
  }
  write('x', 'Parameter', 'shape="1,3,8,8" element_type="f32"', [], [[1, 3, 8, 8]])
  for (const [name, { shape, values, type = 'f32' }] of Object.entries(constants)) {
    const bytes = bytesOf[type](values)
    const place = `element_type="${type}" shape="${shape.join()}" offset="${bin.length}" size="${bytes.length}"`
    bin.push(...bytes)
    write(name, 'Const', place, [], [shape])
  }
  for (const [name, layer] of Object.entries(layers)) {
    const data = Object.entries(layer.data ?? {}).map(([key, value]) => `${key}="${value}"`)
    write(name, layer.type, data.join(' '), layer.in, layer.shapes)
  }
  write('end', 'Result', '', [Object.keys(layers).at(-1)!], [])
  const xml = `<?xml version="1.0"?><net name="n" version="${version}"><layers>${written.join('')}</layers><edges>${edges.join('')}</edges></net>`
  return { xml, bin: Uint8Array.from(bin) }
}

function readLayers({ xml, bin }: { xml: string; bin: Uint8Array }) {
  const { list } = networkOfGraph(readIr(xml, bin))
  return { layers: list.layers, tensors: list.tensors() }
}

function readSame(nodes: readonly MadeNode[], tensors: Readonly<Record<string, MadeTensor>>) {
  const { list } = networkOfGraph(readOnnx(makeOnnx({ nodes, tensors })))
  return { layers: list.layers, tensors: list.tensors() }
}

const some = (count: number, seed: number): number[] => Array.from(randomNumbers(count, seed))
const picture = [1, 4, 8, 8]
const filters: Constant = { shape: [4, 3, 3, 3], values: some(108, 1) }
const w = { values: filters.values, dims: filters.shape }
const strides = {
  strides: '1,1',
  dilations: '1,1',
  pads_begin: '1,1',
  pads_end: '1,1',
  auto_pad: 'explicit',
}
const first: MadeLayer = { type: 'Convolution', in: ['x', 'w'], data: strides, shapes: [picture] }
const conv: MadeNode = { op: 'Conv', in: ['x', 'w'], out: 'c', ints: { pads: [1, 1, 1, 1] } }

describe('an IR becomes what the same network as an ONNX file becomes', () => {
  it('with filters in half precision, groups behind a reshape, and batch normalisation', () => {
    const each = some(4 * 9, 2).map(Math.fround)
    const halves = Array.from(new Float16Array(each))
    const norm = Object.fromEntries(
      ['gamma', 'beta', 'mean', 'variance'].map((name, i) => [
        name,
        { shape: [4], values: some(4, 3 + i).map((value) => 1 + value ** 2) },
      ]),
    )
    const ir = makeIr(
      {
        w: filters,
        each: { shape: [4, 1, 3, 3], values: halves, type: 'f16' },
        five: { shape: [5], values: [4, 1, 1, 3, 3], type: 'i64' },
        ...norm,
        slopes: { shape: [1, 4, 1, 1], values: some(4, 8) },
      },
      {
        c: first,
        wide: {
          type: 'Convert',
          in: ['each'],
          data: { destination_type: 'f32' },
          shapes: [[4, 1, 3, 3]],
        },
        groups: {
          type: 'Reshape',
          in: ['wide', 'five'],
          data: { special_zero: 'true' },
          shapes: [[4, 1, 1, 3, 3]],
        },
        d: { type: 'GroupConvolution', in: ['c', 'groups'], data: strides, shapes: [picture] },
        n: {
          type: 'BatchNormInference',
          in: ['d', ...Object.keys(norm)],
          data: { epsilon: '0.001' },
          shapes: [picture],
        },
        p: { type: 'PReLU', in: ['n', 'slopes'], shapes: [picture] },
      },
    )
    const tensors = Object.fromEntries(
      Object.entries(norm).map(([name, { values }]) => [name, { values }]),
    )
    expect(readLayers(ir)).toEqual(
      readSame(
        [
          conv,
          { op: 'Conv', in: ['c', 'e'], out: 'd', ints: { pads: [1, 1, 1, 1], group: 4 } },
          {
            op: 'BatchNormalization',
            in: ['d', ...Object.keys(norm)],
            out: 'n',
            floats: { epsilon: 0.001 },
          },
          { op: 'PRelu', in: ['n', 's'], out: 'p' },
        ],
        {
          w,
          e: { values: halves, dims: [4, 1, 3, 3] },
          ...tensors,
          s: { values: some(4, 8), dims: [4, 1, 1] },
        },
      ),
    )
  })

  it('with sides of a pad in two inputs, parts of channels, and numbers cut off', () => {
    const ir = makeIr(
      {
        w: filters,
        before: { shape: [4], values: [0, 0, 0, 0], type: 'i64' },
        behind: { shape: [4], values: [0, 0, 1, 1], type: 'i64' },
        axis: { shape: [], values: [1], type: 'i64' },
        lengths: { shape: [2], values: [-1, 1], type: 'i64' },
      },
      {
        c: first,
        padded: {
          type: 'Pad',
          in: ['c', 'before', 'behind'],
          data: { pad_mode: 'constant' },
          shapes: [[1, 4, 9, 9]],
        },
        cut: {
          type: 'Clamp',
          in: ['padded'],
          data: { min: '0', max: '6' },
          shapes: [[1, 4, 9, 9]],
        },
        parts: {
          type: 'VariadicSplit',
          in: ['cut', 'axis', 'lengths'],
          shapes: [
            [1, 3, 9, 9],
            [1, 1, 9, 9],
          ],
        },
        turned: {
          type: 'Concat',
          in: ['parts.1', 'parts'],
          data: { axis: '1' },
          shapes: [[1, 4, 9, 9]],
        },
      },
    )
    expect(readLayers(ir)).toEqual(
      readSame(
        [
          conv,
          { op: 'Pad', in: ['c', 'sides'], out: 'p' },
          { op: 'Clip', in: ['p', 'none', 'six'], out: 'r' },
          { op: 'Split', in: ['r', 'lengths'], out: ['a', 'b'], ints: { axis: 1 } },
          { op: 'Concat', in: ['b', 'a'], out: 'y', ints: { axis: 1 } },
        ],
        {
          w,
          sides: int64(0, 0, 0, 0, 0, 0, 1, 1),
          ...{ none: { values: [0], dims: [] }, six: { values: [6], dims: [] } },
          lengths: int64(3, 1),
        },
      ),
    )
  })

  it('with gates by relu6(x + 3) / 6, under their own name', () => {
    const ir = makeIr(
      { w: filters, axes: { shape: [2], values: [2, 3], type: 'i64' } },
      {
        c: first,
        mean: {
          type: 'ReduceMean',
          in: ['c', 'axes'],
          data: { keep_dims: 'true' },
          shapes: [[1, 4, 1, 1]],
        },
        gates: { type: 'HSigmoid', in: ['mean'], shapes: [[1, 4, 1, 1]] },
        y: { type: 'Multiply', in: ['c', 'gates'], shapes: [picture] },
      },
    )
    expect(readLayers(ir)).toEqual(
      readSame(
        [
          conv,
          { op: 'GlobalAveragePool', in: ['c'], out: 'm' },
          { op: 'HardSigmoid', in: ['m'], out: 'g', floats: { alpha: 1 / 6, beta: 0.5 } },
          { op: 'Mul', in: ['c', 'g'], out: 'y' },
        ],
        { w },
      ),
    )
  })
})

describe('an IR that is none of ours', () => {
  const layers = { c: first, f: { type: 'FakeQuantize', in: ['c'], shapes: [picture] } }

  it('names its layers as the file does', () => {
    const { xml, bin } = makeIr(
      { w: filters },
      { ...layers, i: { type: 'Interpolate', in: ['f'], shapes: [picture] } },
    )
    expect(() => networkOfGraph(readIr(xml, bin))).toThrow(
      'it has what no layer here can do: FakeQuantize (at f), Interpolate (at i)',
    )
  })

  it('says of a layer that is called like a method of every object what it says of others', () => {
    const { xml, bin } = makeIr(
      { w: filters },
      { c: first, f: { type: 'constructor', in: ['c'], shapes: [picture] } },
    )
    expect(() => networkOfGraph(readIr(xml, bin))).toThrow(
      'it has what no layer here can do: constructor (at f)',
    )
  })

  it('counts slopes by the channels, where rows are as long too', () => {
    const { xml, bin } = makeIr(
      {
        w: { shape: [8, 3, 3, 3], values: some(216, 1) },
        slopes: { shape: [8], values: some(8, 2) },
      },
      {
        c: { ...first, shapes: [[1, 8, 8, 8]] },
        p: { type: 'PReLU', in: ['c', 'slopes'], shapes: [[1, 8, 8, 8]] },
      },
    )
    const { list } = networkOfGraph(readIr(xml, bin))
    expect(list.layers.map(({ op }) => op)).toContain('prelu')
  })

  it('reads the steps of a slice before its axes', () => {
    const list = (...values: number[]): Constant => ({ shape: [1], values, type: 'i64' })
    const { xml, bin } = makeIr(
      { w: filters, from: list(0), to: list(99), step: list(2), axis: list(3) },
      {
        c: first,
        s: { type: 'Slice', in: ['c', 'from', 'to', 'step', 'axis'], shapes: [picture] },
      },
    )
    expect(() => networkOfGraph(readIr(xml, bin))).toThrow('Slice of more than channels (at s)')
  })

  it.each([
    [
      'a page',
      '<!DOCTYPE html><html><body>no</body></html>',
      'the .xml file has no layers and edges',
    ],
    [
      'an older version',
      makeIr({ w: filters }, layers, 7).xml,
      'an OpenVINO IR of version 7, expected 10 or later',
    ],
  ])('is refused: %s', (_, xml, message) => {
    expect(() => readIr(xml, new Uint8Array(1000))).toThrow(message)
  })

  it('is refused where the .bin file ends early', () => {
    const { xml, bin } = makeIr({ w: filters }, layers)
    expect(() => readIr(xml, bin.subarray(0, 100))).toThrow(
      'the .bin file ends early: it is not the one of this .xml file',
    )
  })
})
