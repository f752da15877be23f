/** The weights of an encoder that ships or is fetched, without packing it: what its tables read, network by network. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readNetworkFile } from '../../../scripts/encoder/network-file.ts'
import { readShippedProjections } from '../../../scripts/encoder/projections.ts'
import { publishedNetworks } from '../../../scripts/encoder/published-networks.ts'
import { tableLike } from '../../../scripts/encoder/table-of-network.ts'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { networkOfGraph } from '../../../scripts/weights/graphs/network-of-graph.ts'
import { weightsDir } from '../../../scripts/weights/networks.ts'
import { readTensors } from '../../../scripts/weights/pack-network.ts'
import { folderName } from '../../../scripts/weights/weights-folder.ts'
import type { Encoder } from '../../../src/engine/encoders.ts'
import { csvTensors, type NetworkTable } from '../../../src/network/table.ts'
import type { Tensors } from './pack-in-memory.ts'

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
export function isHere({ parts }: Encoder): boolean {
  const absent = publishedNetworks.filter(({ table }) => !existsSync(join(data, table.name)))
  return parts.every(({ table }) => absent.every((one) => one.table.name !== folderName(table)))
}

/** Of each of its networks, in their order. */
export async function tensorsOfParts(encoder: Encoder): Promise<Map<string, Float32Array>[]> {
  const projections = await readShippedProjections(encoder)
  const parts: Map<string, Float32Array>[] = []
  for (const { table } of encoder.parts) {
    const own = new Set(csvTensors(table).map(({ name }) => name))
    const tensors = [...(await tensorsOf(table, projections))].filter(([name]) => own.has(name))
    parts.push(new Map(tensors))
  }
  return parts
}
