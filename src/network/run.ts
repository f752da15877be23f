/**
 * Runs a network: by its plan for inputs of this size, or, where it has none, in one pass over its table, each layer one tfjs
 * call. There an output is given back to the backend as soon as the last layer that reads it has run, so that the WASM heap
 * stays small; it never shrinks again.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { applyLayer } from './layers.ts'
import type { Network, NetworkWeights } from './load.ts'
import { toNetworkInput } from './picture.ts'
import { applyPlan } from './plan/plan-kernel.ts'
import { type Plan, Plans } from './plan/plans.ts'
import type { StockWeights } from './stock-weights.ts'
import { type NetworkTable, networkInput, readsOf } from './table.ts'

export interface NetworkOutput {
  /** Values of the last layer. */
  readonly values: Float32Array
  /** [batch, ...] */
  readonly shape: readonly number[]
}

/**
 * @param squares [height, width, 3] each, RGB, values 0..255
 * @param sides of one of them
 */
export function runOnSquares(
  network: Network,
  squares: readonly Float32Array[],
  [height, width]: readonly [height: number, width: number],
): NetworkOutput {
  const numbers = squares.reduce((sum, { length }) => sum + length, 0)
  return run(network, [squares.length, height, width], numbers, (input) =>
    toNetworkInput(network.table, squares, input),
  )
}

/**
 * @param input [batch, height, width, 3] float32, already (pixel - mean) / divisor
 * @param shape [batch, height, width]
 */
export function runNetwork(
  network: Network,
  input: Float32Array,
  shape: readonly [batch: number, height: number, width: number],
): NetworkOutput {
  return run(network, shape, input.length, (at) => at.set(input))
}

/** @param write writes the input where it is given room, on the backend's heap: a copy of it would take as long as a layer */
function run(
  { table, weights }: Network,
  [batch, height, width]: readonly [batch: number, height: number, width: number],
  numbers: number,
  write: (input: Float32Array) => void,
): NetworkOutput {
  const { size, sizeIs } = table.input
  const fits = (side: number): boolean => (sizeIs === 'exact' ? side === size : side % size === 0)
  if (!fits(height) || !fits(width) || numbers !== batch * height * width * 3) {
    throw new Error(
      `${table.name}: the input [${batch}, ${height}, ${width}, 3] is not of its size ${size}`,
    )
  }
  const output = tf.tidy(() => {
    const x = tensorOf([batch, height, width, 3], write)
    return weights.engine === 'plan'
      ? applyPlan(planFor(table, weights, height, width), x)
      : forward(table, weights.tensors, x)
  })
  const values = output.dataSync() as Float32Array
  const { shape } = output
  output.dispose()
  return { values, shape }
}

function tensorOf(shape: number[], write: (values: Float32Array) => void): tf.Tensor {
  const backend = tf.backend() as BackendWasm
  const info = backend.makeOutput(shape, 'float32')
  write(backend.typedArrayFromHeap(info) as Float32Array)
  return tf.engine().makeTensorFromTensorInfo(info)
}

type Planned = NetworkWeights & { readonly engine: 'plan' }

const plansByWeights = new WeakMap<Planned, Plans>()

/** Tests run parts of a table on the weights of the whole. */
function planFor(table: NetworkTable, weights: Planned, height: number, width: number): Plan {
  const plans = plansByWeights.get(weights) ?? new Plans(weights.placed, weights.heap)
  plansByWeights.set(weights, plans)
  return plans.planFor(table, height, width)
}

function forward(table: NetworkTable, weights: StockWeights, input: tf.Tensor): tf.Tensor {
  const outputs = new Map<string, tf.Tensor>([[networkInput, input]])
  let previous = networkInput
  const { reads, lastRead } = allReadsOf(table)
  for (const [index, layer] of table.layers.entries()) {
    const inputs = reads[index]!.map((name) => outputs.get(name)!)
    outputs.set(layer.name, applyLayer(layer, inputs, weights.get(layer.name)))
    for (const name of reads[index]!) {
      if (lastRead.get(name) !== index) continue
      outputs.get(name)?.dispose()
      outputs.delete(name)
    }
    previous = layer.name
  }
  return outputs.get(previous)!
}

const readsByTable = new WeakMap<NetworkTable, ReturnType<typeof computeReads>>()

function allReadsOf(table: NetworkTable): ReturnType<typeof computeReads> {
  const known = readsByTable.get(table)
  if (known) return known
  const computed = computeReads(table)
  readsByTable.set(table, computed)
  return computed
}

/** Which outputs each layer reads, and which layer is the last to read an output. */
function computeReads(table: NetworkTable): { reads: string[][]; lastRead: Map<string, number> } {
  const lastRead = new Map<string, number>()
  const reads = table.layers.map((_, index) => {
    const names = readsOf(table, index)
    for (const name of names) lastRead.set(name, index)
    return names
  })
  return { reads, lastRead }
}
