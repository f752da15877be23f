/**
 * A TensorFlow Lite file as plain data: its operators in the order in which they run, and its constant tensors. Only what networks of
 * ours need is read; numbers of fields and operators are those of schema.fbs (github.com/tensorflow/tensorflow,
 * tensorflow/compiler/mlir/lite/schema).
 */
import { ByteBuffer } from 'flatbuffers'

/** The operators that are read, by their number in the schema. */
const operatorNames = {
  0: 'Add',
  3: 'Conv',
  4: 'DepthwiseConv',
  6: 'Dequantize',
  17: 'MaxPool',
  19: 'Relu',
  22: 'Reshape',
  23: 'ResizeBilinear',
  34: 'Pad',
} as const

export type TfliteOp = (typeof operatorNames)[keyof typeof operatorNames]

export interface TfliteNode {
  readonly op: TfliteOp
  /** Numbers of tensors. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Of convolutions and pooling; 'linear' and 1 elsewhere. */
  readonly padding: 'same' | 'valid'
  readonly stride: number
  readonly activation: 'linear' | 'relu'
}

export interface TfliteTensor {
  readonly shape: readonly number[]
  /** Only of constants; half precision is read as float32, whole numbers as they are. */
  readonly values?: Float32Array
}

export interface TfliteGraph {
  /** Without those that only unpack constants of half precision. */
  readonly nodes: readonly TfliteNode[]
  readonly tensors: readonly TfliteTensor[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** Places of the fields in each operator's table of options. */
const optionFields: Partial<
  Record<TfliteOp, { padding?: number; strides?: readonly [number, number]; activation: number }>
> = {
  Add: { activation: 0 },
  Conv: { padding: 0, strides: [1, 2], activation: 3 },
  DepthwiseConv: { padding: 0, strides: [1, 2], activation: 4 },
  MaxPool: { padding: 0, strides: [1, 2], activation: 5 },
}

/** Numbers per value of a tensor's type, and how they are read. */
const tensorTypes: Readonly<Record<number, (bytes: Uint8Array) => Float32Array>> = {
  0: (bytes) => new Float32Array(bytes.slice().buffer),
  1: (bytes) => Float32Array.from(new Float16Array(bytes.slice().buffer)),
  2: (bytes) => Float32Array.from(new Int32Array(bytes.slice().buffer)),
}

/** @throws Error when the bytes are not such a file, or hold an operator or a type that is not read */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const buffer = new ByteBuffer(bytes)
  if (bytes.length < 8 || !buffer.__has_identifier('TFL3')) {
    throw new Error('not a TensorFlow Lite file: its fifth to eighth byte are not "TFL3"')
  }
  const model = new Table(buffer, buffer.readInt32(0))
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)))
  const buffers = model.tables(4)
  const [graph] = model.tables(2)
  if (!graph) throw new Error('a TensorFlow Lite file without a graph')
  const tensors = graph.tables(0).map((tensor) => readTensor(tensor, buffers))
  const nodes: TfliteNode[] = []
  for (const operator of graph.tables(3)) {
    const node = readNode(operator, codes)
    if (node.op !== 'Dequantize') {
      nodes.push(node)
      continue
    }
    const [from, to] = [node.inputs[0]!, node.outputs[0]!]
    tensors[to] = { ...tensors[from], shape: tensors[to]!.shape }
  }
  return { nodes, tensors, inputs: graph.ints(1), outputs: graph.ints(2) }
}

function readNode(operator: Table, codes: readonly number[]): TfliteNode {
  const code = codes[operator.int(0)]
  const op = operatorNames[code as keyof typeof operatorNames]
  if (!op) throw new Error(`operator ${code} of TensorFlow Lite is not read`)
  const options = operator.table(4)
  const fields = optionFields[op]
  const [across, down] = (fields?.strides ?? []).map((field) => options?.int(field))
  if (across !== down) throw new Error(`${op} has strides of ${across} and ${down}`)
  const activation = fields ? (options?.byte(fields.activation) ?? 0) : 0
  if (activation > 1) throw new Error(`activation ${activation} of TensorFlow Lite is not read`)
  // Fields 2 and 3: corners aligned, and centres of pixels where they are.
  if (op === 'ResizeBilinear' && (options?.byte(2) !== 0 || options.byte(3) !== 1)) {
    throw new Error('ResizeBilinear is read only with its pixels read at their centres')
  }
  const isValid = fields?.padding !== undefined && options?.byte(fields.padding) === 1
  return {
    op,
    inputs: operator.ints(1),
    outputs: operator.ints(2),
    padding: isValid ? 'valid' : 'same',
    stride: across ?? 1,
    activation: activation === 1 ? 'relu' : 'linear',
  }
}

function readTensor(tensor: Table, buffers: readonly Table[]): TfliteTensor {
  const shape = tensor.ints(0)
  const bytes = buffers[tensor.int(2)]?.bytes(0)
  if (!bytes) return { shape }
  const read = tensorTypes[tensor.byte(1)]
  if (!read) throw new Error(`tensors of type ${tensor.byte(1)} of TensorFlow Lite are not read`)
  const values = read(bytes)
  const count = shape.reduce((product, side) => product * side, 1)
  if (values.length !== count) {
    throw new Error(`a tensor holds ${values.length} numbers, expected ${count}`)
  }
  return { shape, values }
}

/** A table of a flatbuffer; fields by their number, 0 or none where they are absent. */
class Table {
  readonly #buffer: ByteBuffer
  readonly #start: number

  constructor(buffer: ByteBuffer, start: number) {
    this.#buffer = buffer
    this.#start = start
  }

  int(field: number): number {
    const at = this.#placeOf(field)
    return at === 0 ? 0 : this.#buffer.readInt32(at)
  }

  byte(field: number): number {
    const at = this.#placeOf(field)
    return at === 0 ? 0 : this.#buffer.readInt8(at)
  }

  table(field: number): Table | undefined {
    const at = this.#placeOf(field)
    return at === 0 ? undefined : new Table(this.#buffer, this.#buffer.__indirect(at))
  }

  ints(field: number): number[] {
    return this.#vector(field, 4, (at) => this.#buffer.readInt32(at))
  }

  tables(field: number): Table[] {
    return this.#vector(field, 4, (at) => new Table(this.#buffer, this.#buffer.__indirect(at)))
  }

  /** Absent where there are none. */
  bytes(field: number): Uint8Array | undefined {
    const at = this.#placeOf(field)
    if (at === 0) return undefined
    const start = this.#buffer.__vector(at)
    return this.#buffer.bytes().subarray(start, start + this.#buffer.__vector_len(at))
  }

  #vector<T>(field: number, width: number, read: (at: number) => T): T[] {
    const at = this.#placeOf(field)
    if (at === 0) return []
    const start = this.#buffer.__vector(at)
    return Array.from({ length: this.#buffer.__vector_len(at) }, (_, i) => read(start + i * width))
  }

  #placeOf(field: number): number {
    const offset = this.#buffer.__offset(this.#start, 4 + 2 * field)
    return offset === 0 ? 0 : this.#start + offset
  }
}
