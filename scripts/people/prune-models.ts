/** The end of a change of network: the Worker forgets the encodings of every network but the one that it runs. */
import { pagesOf } from '../../client/src/client.ts'
import { CommandFault } from '../front/fault.ts'
import { packedModel } from '../weights/packed-model.ts'
import { connectWorker } from './worker.ts'
import type { WorkerAddress } from './worker-address.ts'

/** Throws a CommandFault unless the Worker runs the network that is packed here. @returns how many people lost other encodings */
export async function forgetOtherModels(address: WorkerAddress): Promise<number> {
  const model = await packedModel()
  const { ask, runningModel } = connectWorker(address)
  const running = await runningModel()
  if (running !== model) {
    const runs = running === null ? 'does not say what it runs' : `runs ${running}`
    throw new CommandFault(
      `the Worker ${runs}; deploy ${model}, which is packed here, before --finish`,
    )
  }
  let forgotten = 0
  const pages = pagesOf((cursor) => ask((client) => client.pruneModels({ cursor })))
  for await (const page of pages) forgotten += page.forgotten
  return forgotten
}
