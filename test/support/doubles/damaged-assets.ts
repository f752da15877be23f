/** What is bundled with the Worker, damaged. */
import { bundledAssets } from '../../../src/engine/bundled-engine.ts'
import type { EngineAssets } from '../../../src/engine/face-engine.ts'

/** The bundled assets, with one byte in the middle of one network's first shard flipped. */
export function withFlippedByte(network: string): EngineAssets {
  return {
    ...bundledAssets,
    async packedNetwork(table) {
      const packed = await bundledAssets.packedNetwork(table)
      if (table.name !== network) return packed
      return {
        ...packed,
        async readShardFile(file) {
          const copy = new Uint8Array((await packed.readShardFile(file)).slice(0))
          copy[copy.length >> 1]! ^= 1
          return copy.buffer
        },
      }
    },
  }
}
