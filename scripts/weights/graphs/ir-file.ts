/**
 * An OpenVINO IR (an .xml file that names the layers, a .bin file that holds their numbers) as the same plain data that an ONNX file becomes
 * (onnx-file.ts): its operations get the names and attributes of ONNX's. What has none keeps its own name, for a reader that
 * lists what it does not know.
 */
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.ts'

const port = z.looseObject({ '@id': z.string(), dim: z.array(z.coerce.number()).default([]) })
const ports = z.looseObject({ port: z.array(port) }).optional()
const irLayer = z.looseObject({
  '@id': z.string(),
  '@name': z.string(),
  '@type': z.string(),
  data: z.record(z.string(), z.string()).optional().catch(undefined),
  input: ports,
  output: ports,
})
type IrLayer = z.output<typeof irLayer>

const irFile = z.looseObject({
  net: z.looseObject({
    '@version': z.coerce.number().optional(),
    layers: z.looseObject({ layer: z.array(irLayer) }),
    edges: z.looseObject({
      edge: z.array(
        z.looseObject({
          '@from-layer': z.string(),
          '@from-port': z.string(),
          '@to-layer': z.string(),
          '@to-port': z.string(),
        }),
      ),
    }),
  }),
})

/** Numbers a type of element takes, and how they are read. */
const elementTypes: Readonly<Record<string, (bytes: Uint8Array) => Float32Array>> = {
  f32: (bytes) => new Float32Array(bytes.slice().buffer),
  f16: (bytes) => Float32Array.from(new Float16Array(bytes.slice().buffer)),
  f64: (bytes) => Float32Array.from(new Float64Array(bytes.slice().buffer)),
  i64: (bytes) => Float32Array.from(new BigInt64Array(bytes.slice().buffer), Number),
  i32: (bytes) => Float32Array.from(new Int32Array(bytes.slice().buffer)),
  i8: (bytes) => Float32Array.from(new Int8Array(bytes.slice().buffer)),
  u8: (bytes) => Float32Array.from(bytes),
}
/** Before this version numbers lay in another place. */
const firstVersion = 10

/** Operations that are only called otherwise. */
const onnxNames: Readonly<Record<string, string>> = {
  Convolution: 'Conv',
  GroupConvolution: 'Conv',
  PReLU: 'PRelu',
  ReLU: 'Relu',
  Multiply: 'Mul',
  Subtract: 'Sub',
  Divide: 'Div',
  AvgPool: 'AveragePool',
  BatchNormInference: 'BatchNormalization',
  Clamp: 'Clip',
  Convert: 'Cast',
  Maximum: 'Max',
  Power: 'Pow',
  HSigmoid: 'HardSigmoid',
  VariadicSplit: 'Split',
}

const hardSigmoid = [
  ['alpha', 1 / 6],
  ['beta', 0.5],
] as const

/** @throws Error when the files are no such network, or the .bin is not the .xml's */
export function readIr(xml: string, bin: Uint8Array): OnnxGraph {
  const { layers, edges } = parse(xml)
  const byId = new Map(layers.map((layer) => [layer['@id'], layer]))
  const sources = new Map(
    edges.map((edge) => [
      `${edge['@to-layer']}:${edge['@to-port']}`,
      outputName(byId.get(edge['@from-layer']), edge['@from-port']),
    ]),
  )
  const inputsOf = (layer: IrLayer): string[] =>
    (layer.input?.port ?? []).map((one) => sources.get(`${layer['@id']}:${one['@id']}`) ?? '')
  const tensors = new Map<string, OnnxTensor>()
  const nodes: OnnxNode[] = []
  const inputs: OnnxGraph['inputs'][number][] = []
  const outputs: string[] = []
  // Layers lie in the file in the order in which they run.
  for (const layer of layers) {
    const id = layer['@id']
    const read = inputsOf(layer)
    const constant =
      layer['@type'] === 'Const' ? readConstant(layer, bin) : tensors.get(read[0] ?? '')
    if (constant && ['Const', 'Convert'].includes(layer['@type'])) tensors.set(id, constant)
    else if (layer['@type'] === 'Const') continue
    else if (layer['@type'] === 'Parameter') inputs.push({ name: id, shape: shapeOf(layer) })
    else if (layer['@type'] === 'Result') outputs.push(...read)
    else nodes.push(toNode(layer, read, byId, tensors))
    // An IR counts slopes by the channels, also where it has no sides behind them.
    const slopes = layer['@type'] === 'PReLU' ? tensors.get(read[1] ?? '') : undefined
    if (slopes?.shape.length === 1) {
      tensors.set(read[1]!, { ...slopes, shape: [...slopes.shape, 1, 1] })
    }
  }
  return { nodes, tensors, inputs, outputs }
}

/** The layer's id for its first output, which most have alone. */
function outputName(layer: IrLayer | undefined, port: string): string {
  const at = layer?.output?.port.findIndex((one) => one['@id'] === port) ?? -1
  const id = layer?.['@id'] ?? ''
  return at > 0 ? `${id}:${port}` : id
}

