/** The encoder that is packed here, as a Worker with the same shards calls it: network and weights hash. */
import type { ShardIndex } from '../../src/network/shards.ts'
import { CommandFault } from '../front/fault.ts'
import { readIndex } from './pack-network.ts'
import { packedEncoder } from './packed-encoder.ts'

/** Throws a CommandFault that names the command to run when nothing is packed. */
export async function packedModel(): Promise<string> {
  const name = await packedEncoder()
  return `${name}@${(await packedIndex(name)).weightsHash.slice(0, 8)}`
}

/** Throws a CommandFault when the network is not packed. */
export async function packedIndex(network: string): Promise<ShardIndex> {
  const index = await readIndex(network)
  if (index) return index
  throw new CommandFault(`${network} is not packed yet; run "npm run setup"`)
}
