/** How long each encoder takes for one face, as a share of the first one's time: by turns, so that a machine whose speed drifts slows all alike. */
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { encodeChip } from '../../src/encoder/encode.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { startBackend } from '../../src/network/backend.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../src/network/load.ts'

const warmUpRounds = 5
const rounds = 40

/** Of packed encoders, in their order; the first is 1. */
export async function timeEncoders(encoders: readonly Encoder[]): Promise<number[]> {
  const assets = await nodeAssets()
  await startBackend(assets.backend)
  const loaded: Network[][] = []
  for (const { parts } of encoders) {
    const networks: Network[] = []
    for (const { table } of parts) {
      networks.push(await loadNetwork(table, await assets.packedNetwork(table)))
    }
    loaded.push(networks)
  }
  const ratios: number[][] = encoders.map(() => [])
  for (let round = -warmUpRounds; round < rounds; round++) {
    const ms = loaded.map((networks) => {
      const start = performance.now()
      for (const network of networks) encodeChip(network, noise(network.table.input.size))
      return performance.now() - start
    })
    if (round < 0) continue
    for (const [i, time] of ms.entries()) ratios[i]!.push(time / ms[0]!)
  }
  for (const network of loaded.flat()) disposeNetwork(network)
  return ratios.map((times) => times.toSorted((a, b) => a - b)[rounds / 2]!)
}

function noise(size: number): Float32Array {
  return Float32Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256)
}
