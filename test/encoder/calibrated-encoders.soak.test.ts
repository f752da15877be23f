import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNetworkFile } from '../../scripts/encoder/network-file.ts'
import { readShippedProjections } from '../../scripts/encoder/projections.ts'
import { publishedNetworks } from '../../scripts/encoder/published-networks.ts'
import { tableLike } from '../../scripts/encoder/table-of-network.ts'
import { networkOfGraph } from '../../scripts/weights/graphs/network-of-graph.ts'
import { projectRoot, weightsDir } from '../../scripts/weights/networks.ts'
import { readTensors } from '../../scripts/weights/pack-network.ts'
import { packedIndex } from '../../scripts/weights/packed-model.ts'
import { folderName } from '../../scripts/weights/weights-folder.ts'
import { readCalibrationTable } from '../../src/decision/calibration.ts'
import { type Encoder, encoderNamed } from '../../src/engine/encoders.ts'
import { pipelineModel, pipelineNetworks } from '../../src/engine/pipeline-model.ts'
import { modelName } from '../../src/network/load.ts'
import { csvTensors, type NetworkTable } from '../../src/network/table.ts'
import { packInMemory, type Tensors } from '../support/pack-in-memory.ts'

const data = join(projectRoot, '..', 'shared', 'data')

/** Of its publisher where the network is one that is fetched, or as it comes with the project. */
async function tensorsOf(table: NetworkTable, projections: Tensors): Promise<Tensors> {
  const network = publishedNetworks.find((one) => one.table.name === folderName(table))
  if (network === undefined) {
    const whole = { ...table, layers: table.layers.filter(({ op }) => op !== 'project') }
    return new Map([
      ...(await readTensors(whole, join(weightsDir, folderName(table)))),
      ...projections,
    ])
  }
  const file = join(data, network.table.name, network.files[0]!.name)
  const read = networkOfGraph(await readNetworkFile(file))
  return new Map([...tableLike(network.table, read, network.preparation).tensors, ...projections])
}

/** Whether what the encoder is made of can be had here. */
function isHere({ parts }: Encoder): boolean {
  const absent = publishedNetworks.filter(({ table }) => !existsSync(join(data, table.name)))
  return parts.every(({ table }) => absent.every((one) => one.table.name !== folderName(table)))
}

async function modelOf(encoder: Encoder): Promise<string> {
  const projections = await readShippedProjections(encoder)
  const names: string[] = []
  for (const { table } of encoder.parts) {
    const own = new Set(csvTensors(table).map(({ name }) => name))
    const tensors = [...(await tensorsOf(table, projections))].filter(([name]) => own.has(name))
    names.push(modelName((await packInMemory(table, new Map(tensors), 'integer')).index))
  }
  for (const { name } of pipelineNetworks(encoder).slice(encoder.parts.length)) {
    names.push(modelName(await packedIndex(name)))
  }
  return pipelineModel(encoder, names)
}

describe('every row of the calibration that ships', () => {
  const rows = readCalibrationTable().calibrations.map(({ model }) => ({
    model,
    encoder: encoderNamed(model.split('@')[0]!),
  }))

  it.each(rows.filter(({ encoder }) => isHere(encoder)))(
    '$model is of the encoder as it is packed today',
    async ({ model, encoder }) => {
      expect(await modelOf(encoder)).toBe(model)
    },
  )
})
