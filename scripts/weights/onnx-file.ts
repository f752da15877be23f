/**
 * An ONNX file as plain data: the nodes of its graph in the order in which they run, and its float32 tensors by name. Only what
 * networks of ours need is read; field numbers are those of onnx/onnx.proto (github.com/onnx/onnx).
 */
import protobuf from 'protobufjs'

const schema = `
  syntax = "proto3";
  message ModelProto { GraphProto graph = 7; }
  message GraphProto { repeated NodeProto node = 1; repeated TensorProto initializer = 5; }
  message NodeProto {
    repeated string input = 1; repeated string output = 2; string op_type = 4;
    repeated AttributeProto attribute = 5;
  }
  message AttributeProto { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; }
  message TensorProto {
    repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; string name = 8;
    bytes raw_data = 9;
  }
`

/** TensorProto.DataType.FLOAT */
const floatType = 1

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
}

export interface OnnxTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** Tensors of other types than float32 are left out. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>
}

interface TensorMessage {
  readonly dims: number[]
  readonly data_type: number
  readonly float_data: number[]
  readonly name: string
  readonly raw_data: Uint8Array
}

interface ModelMessage {
  readonly graph?: {
    readonly node: {
      readonly input: string[]
      readonly output: string[]
      readonly op_type: string
      readonly attribute: { name: string; f: number; i: number; ints: number[] }[]
    }[]
    readonly initializer: TensorMessage[]
  }
}

/** @throws Error when the bytes are not an ONNX model with a graph, or a tensor is cut short */
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const { graph } = decode(bytes)
  if (!graph || graph.node.length === 0)
    throw new Error('not an ONNX file: there is no graph in it')
  return {
    nodes: graph.node.map(({ input, output, op_type, attribute }) => ({
      op: op_type,
      inputs: input,
      outputs: output,
      ints: new Map(attribute.map(({ name, i, ints }) => [name, ints.length > 0 ? ints : [i]])),
      floats: new Map(attribute.map(({ name, f }) => [name, f])),
    })),
    tensors: new Map(
      graph.initializer
        .filter(({ data_type }) => data_type === floatType)
        .map((tensor) => [tensor.name, readTensor(tensor)]),
    ),
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

function readTensor({ name, dims, float_data, raw_data }: TensorMessage): OnnxTensor {
  const count = dims.reduce((product, side) => product * side, 1)
  const values =
    raw_data.length > 0
      ? new Float32Array(Uint8Array.from(raw_data).buffer, 0, Math.floor(raw_data.length / 4))
      : Float32Array.from(float_data)
  if (values.length !== count) {
    throw new Error(`the tensor ${name} holds ${values.length} numbers, expected ${count}`)
  }
  return { shape: dims, values }
}
