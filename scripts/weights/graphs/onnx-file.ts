/**
 * An ONNX file as plain data: the nodes of its graph in the order in which they run, and its tensors by name, as float32. Only what
 * networks of ours need is read; field numbers are those of onnx/onnx.proto (github.com/onnx/onnx).
 */
import protobuf from 'protobufjs'

const schema = `
  syntax = "proto3";
  message ModelProto { GraphProto graph = 7; }
  message GraphProto {
    repeated NodeProto node = 1; repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
  }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message TypeProto { TensorTypeProto tensor_type = 1; }
  message TensorTypeProto { ShapeProto shape = 2; }
  message ShapeProto { repeated DimensionProto dim = 1; }
  message DimensionProto { int64 dim_value = 1; }
  message NodeProto {
    repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
    repeated AttributeProto attribute = 5; string domain = 7;
  }
  message AttributeProto {
    string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5;
    repeated float floats = 7; repeated int64 ints = 8;
  }
  message TensorProto {
    repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4;
    repeated int32 int32_data = 5; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9;
    repeated double double_data = 10; repeated EntryProto external_data = 13; int32 data_location = 14;
  }
  message EntryProto { string key = 1; string value = 2; }
`

/** Numbers of TensorProto.DataType, and how raw bytes of them are read. */
const rawReaders: Readonly<Record<number, (bytes: Uint8Array) => Float32Array>> = {
  1: (bytes) => new Float32Array(wholeNumbers(bytes, 4)),
  2: (bytes) => Float32Array.from(bytes),
  3: (bytes) => Float32Array.from(new Int8Array(wholeNumbers(bytes, 1))),
  6: (bytes) => Float32Array.from(new Int32Array(wholeNumbers(bytes, 4))),
  7: (bytes) => Float32Array.from(new BigInt64Array(wholeNumbers(bytes, 8)), Number),
  9: (bytes) => Float32Array.from(bytes),
  10: (bytes) => Float32Array.from(new Float16Array(wholeNumbers(bytes, 2))),
  11: (bytes) => Float32Array.from(new Float64Array(wholeNumbers(bytes, 8))),
}
const float16Type = 10

/** Reads and writes the messages above; tests make their files with it. */
export const OnnxModel: protobuf.Type = protobuf
  .parse(schema, { keepCase: true })
  .root.lookupType('ModelProto')

export interface OnnxNode {
  /** Of its first output, where the file gives it none. */
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Of attributes that are whole numbers or lists of them. */
  readonly ints: ReadonlyMap<string, readonly number[]>
  readonly floats: ReadonlyMap<string, number>
  readonly texts: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, OnnxTensor>
}

export interface OnnxTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** Those of other types than float32 are converted; texts and the like are left out. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>
  /** Without those that are tensors; a side that the file leaves open is 0. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[]
  readonly outputs: readonly string[]
}

interface TensorMessage {
  readonly dims: number[]
  readonly data_type: number
  readonly float_data: number[]
  readonly int32_data: number[]
  readonly int64_data: number[]
  readonly double_data: number[]
  readonly name: string
  readonly raw_data: Uint8Array
  /** 1 where its numbers are in another file. */
  readonly data_location: number
  readonly external_data: readonly { readonly key: string; readonly value: string }[]
}

/** The bytes of a file beside the one that is read. */
export type ReadBeside = (file: string) => Uint8Array

interface ModelMessage {
  readonly graph?: {
    readonly node: {
      readonly input: string[]
      readonly output: string[]
      readonly name: string
      readonly op_type: string
      readonly domain: string
      readonly attribute: {
        name: string
        f: number
        i: number
        s: Uint8Array
        t?: TensorMessage
        floats: number[]
        ints: number[]
      }[]
    }[]
    readonly initializer: TensorMessage[]
    readonly input: {
      readonly name: string
      readonly type?: {
        readonly tensor_type?: { readonly shape?: { readonly dim: { dim_value: number }[] } }
      }
    }[]
    readonly output: { readonly name: string }[]
  }
}

