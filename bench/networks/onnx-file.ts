/** Writes an ONNX file: one graph from a picture to numbers. Field numbers are those of onnx/onnx.proto (github.com/onnx/onnx). */
import protobuf from 'protobufjs'

const schema = `
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; repeated Opset opset_import = 8; }
  message Opset { string domain = 1; int64 version = 2; }
  message Graph {
    repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
    repeated Value input = 11; repeated Value output = 12;
  }
  message Node {
    repeated string input = 1; repeated string output = 2; string op_type = 4;
    repeated Attribute attribute = 5;
  }
  message Attribute {
    string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20;
  }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message Value { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { int64 dim_value = 1; }
`

const Model = protobuf.parse(schema, { keepCase: true }).root.lookupType('Model')

const floatType = 1
const int64Type = 7
const irVersion = 8
const opset = 17

export type AttributeValue = number | string | readonly number[] | { readonly float: number }

/** Nodes in the order in which they run; every name is an output of an earlier node, a tensor, or the input. */
export class OnnxGraph {
  readonly #nodes: object[] = []
  readonly #tensors: object[] = []

  /** Returns the name of the node's only output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `value${this.#nodes.length}`,
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value))
    this.#nodes.push({ input: inputs, output: [output], op_type: op, attribute })
    return output
  }

  /** Returns its name. */
  floats(shape: readonly number[], values: Float32Array): string {
    return this.#tensor(shape, floatType, new Uint8Array(values.slice().buffer))
  }

  /** Returns its name. */
  integers(values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    return this.#tensor([values.length], int64Type, bytes)
  }

  #tensor(dims: readonly number[], data_type: number, raw_data: Uint8Array): string {
    const name = `tensor${this.#tensors.length}`
    this.#tensors.push({ name, dims, data_type, raw_data })
    return name
  }

  /** @param input [1, channels, height, width] */
  toFile(input: string, inputShape: readonly number[], output: string): Uint8Array {
    const value = (name: string, shape?: readonly number[]): object => ({
      name,
      type: {
        tensor_type: {
          elem_type: floatType,
          ...(shape && { shape: { dim: shape.map((dim_value) => ({ dim_value })) } }),
        },
      },
    })
    const graph = {
      name: 'network',
      node: this.#nodes,
      initializer: this.#tensors,
      input: [value(input, inputShape)],
      output: [value(output)],
    }
    const model = { ir_version: irVersion, opset_import: [{ domain: '', version: opset }], graph }
    return Model.encode(Model.fromObject(model)).finish()
  }
}

/** AttributeProto.AttributeType: FLOAT 1, INT 2, STRING 3, INTS 7. */
function attributeOf(name: string, value: AttributeValue): object {
  if (typeof value === 'number') return { name, i: value, type: 2 }
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 }
  if ('float' in value) return { name, f: value.float, type: 1 }
  return { name, ints: value, type: 7 }
}
