/** An encoder of several networks, one after the other, beside one network alone as tfjs's own operations run it. */
import { encodeChip, sumOf } from '../../src/encoder/encode.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { disposeNetwork, type Network } from '../../src/network/load.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { percentile } from '../measure/percentile.ts'
import { seededNetwork } from './seeded-network.ts'
import { timeOf } from './time-of.ts'

const warmUpRounds = 5

export interface FusedTimes {
  readonly encoder: string
  /** The network that runs alone. */
  readonly beside: string
  /** Medians, milliseconds a face. */
  readonly planMs: number
  readonly stockMs: number
  /** Median of the ratios of neighbours. */
  readonly overStock: number
}

/** On weights drawn at random. @param alone what is run by tfjs */
export async function timeFused(
  { name, parts }: Encoder,
  alone: NetworkTable,
  rounds: number,
  random: () => number,
): Promise<FusedTimes> {
  const networks = parts.map(({ table }) => seededNetwork(table, random))
  const stock = seededNetwork(alone, random, 'stock')
  const chips = networks.map(chipFor)
  const chip = chipFor(stock)
  const times: { readonly plan: number; readonly stock: number }[] = []
  for (let round = -warmUpRounds; round < rounds; round++) {
    const one = {
      plan: await timeOf(async () => sumOf(networks.map((part, i) => encodeChip(part, chips[i]!)))),
      stock: await timeOf(async () => encodeChip(stock, chip)),
    }
    if (round >= 0) times.push(one)
  }
  for (const network of [...networks, stock]) disposeNetwork(network)
  const median = (of: (time: (typeof times)[number]) => number): number =>
    percentile(times.map(of), 0.5)
  return {
    encoder: name,
    beside: alone.name,
    planMs: median(({ plan }) => plan),
    stockMs: median(({ stock }) => stock),
    overStock: median(({ plan, stock }) => plan / stock),
  }
}

function chipFor({ table }: Network): Float32Array {
  const { size } = table.input
  return Float32Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256)
}
