/** Encoders packed one after the other, or loaded side by side once each of them was. Their weights are there: `npm run encoder` has brought them. */
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { readChoices } from '../../scripts/weights/pack-choices.ts'
import { packWeights } from '../../scripts/weights/pack-weights.ts'
import { packedEncoder } from '../../scripts/weights/packed-encoder.ts'
import { isLivenessPacked } from '../../scripts/weights/packed-liveness.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import type { RunningPart } from '../../src/engine/stages/models.ts'
import { startBackend } from '../../src/network/backend.ts'
import { loadNetwork } from '../../src/network/load.ts'

/** What was packed before is packed again at the end. */
export async function packedInTurn<T>(
  encoders: readonly Encoder[],
  use: (encoder: Encoder) => Promise<T>,
): Promise<T[]> {
  const before = await packedEncoder()
  const results: T[] = []
  try {
    for (const encoder of encoders) {
      await choose(encoder)
      results.push(await use(encoder))
    }
  } finally {
    await choose(before)
  }
  return results
}

async function choose(encoder: Encoder): Promise<void> {
  await packWeights(await readChoices(encoder, await isLivenessPacked()), encoder)
}

/** In their order; all were packed before, in turn. */
export async function loadPacked(encoders: readonly Encoder[]): Promise<RunningPart[][]> {
  const assets = await nodeAssets()
  await startBackend(assets.backend)
  const loaded: RunningPart[][] = []
  for (const { parts } of encoders) {
    const running: RunningPart[] = []
    for (const { table, chip } of parts) {
      running.push({ network: await loadNetwork(table, await assets.packedNetwork(table)), chip })
    }
    loaded.push(running)
  }
  return loaded
}
