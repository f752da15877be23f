/** The real networks and codecs in Node, from what is packed in build/. */
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { createEngine, type FaceEngine, loadModels } from '../../../src/engine/face-engine.ts'
import type { Models } from '../../../src/engine/stages/models.ts'

let models: Promise<Models> | undefined

/** Loaded once per test file. */
export function realModels(): Promise<Models> {
  models ??= nodeAssets().then(loadModels)
  return models
}

export async function realEngine(): Promise<FaceEngine> {
  return createEngine(await realModels())
}
