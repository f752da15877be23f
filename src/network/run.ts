/**
 * Runs a network: by its plan for inputs of this size, or, where it has none, in one pass over its table, each layer one tfjs
 * call. There an output is given back to the backend as soon as the last layer that reads it has run, so that the WASM heap
 * stays small; it never shrinks again.
 */
import * as tf from '@tensorflow/tfjs-core'
import { applyLayer } from './layers.ts'
import type { Network, NetworkWeights } from './load.ts'
import { compilePlan, type Plan } from './plan/compile-plan.ts'
import { applyPlan } from './plan/plan-kernel.ts'
import type { StockWeights } from './stock-weights.ts'
import { type NetworkTable, networkInput, readsOf } from './table.ts'

export interface NetworkOutput {
  /** Values of the last layer. */
  readonly values: Float32Array
  /** [batch, ...] */
  readonly shape: readonly number[]
}

/**
 * @param input [batch, height, width, 3] float32, already (pixel - mean) / divisor
 * @param shape [batch, height, width]
 */
export function runNetwork(
  network: Network,
  input: Float32Array,
  [batch, height, width]: readonly [batch: number, height: number, width: number],
): NetworkOutput {
  const { size, sizeIs } = network.table.input
  const fits = (side: number): boolean => (sizeIs === 'exact' ? side === size : side % size === 0)
  if (!fits(height) || !fits(width) || input.length !== batch * height * width * 3) {
    throw new Error(
      `${network.table.name}: the input [${batch}, ${height}, ${width}, 3] is not of its size ${size}`,
    )
  }
  const output = tf.tidy(() => {
    const x = tf.tensor4d(input, [batch, height, width, 3])
    const { table, weights } = network
    return weights.engine === 'plan'
      ? applyPlan(planFor(table, weights, height, width), x)
      : forward(table, weights.tensors, x)
  })
  const values = output.dataSync() as Float32Array
  const { shape } = output
  output.dispose()
  return { values, shape }
}

type Planned = NetworkWeights & { readonly engine: 'plan' }

/** Plans that were made, by weights and table: tests run parts of a table on the weights of the whole. */
const plans = new WeakMap<Planned, WeakMap<NetworkTable, Map<string, Plan>>>()

function planFor(table: NetworkTable, weights: Planned, height: number, width: number): Plan {
  const byTable = plans.get(weights) ?? new WeakMap<NetworkTable, Map<string, Plan>>()
  plans.set(weights, byTable)
  const bySize = byTable.get(table) ?? new Map<string, Plan>()
  byTable.set(table, bySize)
  const size = `${height}x${width}`
  const plan = bySize.get(size) ?? compilePlan(table, [height, width], weights.placed, weights.heap)
  bySize.set(size, plan)
  return plan
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
