/**
 * A network with weights drawn at random, laid out on the backend as the loader lays out packed ones: how long it runs
 * does not depend on its numbers, so encoders whose weights are not here can be timed too.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { LayerWeights } from '../src/network/layers.ts'
import type { Network } from '../src/network/load.ts'
import { channelsPerBlock, packFilter } from '../src/network/packed-conv.ts'
import { filterShape, isWeighted, type NetworkTable, outputChannels } from '../src/network/table.ts'

/** @param random numbers from 0 to 1 */
export function seededNetwork(table: NetworkTable, random: () => number): Network {
  const weights = new Map<string, LayerWeights>()
  for (const layer of table.layers.filter(isWeighted)) {
    const shape = filterShape(layer)
    const count = shape.reduce((product, side) => product * side, 1)
    const channels = outputChannels(layer)
    // Outputs stay near 1 from layer to layer.
    const spread = layer.op === 'prelu' ? 0.25 : Math.sqrt((6 * channels) / count)
    const filter = Float32Array.from({ length: count }, () => (2 * random() - 1) * spread)
    const packed = layer.op === 'conv' && channels % channelsPerBlock === 0
    weights.set(layer.name, {
      filter: packed ? tf.tensor1d(packFilter(filter, channels)) : tf.tensor(filter, shape),
      ...(layer.op === 'conv' || ('bias' in layer && layer.bias)
        ? { bias: tf.fill<tf.Rank.R1>([channels], 0.1) }
        : {}),
      packed,
    })
  }
  return { table, weights, model: `${table.name}@seeded` }
}
