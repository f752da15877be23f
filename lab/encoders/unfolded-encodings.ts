/** Photos through the pipeline with the networks of an encoder as they are before any projection: what a projection is fitted to. */
import { readFile } from 'node:fs/promises'
import { progressBar } from '../../scripts/front/progress.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { readChoices } from '../../scripts/weights/pack-choices.ts'
import { packTensors, readTensors } from '../../scripts/weights/pack-network.ts'
import { unprojected } from '../../src/encoder/projected.ts'
import { unitVector } from '../../src/encoding/direction.ts'
import type { Encoder } from '../../src/engine/encoders.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { RunningPart } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { loadNetwork } from '../../src/network/load.ts'

/** One list a network: the directions of its encodings, one for each photo with a face. */
export async function unfoldedEncodings(
  encoder: Encoder,
  files: readonly string[],
): Promise<Float32Array[][]> {
  const choices = await readChoices(encoder)
  const parts: RunningPart[] = []
  // The packed encoder brings the networks that find faces; its own are not run.
  const models = await loadModels({ ...(await nodeAssets()), hasLiveness: false })
  for (const [i, { table: folded, chip }] of encoder.parts.entries()) {
    const table = unprojected(folded)
    const tensors = await readTensors(table, choices[i]!.folder)
    const { index, files: shards } = await packTensors(table, tensors, 'integer', '', Infinity)
    const readShardFile = (file: string) => new Uint8Array(shards.get(file)!).buffer
    parts.push({ network: await loadNetwork(table, { index, readShardFile }), chip })
  }
  const encodings: Float32Array[][] = parts.map(() => [])
  const bar = progressBar('encoding photos')
  bar.start(files.length)
  for (const file of files) {
    const photo = new Uint8Array(await readFile(file))
    try {
      for (const [i, part] of parts.entries()) {
        const { encoding } = await encodePhoto({ ...models, encoder: [part] }, photo, {
          faces: 'main',
        })
        encodings[i]!.push(unitVector(encoding))
      }
    } catch (error) {
      // A photo without a face says nothing here.
      if (!(error instanceof FaceError)) throw error
    }
    bar.step()
  }
  bar.stop()
  return encodings
}
