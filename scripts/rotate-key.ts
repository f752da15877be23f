/**
 * npm run rotate-key -- [--url http://127.0.0.1:8787] [--key ADMIN_KEY]
 *
 * Seals everybody anew with the first of the Worker's TEMPLATE_KEYS, while it serves. Begins anew until a whole walk finds
 * nobody who needs another key, and then says that the others can be removed. A run that was killed is resumed by running it
 * again. docs/people.md has the steps of a rotation, of which this is the third.
 */
import { parseArgs } from 'node:util'
import { pagesOf } from '../client/src/client.ts'
import { CommandFault } from './front/fault.ts'
import { connectWorker } from './people/worker.ts'
import { addressOf, addressOptions, type WorkerAddress } from './people/worker-address.ts'

export interface Rotation {
  readonly reencrypted: number
  /** People who cannot be read with any of the keys. */
  readonly unreadable: readonly string[]
  /** False when people kept turning up who were sealed with another key. */
  readonly isFinished: boolean
}

/** A Worker that was started before the keys changed may seal with the old one for a while. */
const maxWalks = 5

export async function rotateKey(
  address: WorkerAddress,
  onProgress: (reencrypted: number) => void = () => {},
): Promise<Rotation> {
  const { ask } = connectWorker(address)
  let reencrypted = 0
  for (let walk = 0; walk < maxWalks; walk++) {
    const before = reencrypted
    const unreadable: string[] = []
    const pages = pagesOf((cursor) => ask((client) => client.reencryptPeople({ cursor })))
    for await (const page of pages) {
      reencrypted += page.reencrypted
      unreadable.push(...page.unreadable)
      onProgress(reencrypted)
    }
    if (reencrypted === before) return { reencrypted, unreadable, isFinished: true }
  }
  return { reencrypted, unreadable: [], isFinished: false }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: addressOptions })
  try {
    const rotation = await rotateKey(await addressOf(values), (reencrypted) => {
      if (process.stderr.isTTY) process.stderr.write(`\rsealed anew: ${reencrypted}`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r')
    console.log(`sealed anew: ${rotation.reencrypted} people`)
    if (!rotation.isFinished) {
      console.log(
        'people are still being sealed with another key; deploy the keys, and run this again',
      )
      process.exitCode = 1
    } else if (rotation.unreadable.length > 0) {
      console.log('cannot be read with any of the keys; enroll them anew or delete them:')
      for (const identity of rotation.unreadable) console.log(`  ${identity}`)
      process.exitCode = 1
    } else {
      console.log(
        'Nobody needs another key than the first of TEMPLATE_KEYS: the others can be removed.',
      )
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof CommandFault ? error.exitCode : 1
  }
}
