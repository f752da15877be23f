/**
 * Makes an encoder the one that runs. Everything that can go wrong does so before anything is written: files are fetched, checked, read
 * and tried in memory first.
 */

import { join } from 'node:path'
import { isCalibrated, readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { type Encoder, encoders } from '../../src/engine/encoders.ts'
import { CommandFault } from '../front/fault.ts'
import { buildKernels } from '../kernels/build-kernels.ts'
import { writeKnownFace } from '../setup/known-face.ts'
import { describeLoss } from '../setup/quantisation-loss.ts'
import { readIr } from '../weights/graphs/ir-file.ts'
import { networkOfGraph } from '../weights/graphs/network-of-graph.ts'
import { importWeights } from '../weights/import-weights.ts'
import { weightsDir } from '../weights/networks.ts'
import { keepChoices, readChoices } from '../weights/pack-choices.ts'
import { describeShards, packWeights } from '../weights/pack-weights.ts'
import { isLivenessPacked } from '../weights/packed-liveness.ts'
import { packedModel } from '../weights/packed-model.ts'
import { folderName, listWeights } from '../weights/weights-folder.ts'
import { describeChange } from './describe-change.ts'
import { fetchPublished } from './fetch-published.ts'
import { readShippedProjections, writeProjections } from './projections.ts'
import { type PublishedNetwork, publishedNetworks } from './published-networks.ts'
import { tableLike } from './table-of-network.ts'
import { tryNetwork } from './try-network.ts'
import { writeWeights } from './write-weights.ts'

/** Throws CommandFault for an encoder none of whose files are fetched. */
export function requirePublished(encoder: Encoder): void {
  if (publishedPartsOf(encoder).length > 0) return
  const names = encoders.filter((one) => publishedPartsOf(one).length > 0).map(({ name }) => name)
  throw new CommandFault(
    `--from is for ${names.join(' and ')}, whose files are fetched; ${encoder.name} has none`,
    2,
  )
}

function publishedPartsOf({ parts }: Encoder): readonly PublishedNetwork[] {
  return publishedNetworks.filter(({ table }) =>
    parts.some((part) => folderName(part.table) === table.name),
  )
}

/**
 * One of the project's own.
 *
 * @param from where the files of networks that are no part of the project come from; their publisher unless given
 */
export async function chooseKnown(encoder: Encoder, from: string | undefined): Promise<void> {
  const wanted = publishedPartsOf(encoder)
  const read: { network: PublishedNetwork; tensors: ReadonlyMap<string, Float32Array> }[] = []
  for (const network of wanted) {
    if (from === undefined && (await hasWeights(network.table.name))) continue
    const command = `npm run encoder -- ${encoder.name}`
    read.push({ network, tensors: await readPublished({ ...network, command }, from) })
  }
  const projections = await readShippedProjections(encoder)
  await buildKernels()
  for (const { network, tensors } of read) await tryNetwork(network.table, tensors)
  for (const { network, tensors } of read) {
    await writeWeights(network.table, tensors)
    console.log(`imported ${network.table.name}: ${tensors.size} CSV files`)
  }
  await writeProjections(projections)
  await runFromNowOn(encoder)
}

/** Packs it, and says what that means. */
export async function runFromNowOn(encoder: Encoder): Promise<void> {
  await importWeights()
  const before = await packedModel().catch(() => null)
  const selection = await readChoices(encoder, await isLivenessPacked())
  await packWeights(selection, encoder)
  await keepChoices(selection)
  await buildKernels()
  // A running Worker rebuilds itself now; /health has to know what these weights give.
  await writeKnownFace()
  for (const { table } of encoder.parts) console.log(await describeShards(table))
  console.log(await describeLoss(selection))
  const model = await packedModel()
  console.log(`the encoder that runs is ${encoder.name}, as ${model}`)
  const calibrated = isCalibrated(readCalibrationTable(), model)
  for (const line of describeChange(before, model, calibrated)) console.log(line)
}

/** Whether its files are there already. */
async function hasWeights(name: string): Promise<boolean> {
  return (await listWeights(join(weightsDir, name)).catch(() => [])).length > 0
}

async function readPublished(
  network: PublishedNetwork,
  from: string | undefined,
): Promise<ReadonlyMap<string, Float32Array>> {
  const [xml, bin] = await fetchPublished(network, from)
  const graph = readIr(new TextDecoder().decode(xml), bin!)
  return tableLike(network.table, networkOfGraph(graph), network.preparation).tensors
}
