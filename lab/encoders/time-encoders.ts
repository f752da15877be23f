/** How long each encoder takes for one face, as a share of the first one's time: by turns, so that a machine whose speed drifts slows all alike. */
import { encodeChip } from '../../src/encoder/encode.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { disposeNetwork } from '../../src/network/load.ts'
import { loadPacked } from './packed-in-turn.ts'

const warmUpRounds = 5
const rounds = 40

/** Of packed encoders, in their order; the first is 1. */
export async function timeEncoders(encoders: readonly Encoder[]): Promise<number[]> {
  const loaded = (await loadPacked(encoders)).map((parts) => parts.map(({ network }) => network))
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
