/**
 * An ONNX file as plain data: the nodes of its graph in the order in which they run, and its float32 tensors by name. Only what
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
    repeated string input = 1; repeated string output = 2; string op_type = 4;
    repeated AttributeProto attribute = 5;
  }
  message AttributeProto {
    string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; repeated int64 ints = 8;
  }
  message TensorProto {
    repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; string name = 8;
    bytes raw_data = 9; repeated int64 int64_data = 7;
  }
`

/** Numbers of TensorProto.DataType, and how raw bytes of them are read. */
const rawReaders: Readonly<Record<number, (bytes: Uint8Array) => Float32Array>> = {
  1: (bytes) => new Float32Array(wholeNumbers(bytes, 4)),
  7: (bytes) => Float32Array.from(new BigInt64Array(wholeNumbers(bytes, 8)), Number),
  10: (bytes) => Float32Array.from(new Float16Array(wholeNumbers(bytes, 2))),
}

/** Reads and writes the messages above; tests make their files with it. */
export const OnnxModel: protobuf.Type = protobuf
  .parse(schema, { keepCase: true })
  .root.lookupType('ModelProto')

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Of attributes that are whole numbers or lists of them. */
  readonly ints: ReadonlyMap<string, readonly number[]>
  readonly floats: ReadonlyMap<string, number>
  readonly texts: ReadonlyMap<string, string>
}

export interface OnnxTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** Those of half precision and whole numbers are read as float32; other types are left out. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>
  /** Without those that are tensors; a side that the file leaves open is 0. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[]
  readonly outputs: readonly string[]
}

interface TensorMessage {
  readonly dims: number[]
  readonly data_type: number
  readonly float_data: number[]
  readonly int64_data: number[]
  readonly name: string
  readonly raw_data: Uint8Array
}

interface ModelMessage {
  readonly graph?: {
    readonly node: {
      readonly input: string[]
      readonly output: string[]
      readonly op_type: string
      readonly attribute: {
        name: string
        f: number
        i: number
        s: Uint8Array
        t?: TensorMessage
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
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const { graph } = decode(bytes)
  if (!graph || graph.node.length === 0)
    throw new Error('not an ONNX file: there is no graph in it')
  // A constant node is a tensor by another name.
  const constants = graph.node
    .filter(({ op_type }) => op_type === 'Constant')
    .flatMap(({ output, attribute }) =>
      attribute.flatMap(({ t }) => (t ? [{ ...t, name: output[0]! }] : [])),
    )
  const tensors = new Map(
    [...graph.initializer, ...constants]
      .filter(({ data_type }) => data_type in rawReaders)
      .map((tensor) => [tensor.name, readTensor(tensor)]),
  )
  return {
    nodes: graph.node.map(({ input, output, op_type, attribute }) => ({
      op: op_type,
      inputs: input,
      outputs: output,
      ints: new Map(attribute.map(({ name, i, ints }) => [name, ints.length > 0 ? ints : [i]])),
      floats: new Map(attribute.map(({ name, f }) => [name, f])),
      texts: new Map(attribute.map(({ name, s }) => [name, new TextDecoder().decode(s)])),
    })),
    tensors,
    inputs: graph.input
      .filter(({ name }) => !tensors.has(name))
      .map(({ name, type }) => ({
        name,
        shape: (type?.tensor_type?.shape?.dim ?? []).map(({ dim_value }) => dim_value),
      })),
    outputs: graph.output.map(({ name }) => name),
  }
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

function readTensor({
  name,
  dims,
  data_type,
  float_data,
  int64_data,
  raw_data,
}: TensorMessage): OnnxTensor {
  const count = dims.reduce((product, side) => product * side, 1)
  const values =
    raw_data.length > 0
      ? rawReaders[data_type]!(raw_data)
      : Float32Array.from(int64_data.length > 0 ? int64_data : float_data)
  if (values.length !== count) {
    throw new Error(`the tensor ${name} holds ${values.length} numbers, expected ${count}`)
  }
  return { shape: dims, values }
}

/** A copy of the bytes, without what is left of a number that was cut short. */
function wholeNumbers(bytes: Uint8Array, size: number): ArrayBuffer {
  return Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % size))).buffer
}
