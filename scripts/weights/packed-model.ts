/** The encoder that is packed here, as a Worker with the same shards calls it: network and weights hash. */
import { readIndex } from './pack-network.ts'
import { packedEncoder } from './packed-encoder.ts'

/** Throws an Error that names the command to run when nothing is packed. */
export async function packedModel(): Promise<string> {
  const name = await packedEncoder()
  const index = await readIndex(name)
  if (!index) throw new Error(`${name} is not packed yet; run "npm run pack"`)
  return `${name}@${index.weightsHash.slice(0, 8)}`
}
