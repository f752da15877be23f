/**
 * Re-seals everybody with the first of the Worker's TEMPLATE_KEYS, while it serves. Repeats until a whole walk finds nobody
 * who needs another key. A run that was killed is resumed by running it again.
 */

import { pagesOf } from '../../client/src/client.ts'
import { countOf } from '../../src/lib/count-of.ts'
import { connectWorker } from './worker.ts'
import type { WorkerAddress } from './worker-address.ts'

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

export function describeRotation({ reencrypted, unreadable, isFinished }: Rotation): string {
  const sealed = `sealed anew: ${countOf(reencrypted, 'person')}`
  if (!isFinished) {
    return `${sealed}\npeople are still being sealed with another key; deploy the keys, and run this again`
  }
  if (unreadable.length === 0) {
    return `${sealed}\nNobody needs another key than the first of TEMPLATE_KEYS: the others can be removed.`
  }
  return [
    sealed,
    'cannot be read with any of the keys; put the one that sealed them back into TEMPLATE_KEYS, or enroll them anew or delete them:',
    ...unreadable.map((identity) => `  ${identity}`),
  ].join('\n')
}
