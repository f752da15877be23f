/**
 * Changes a person without losing anybody else's change: reads, computes the change, and stores it only if nothing changed in
 * between; otherwise starts again from the new state.
 */
import { FaceError } from '../errors/face-error.ts'
import type { IdentityRecord } from '../identity/record.ts'
import type { Found, IdentityStore, NewRecord } from '../identity/store.ts'

/** One competing change succeeds each round, so this many may change one person at the same moment. */
const maxRounds = 100

export type Change =
  | { readonly kind: 'store'; readonly record: NewRecord }
  /** There is nothing to change. */
  | { readonly kind: 'keep'; readonly record: IdentityRecord }

export interface Changed {
  readonly record: IdentityRecord
  readonly before: Found
}

/** @param change is called again after a conflict; it should cache expensive work that does not depend on `before` */
export async function changeIdentity(
  store: IdentityStore,
  identity: string,
  change: (before: Found) => Promise<Change>,
): Promise<Changed> {
  for (let round = 0; round < maxRounds; round++) {
    const before = await store.find(identity)
    const { kind, record } = await change(before)
    if (kind === 'keep') {
      // An earlier request may have stored it before it was cut off.
      await store.complete(identity)
      return { record, before }
    }
    const put = await store.put(record, before.version)
    if (put.kind === 'stored') return { record: put.record, before }
  }
  // The log has the message too, so it names nobody.
  throw new FaceError('store_unavailable', 'This identity is being changed by too many at once.')
}
