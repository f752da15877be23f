/**
 * A network with weights drawn at random: how long it runs does not depend on its numbers, so encoders whose weights are not here
 * can be timed too.
 */
import type { EngineKind } from '../../src/network/engine-kind.ts'
import { assembleNetwork, type Network } from '../../src/network/load.ts'
import type { ReadLayer } from '../../src/network/plan/place-weights.ts'
import {
  filterShape,
  isWeighted,
  type NetworkTable,
  outputChannels,
} from '../../src/network/table.ts'

/** @param random numbers from 0 to 1 */
export function seededNetwork(
  table: NetworkTable,
  random: () => number,
  engine: EngineKind = 'plan',
): Network {
  return assembleNetwork(table, seededLayers(table, random), `${table.name}@seeded`, engine)
}

/** @param random numbers from 0 to 1 */
export function seededLayers(table: NetworkTable, random: () => number): readonly ReadLayer[] {
  return table.layers.filter(isWeighted).map((layer) => {
    const count = filterShape(layer).reduce((product, side) => product * side, 1)
    const channels = outputChannels(layer)
    // Outputs stay near 1 from layer to layer.
    const spread = layer.op === 'prelu' ? 0.25 : Math.sqrt((6 * channels) / count)
    const filter = Float32Array.from({ length: count }, () => (2 * random() - 1) * spread)
    const hasBias = layer.op === 'conv' || ('bias' in layer && layer.bias === true)
    return {
      layer,
      integers: () => ({ kind: 'floats', filter }),
      floats: () => filter,
      bias: hasBias ? new Float32Array(channels).fill(0.1) : null,
    }
  })
}
