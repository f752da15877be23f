/**
 * What packing cost the encoder: the encodings of the sample faces with the shards as packed, against those with the
 * same weights in float32, on tfjs's own operations.
 */
import { readFile } from 'node:fs/promises'
import { loadModels } from '../../src/engine/face-engine.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { RunningPart } from '../../src/engine/stages/models.ts'
import { disposeNetwork, loadNetwork } from '../../src/network/load.ts'
import { type PackOptions, packTensors, readTensors } from '../weights/pack-network.ts'
import { nodeAssets } from './node-engine.ts'
import { makeSamples, sampleFiles } from './samples.ts'

/** @param selection the networks of the encoder first, as they were packed */
export async function describeLoss(selection: readonly PackOptions[]): Promise<string> {
  await makeSamples()
  const models = await loadModels(await nodeAssets())
  const exact: RunningPart[] = []
  for (const [i, { chip }] of models.encoder.entries()) {
    const { table, folder } = selection[i]!
    const tensors = await readTensors(table, folder)
    // Never written: a tensor that fits into a shard as bytes need not fit in float32.
    const { index, files } = await packTensors(table, tensors, 'float32', '', Infinity)
    const readShardFile = (file: string) => new Uint8Array(files.get(file)!).buffer
    exact.push({ network: await loadNetwork(table, { index, readShardFile }, 'stock'), chip })
  }
  let largest = 0
  for (const file of sampleFiles) {
    const photo = new Uint8Array(await readFile(file))
    const packed = await encodePhoto(models, photo)
    const reference = await encodePhoto({ ...models, encoder: exact }, photo)
    packed.encoding.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - reference.encoding[i]!))
    })
  }
  for (const { network } of exact) disposeNetwork(network)
  return `largest difference of an encoding to float32 weights: ${largest.toExponential(2)} (${sampleFiles.length} sample faces)`
}
