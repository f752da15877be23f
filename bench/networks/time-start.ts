/** What a fresh isolate does before and during its first photo, part by part: where a cold start's time goes. */
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import { pipelineModel, pipelineNetworks } from '../../src/engine/pipeline-model.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { startAverages } from '../../src/image/average-down.ts'
import { createCodecs } from '../../src/image/decode/codecs.ts'
import { reserveHeap, startBackend } from '../../src/network/backend.ts'
import { loadNetwork, type Network } from '../../src/network/load.ts'

export interface Started {
  readonly models: Models
  /** In the order in which they pass, each once; in Node, which compiles the modules that workerd has compiled already. */
  readonly parts: { part: string; ms: number }[]
}

/** To be called once in a process, before anything else uses the backend. */
export async function timeStart(
  packed: Encoder,
  photo: () => Promise<Uint8Array>,
): Promise<Started> {
  const parts: { part: string; ms: number }[] = []
  const during = async <T>(part: string, run: () => Promise<T> | T): Promise<T> => {
    const start = performance.now()
    const result = await run()
    parts.push({ part, ms: performance.now() - start })
    return result
  }
  const assets = await during('compile the WASM modules', nodeAssets)
  await during('start the backend', async () => {
    startAverages(assets.averages)
    await startBackend(assets.backend)
    reserveHeap()
  })
  const networks: Network[] = []
  for (const table of pipelineNetworks(packed)) {
    const packed = await assets.packedNetwork(table)
    networks.push(await during(`load ${table.name}`, () => loadNetwork(table, packed)))
  }
  const [detector, landmarks] = networks.slice(packed.parts.length) as [Network, Network]
  const encoder = packed.parts.map(({ chip }, i) => ({ network: networks[i]!, chip }))
  const models: Models = {
    model: pipelineModel(
      packed,
      networks.map(({ model }) => model),
    ),
    codecs: createCodecs(assets.codecs),
    ...{ encoder, detector, landmarks },
  }
  const bytes = await photo()
  await during('first photo', () => encodePhoto(models, bytes))
  await during('second photo', () => encodePhoto(models, bytes))
  return { models, parts }
}