function parse(xml: string): {
  layers: IrLayer[]
  edges: z.output<typeof irFile>['net']['edges']['edge']
} {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => ['layer', 'edge', 'port', 'dim'].includes(name),
  })
  let document: unknown
  try {
    document = parser.parse(xml)
  } catch (cause) {
    throw new Error('not an OpenVINO IR: the .xml file cannot be read', { cause })
  }
  const parsed = irFile.safeParse(document)
  if (!parsed.success) throw new Error('not an OpenVINO IR: the .xml file has no layers and edges')
  const { layers, edges, '@version': version = firstVersion } = parsed.data.net
  if (version < firstVersion) {
    throw new Error(`an OpenVINO IR of version ${version}, expected ${firstVersion} or later`)
  }
  return { layers: layers.layer, edges: edges.edge }
}

/** undefined for numbers of a type that no layer of ours has. */
function readConstant(layer: IrLayer, bin: Uint8Array): OnnxTensor | undefined {
  const { offset, size, element_type: type = '' } = attributesOf(layer)
  const shape = shapeOf(layer)
  const read = Object.hasOwn(elementTypes, type) ? elementTypes[type] : undefined
  if (!read) return undefined
  const bytes = bin.subarray(Number(offset), Number(offset) + Number(size))
  if (bytes.length !== Number(size)) {
    throw new Error('the .bin file ends early: it is not the one of this .xml file')
  }
  const values = read(bytes)
  const count = shape.reduce((product, side) => product * side, 1)
  if (values.length !== count) {
    throw new Error(`${layer['@name']} holds ${values.length} numbers, expected ${count}`)
  }
  return { shape, values }
}

function toNode(
  layer: IrLayer,
  inputs: readonly string[],
  layers: ReadonlyMap<string, IrLayer>,
  tensors: ReadonlyMap<string, OnnxTensor>,
): OnnxNode {
  const type = layer['@type']
  const own = attributesOf(layer)
  const ints = new Map<string, readonly number[]>()
  const copy = (from: string, to: string): void => {
    const value = own[from]
    if (value !== undefined) ints.set(to, value.split(',').map(Number))
  }
  copy('strides', 'strides')
  copy('dilations', 'dilations')
  copy('kernel', 'kernel_shape')
  copy('axis', 'axis')
  if (own.pads_begin !== undefined) {
    ints.set('pads', `${own.pads_begin},${own.pads_end}`.split(',').map(Number))
  }
  const autoPad = { same_upper: 'SAME_UPPER', same_lower: 'SAME_LOWER', valid: 'VALID' }[
    own.auto_pad ?? ''
  ]
  if (own['exclude-pad'] === 'false') ints.set('count_include_pad', [1])
  if (own.rounding_type?.startsWith('ceil')) ints.set('ceil_mode', [1])
  if (own.transpose_a === 'true') ints.set('transA', [1])
  if (own.transpose_b === 'true') ints.set('transB', [1])
  if (own.keep_dims === 'false') ints.set('keepdims', [0])
  const numbers = (input: number): readonly number[] | undefined => {
    const tensor = tensors.get(inputs[input] ?? '')
    return tensor && Array.from(tensor.values)
  }
  const read = [...inputs]
  // What ONNX has as an attribute, or as one list.
  if (type === 'Pad') {
    ints.set('pads', [...(numbers(1) ?? []), ...(numbers(2) ?? [])])
    read.splice(1, 2, '')
  }
  // The steps come before the axes.
  if (type === 'Slice') read.splice(3, 2, read[4] ?? '', read[3] ?? '')
  if (type === 'Split' || type === 'VariadicSplit') {
    ints.set('axis', numbers(1) ?? [])
    read.splice(1, 1)
  }
  const filter = tensors.get(inputs[1] ?? '')
  if (type === 'GroupConvolution' && filter) ints.set('group', [filter.shape[0]!])
  if (type === 'Gather') ints.set('axis', numbers(2) ?? [])
  const floats = Object.entries({ epsilon: own.eps ?? own.epsilon, min: own.min, max: own.max })
  const op = type === 'AvgPool' && isWhole(layer, inputs, layers) ? 'GlobalAveragePool' : type
  return {
    name: layer['@name'],
    op: Object.hasOwn(onnxNames, op) ? onnxNames[op]! : op,
    inputs: read,
    outputs: (layer.output?.port ?? []).map((one) => outputName(layer, one['@id'])),
    ints,
    floats: new Map([
      ...floats.flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Number(value)] as const],
      ),
      ...(type === 'HSigmoid' ? hardSigmoid : []),
    ]),
    texts: new Map([
      ...(autoPad === undefined ? [] : [['auto_pad', autoPad] as const]),
      ...(own.pad_mode === undefined ? [] : [['mode', own.pad_mode] as const]),
    ]),
    tensors: new Map(),
  }
}

/** Whether a pool's window is all of its input. */
function isWhole(
  layer: IrLayer,
  [from]: readonly string[],
  layers: ReadonlyMap<string, IrLayer>,
): boolean {
  const { kernel, pads_begin: before, pads_end: after } = attributesOf(layer)
  const source = layers.get(from ?? '')
  const [height, width] = source ? shapeOf(source).slice(2) : []
  const isPadded = [before, after].some((pads) => pads?.split(',').some((pad) => Number(pad) !== 0))
  return !isPadded && kernel?.split(',').map(Number).join() === [height, width].join()
}

function attributesOf({ data = {} }: IrLayer): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name.slice(1), value]))
}

function shapeOf(layer: IrLayer): number[] {
  return layer.output?.port[0]?.dim ?? []
}
