/**
 * npm run reenroll -- <folder> [--uncalibrated DISTANCE] [--url http://127.0.0.1:8787] [--key ADMIN_KEY]
 * npm run reenroll -- --finish [--url ...] [--key ...]
 *
 * A change of network without a pause. The network that is packed here encodes the photos of people who are enrolled, and its
 * encodings are stored beside those of the network that the Worker runs; each network uses its own. Killed and run again it
 * goes on. Ends with who has none of the new network yet. When everybody has, deploy the new network, and --finish forgets
 * the old one's encodings; until then the old one can be deployed again. docs/people.md has the steps.
 */
import { parseArgs } from 'node:util'
import { pagesOf } from '../client/src/client.ts'
import { findPeople, summarise } from './enroll.ts'
import { CommandFault } from './front/fault.ts'
import { progressBar } from './front/progress.ts'
import { enrollLocally } from './people/enroll-local.ts'
import { isEnrolledWith, listPeople } from './people/list-people.ts'
import { connectWorker } from './people/worker.ts'
import { addressOf, addressOptions, type WorkerAddress } from './people/worker-address.ts'
import { packedModel } from './weights/packed-model.ts'

/** Enrolled people without encodings of the network. */
export async function peopleWithout(model: string, address: WorkerAddress): Promise<string[]> {
  const without: string[] = []
  for await (const person of listPeople(connectWorker(address))) {
    if (!isEnrolledWith(person, model)) without.push(person.identity)
  }
  return without
}

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

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...addressOptions,
      uncalibrated: { type: 'string' },
      finish: { type: 'boolean', default: false },
    },
  })
  const { finish, uncalibrated } = values
  if (positionals.length !== (finish ? 0 : 1)) {
    console.error('usage: npm run reenroll -- <folder> | --finish [--url URL] [--key ADMIN_KEY]')
    process.exit(2)
  }
  try {
    const address = await addressOf(values)
    const model = await packedModel()
    if (finish) {
      const forgotten = await forgetOtherModels(address)
      console.log(`${forgotten} people now have encodings of ${model} only`)
    } else {
      const people = await findPeople(positionals[0]!)
      const distance = uncalibrated === undefined ? {} : { uncalibrated: Number(uncalibrated) }
      const options = { ...address, ...distance, secondModel: true }
      const outcomes = await enrollLocally(people, options, progressBar('encoding anew'))
      console.log(summarise(outcomes))
      if (outcomes.some(({ failure }) => failure)) process.exitCode = 1
    }
    const without = await peopleWithout(model, address)
    if (without.length > 0) {
      console.log(`${without.length} enrolled people have no encodings of ${model}:`)
      for (const identity of without) console.log(`  ${identity}`)
    } else {
      console.log(`Everybody enrolled has encodings of ${model}.`)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof CommandFault ? error.exitCode : 1
  }
}
