/**
 * What packing cost the encoder: the encodings of the sample faces with the shards as packed, against those with the
 * same weights in float32.
 */
import { readFile } from 'node:fs/promises'
import { loadModels } from '../../src/engine/face-engine.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import { disposeNetwork, loadNetwork } from '../../src/network/load.ts'
import { packTensors, readTensors } from '../weights/pack-network.ts'
import { nodeAssets } from './node-engine.ts'
import { makeSamples, sampleFiles } from './samples.ts'

/** @param folder the CSV files that the encoder was packed from */
export async function describeLoss(folder: string): Promise<string> {
  await makeSamples()
  const models = await loadModels(await nodeAssets())
  const { table } = models.encoder
  const tensors = await readTensors(table, folder)
  // Never written: a tensor that fits into a shard as bytes need not fit in float32.
  const { index, files } = await packTensors(table, tensors, 'float32', '', Infinity)
  const exact = await loadNetwork(table, {
    index,
    readShardFile: (file) => new Uint8Array(files.get(file)!).buffer,
  })
  let largest = 0
  for (const file of sampleFiles) {
    const photo = new Uint8Array(await readFile(file))
    const packed = await encodePhoto(models, photo)
    const reference = await encodePhoto({ ...models, encoder: exact }, photo)
    packed.encoding.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - reference.encoding[i]!))
    })
  }
  disposeNetwork(exact)
  return `largest difference of an encoding to float32 weights: ${largest.toExponential(2)} (${sampleFiles.length} sample faces)`
}
