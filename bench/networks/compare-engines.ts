/**
 * One network in three ways, by turns in one process on one thread: the plan of integer kernels that ships, tfjs's own
 * fused operations (XNNPACK), and onnxruntime-web, all on the same weights and the same picture.
 */

import { countProducts } from '../../src/network/count-products.ts'
import { assembleNetwork, disposeNetwork, type Network } from '../../src/network/load.ts'
import type { ReadLayer } from '../../src/network/plan/place-weights.ts'
import { runNetwork } from '../../src/network/run.ts'
import { placeLayers } from '../../src/network/shapes.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { percentile } from '../measure/percentile.ts'
import { openOnnx } from './onnxruntime.ts'
import { timeOf } from './time-of.ts'
import { toOnnx } from './to-onnx.ts'

const warmUpRounds = 5

export interface EngineTimes {
  readonly network: string
  /** Products of a weight and a number, one picture, computed directly. */
  readonly products: number
  /** Medians, milliseconds a picture. */
  readonly planMs: number
  readonly stockMs: number
  readonly onnxMs: number
  /** Medians of the ratios of neighbours. */
  readonly overStock: number
  readonly overOnnx: number
  /** Largest difference of the other two's outputs from tfjs's, as a share of its largest number. */
  readonly planApart: number
  readonly onnxApart: number
}

export async function compareEngines(
  table: NetworkTable,
  layers: readonly ReadLayer[],
  side: number,
  rounds: number,
  random: () => number,
): Promise<EngineTimes> {
  const plan = assembleNetwork(table, layers, 'bench', 'plan')
  const stock = assembleNetwork(table, layers, 'bench', 'stock')
  const onnx = await openOnnx(toOnnx(table, layers, [side, side]), [side, side])
  const picture = Float32Array.from({ length: side * side * 3 }, () => 2 * random() - 1)
  const planes = toPlanes(picture)
  const runs = [
    async () => values(plan, picture, side),
    async () => values(stock, picture, side),
    async () => onnx(planes),
  ] as const
  const [ours, theirs] = [await runs[0](), await runs[1]()]
  const onnxs = toRows(await runs[2](), outputChannels(table, side))
  const onnxApart = apart(onnxs, theirs)
  if (onnxApart > 1e-3) throw new Error(`${table.name}: onnxruntime-web runs another network`)
  const times: [number, number, number][] = []
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const ms: [number, number, number] = [0, 0, 0]
    for (const [i, run] of runs.entries()) ms[i] = await timeOf(run)
    if (round >= warmUpRounds) times.push(ms)
  }
  disposeNetwork(plan)
  disposeNetwork(stock)
  const median = (of: (ms: [number, number, number]) => number): number =>
    percentile(times.map(of), 0.5)
  return {
    network: table.name,
    products: countProducts(table, side, side),
    planMs: median(([ms]) => ms),
    stockMs: median(([, ms]) => ms),
    onnxMs: median(([, , ms]) => ms),
    overStock: median(([plan, stock]) => plan / stock),
    overOnnx: median(([plan, , onnx]) => plan / onnx),
    planApart: apart(ours, theirs),
    onnxApart,
  }
}

function values(network: Network, picture: Float32Array, side: number): Float32Array {
  return runNetwork(network, picture, [1, side, side]).values
}

/** [height, width, 3] -> [3, height, width] */
function toPlanes(picture: Float32Array): Float32Array {
  const pixels = picture.length / 3
  return Float32Array.from(
    { length: picture.length },
    (_, i) => picture[(i % pixels) * 3 + Math.floor(i / pixels)]!,
  )
}

/** [channels, height, width] -> [height, width, channels] */
function toRows(planes: Float32Array, channels: number): Float32Array {
  const pixels = planes.length / channels
  return planes.map((_, i) => planes[(i % channels) * pixels + Math.floor(i / channels)]!)
}

function outputChannels(table: NetworkTable, side: number): number {
  return placeLayers(table, side, side).at(-1)!.shape.channels
}

function apart(values: Float32Array, others: Float32Array): number {
  let [difference, largest] = [0, 0]
  for (const [i, value] of values.entries()) {
    difference = Math.max(difference, Math.abs(value - others[i]!))
    largest = Math.max(largest, Math.abs(others[i]!))
  }
  return difference / largest
}
