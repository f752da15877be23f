/**
 * CONSISTENCY=edge: a claim is compared with the person's copy in KV, and no object is asked. So nothing is counted and nobody is locked;
 * somebody who was deleted or replaced matches until KV has caught up, and somebody who was just enrolled is not found until then. For
 * checks behind another factor. Attempts with a challenge or a session never come here: those are spent in the person's object.
 */
import { withinTime } from '../../identity/reach/reach-store.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { IdentityStore } from '../../identity/store.ts'
import { identityNotFound } from '../find-identity.ts'
import type { Counted } from './attempt-outcome.ts'
import type { Attempted, AttemptWork } from './run-attempt.ts'

/** How long the photo waits for a copy, so that somebody who is not enrolled costs no look at it. */
const headStartMs = 5

export async function compareCopy<Look, Verdict extends Counted>(
  store: Pick<IdentityStore, 'findCopy'>,
  identity: string,
  work: AttemptWork<Look, Verdict>,
): Promise<Attempted<Verdict>> {
  const copied = store.findCopy(identity).then((copy) => ({ copy }))
  const near = await withinTime(copied, headStartMs)
  if (near !== null) requireCopy(near.copy, identity)
  const look = await work.look(near?.copy ?? null)
  const record = requireCopy((await copied).copy, identity)
  const found = { kind: 'enrolled', version: record.version, record } as const
  // Nobody counts them, so there may have been any number.
  return { verdict: await work.judge(look, found), misses: Number.POSITIVE_INFINITY }
}

function requireCopy(copy: IdentityRecord | null, identity: string): IdentityRecord {
  if (copy === null) throw identityNotFound(identity)
  return copy
}
