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
  i64: (bytes) => Float32Array.from(new BigInt64Array(bytes.slice().buffer), Number),
  i32: (bytes) => Float32Array.from(new Int32Array(bytes.slice().buffer)),
}

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
}

/** @throws Error when the files are no such network, or the .bin is not the .xml's */
export function readIr(xml: string, bin: Uint8Array): OnnxGraph {
  const { layers, edges } = parse(xml)
  const byId = new Map(layers.map((layer) => [layer['@id'], layer]))
  const sources = new Map(
    edges.map((edge) => [`${edge['@to-layer']}:${edge['@to-port']}`, edge['@from-layer']]),
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
    const constant = tensors.get(read[0] ?? '')
    if (layer['@type'] === 'Const') tensors.set(id, readConstant(layer, bin))
    else if (layer['@type'] === 'Convert' && constant) tensors.set(id, constant)
    else if (layer['@type'] === 'Parameter') inputs.push({ name: id, shape: shapeOf(layer) })
    else if (layer['@type'] === 'Result') outputs.push(...read)
    else nodes.push(toNode(layer, read, byId, tensors))
  }
  return { nodes, tensors, inputs, outputs }
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
  const { layers, edges } = parsed.data.net
  return { layers: layers.layer, edges: edges.edge }
}

function readConstant(layer: IrLayer, bin: Uint8Array): OnnxTensor {
  const { offset, size, element_type: type = '' } = attributesOf(layer)
  const shape = shapeOf(layer)
  const read = elementTypes[type]
  if (!read) throw new Error(`${layer['@name']}: numbers of type ${type} are not read`)
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
  tensors: Map<string, OnnxTensor>,
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
  if (own.transpose_b === 'true') ints.set('transB', [1])
  let read = [...inputs]
  const filter = tensors.get(inputs[1] ?? '')
  if (type === 'GroupConvolution' && filter) {
    // [groups, out / groups, in / groups, height, width] -> [out, in / groups, height, width]
    const [groups, out, ...rest] = filter.shape as [number, number, ...number[]]
    const name = `${inputs[1]} of ${layer['@id']}`
    tensors.set(name, { shape: [groups * out, ...rest], values: filter.values })
    read = [inputs[0]!, name]
    ints.set('group', [groups])
  }
  const op = type === 'AvgPool' && isWhole(layer, inputs, layers) ? 'GlobalAveragePool' : type
  return {
    op: onnxNames[op] ?? op,
    inputs: read,
    outputs: [layer['@id']],
    ints,
    floats: new Map(own.eps === undefined ? [] : [['epsilon', Number(own.eps)]]),
    texts: new Map(autoPad === undefined ? [] : [['auto_pad', autoPad]]),
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