/** @throws Error when the bytes are not an ONNX model with a graph, or a tensor is cut short */
export function readOnnx(bytes: Uint8Array, readFile: ReadBeside = noneBeside): OnnxGraph {
  const readBeside = eachOnce(readFile)
  const { graph } = decode(bytes)
  if (!graph || graph.node.length === 0)
    throw new Error('not an ONNX file: there is no graph in it')
  const stored = graph.initializer.filter(({ data_type }) => data_type in rawReaders)
  const tensors = new Map(stored.map((tensor) => [tensor.name, readTensor(tensor, readBeside)]))
  for (const { op_type, output, attribute } of graph.node) {
    const constant = op_type === 'Constant' ? constantIn(attribute, readBeside) : undefined
    if (constant) tensors.set(output[0]!, constant)
  }
  const isStored = new Set(graph.initializer.map(({ name }) => name))
  return {
    nodes: graph.node
      .filter(({ op_type }) => op_type !== 'Constant')
      .map(({ input, output, name, op_type, domain, attribute }) => ({
        name: name || output[0]!,
        op: ['', 'ai.onnx'].includes(domain) ? op_type : `${domain}.${op_type}`,
        inputs: input,
        outputs: output,
        ints: new Map(attribute.map(({ name, i, ints }) => [name, ints.length > 0 ? ints : [i]])),
        floats: new Map(attribute.map(({ name, f }) => [name, f])),
        texts: new Map(attribute.map(({ name, s }) => [name, new TextDecoder().decode(s)])),
        tensors: new Map(
          attribute.flatMap(({ name, t }) =>
            t && t.data_type in rawReaders ? [[name, readTensor(t, readBeside)] as const] : [],
          ),
        ),
      })),
    tensors,
    inputs: graph.input
      .filter(({ name }) => !isStored.has(name))
      .map(({ name, type }) => ({
        name,
        shape: (type?.tensor_type?.shape?.dim ?? []).map(({ dim_value }) => dim_value),
      })),
    outputs: graph.output.map(({ name }) => name),
  }
}

type AttributeMessage = NonNullable<ModelMessage['graph']>['node'][number]['attribute'][number]

/** A constant node is a tensor by another name: one, a number, or a list of numbers. */
function constantIn(
  attributes: readonly AttributeMessage[],
  readBeside: ReadBeside,
): OnnxTensor | undefined {
  for (const { name, t, f, i, floats, ints } of attributes) {
    if (t && t.data_type in rawReaders) return readTensor(t, readBeside)
    if (name === 'value_float') return { shape: [], values: Float32Array.of(f) }
    if (name === 'value_int') return { shape: [], values: Float32Array.of(i) }
    if (name === 'value_floats')
      return { shape: [floats.length], values: Float32Array.from(floats) }
    if (name === 'value_ints') return { shape: [ints.length], values: Float32Array.from(ints) }
  }
  return undefined
}

/** A file that holds many tensors is read for the first of them. */
function eachOnce(readFile: ReadBeside): ReadBeside {
  const files = new Map<string, Uint8Array>()
  return (file) => {
    const bytes = files.get(file) ?? readFile(file)
    files.set(file, bytes)
    return bytes
  }
}

function noneBeside(file: string): never {
  throw new Error(`its numbers are in another file, ${file}`)
}

function decode(bytes: Uint8Array): ModelMessage {
  try {
    const message = OnnxModel.decode(bytes)
    return OnnxModel.toObject(message, {
      longs: Number,
      arrays: true,
      defaults: true,
    }) as ModelMessage
  } catch (cause) {
    throw new Error('not an ONNX file, or a damaged one', { cause })
  }
}

function readTensor(tensor: TensorMessage, readBeside: ReadBeside): OnnxTensor {
  const { name, dims } = tensor
  const values = numbersOf(tensor, readBeside)
  const count = dims.reduce((product, side) => product * side, 1)
  if (values.length !== count) {
    throw new Error(`the tensor ${name} holds ${values.length} numbers, expected ${count}`)
  }
  return { shape: dims, values }
}

function numbersOf(tensor: TensorMessage, readBeside: ReadBeside): Float32Array {
  const { data_type, raw_data, float_data, int32_data, int64_data, double_data } = tensor
  const read = rawReaders[data_type]
  if (tensor.data_location === 1) return read!(externalBytes(tensor, readBeside))
  if (raw_data.length > 0) return read!(raw_data)
  // Half precision is listed by its bits.
  if (data_type === float16Type && int32_data.length > 0) {
    return read!(new Uint8Array(Uint16Array.from(int32_data).buffer))
  }
  const lists = [float_data, int32_data, int64_data, double_data]
  return Float32Array.from(lists.find(({ length }) => length > 0) ?? [])
}

function externalBytes({ name, external_data }: TensorMessage, readBeside: ReadBeside): Uint8Array {
  const entries = new Map(external_data.map(({ key, value }) => [key, value]))
  const file = readBeside(entries.get('location') ?? '')
  const offset = Number(entries.get('offset') ?? 0)
  const length = Number(entries.get('length') ?? file.length - offset)
  if (offset + length <= file.length) return file.subarray(offset, offset + length)
  throw new Error(
    `${entries.get('location')} ends before the tensor ${name}: it is not the one of this file`,
  )
}

/** A copy of the bytes, without what is left of a number that was cut short. */
function wholeNumbers(bytes: Uint8Array, size: number): ArrayBuffer {
  return Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % size))).buffer
}
