/** What a fresh isolate does before and during its first photo, part by part: where a cold start's time goes. */
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { encoderNamed } from '../../src/engine/encoders.ts'
import { encodePhoto, type Models } from '../../src/engine/pipeline.ts'
import { pipelineModel, pipelineNetworks } from '../../src/engine/pipeline-model.ts'
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
  encoderName: string,
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
    await startBackend(assets.backend)
    reserveHeap()
  })
  const networks: Network[] = []
  for (const table of pipelineNetworks(encoderName)) {
    const packed = await assets.packedNetwork(table)
    networks.push(await during(`load ${table.name}`, () => loadNetwork(table, packed)))
  }
  const [encoder, detector, landmarks] = networks as [Network, Network, Network]
  const models: Models = {
    model: pipelineModel(
      encoderName,
      networks.map(({ model }) => model),
    ),
    codecs: createCodecs(assets.codecs),
    align: encoderNamed(encoderName).align,
    ...{ encoder, detector, landmarks },
  }
  const bytes = await photo()
  await during('first photo', () => encodePhoto(models, bytes))
  await during('second photo', () => encodePhoto(models, bytes))
  return { models, parts }
}
