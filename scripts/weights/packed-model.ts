/** The model that is packed here, as a Worker with the same shards calls it. */
import { pipelineModel } from '../../src/engine/pipeline-model.ts'
import { modelName } from '../../src/network/load.ts'
import type { ShardIndex } from '../../src/network/shards.ts'
import { CommandFault } from '../front/fault.ts'
import { networksWith } from './networks.ts'
import { readIndex } from './pack-network.ts'
import { packedEncoder } from './packed-encoder.ts'

/** Throws a CommandFault that names the command to run when a network of it is not packed. */
export async function packedModel(): Promise<string> {
  const encoder = await packedEncoder()
  const networks: string[] = []
  for (const { name } of networksWith(encoder)) networks.push(modelName(await packedIndex(name)))
  return pipelineModel(encoder, networks)
}

/** Throws a CommandFault when the network is not packed. */
export async function packedIndex(network: string): Promise<ShardIndex> {
  const index = await readIndex(network)
  if (index) return index
  throw new CommandFault(`${network} is not packed yet; run "npm run setup"`)
}
