/**
 * Changes a person without losing anybody else's change: reads, computes what they become, and stores it only if nobody came
 * in between; otherwise begins anew from what is there then.
 */
import { FaceError } from '../errors/face-error.ts'
import type { IdentityRecord } from '../identity/record.ts'
import type { Found, IdentityStore, NewRecord } from '../identity/store.ts'

/** Each round one of those who compete succeeds, so this is how many may change one person at the same moment. */
const maxRounds = 100

export type Change =
  | { readonly kind: 'store'; readonly record: NewRecord }
  /** There is nothing to change. */
  | { readonly kind: 'keep'; readonly record: IdentityRecord }

export interface Changed {
  readonly record: IdentityRecord
  readonly before: Found
}

/** @param change is called again after a conflict; what is expensive and does not depend on `before` it keeps for itself */
export async function changeIdentity(
  store: IdentityStore,
  identity: string,
  change: (before: Found) => Promise<Change>,
): Promise<Changed> {
  for (let round = 0; round < maxRounds; round++) {
    const before = await store.find(identity)
    const { kind, record } = await change(before)
    if (kind === 'keep') {
      // An earlier request may have stored it and broken off.
      await store.complete(identity)
      return { record, before }
    }
    const put = await store.put(record, before.version)
    if (put.kind === 'stored') return { record: put.record, before }
  }
  throw new FaceError('store_unavailable', `${identity} is being changed by too many at once.`)
}
