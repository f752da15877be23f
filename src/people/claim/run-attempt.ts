/**
 * One attempt at a person in one round trip. Three things happen at once: the person's object counts the attempt and says which version of
 * the record is current, KV gives a copy of the record, and the photo is decoded and encoded. The comparison waits for photo and copy
 * alone, and its outcome is sent to the object without waiting for the answer to the beginning. Nothing is revealed before the object has
 * admitted the attempt, and no comparison with a record of another version counts.
 */
import type { Session } from '../../guard/session.ts'
import type { BeginAnswer } from '../../identity/objects/person-object.ts'
import { withinTime } from '../../identity/reach/reach-store.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { Found, IdentityStore } from '../../identity/store.ts'
import type { Counted } from './attempt-outcome.ts'
import { expectLater } from './expect-later.ts'
import {
  createSettling,
  type Judged,
  type SettlingOptions,
  type SettlingSide,
} from './settle-attempt.ts'

/** Work on the photo, before the answer of the object is there. */
export interface AttemptWork<Look, Verdict extends Counted> {
  /** Once the object has admitted the attempt. */
  admitted(): Promise<void>
  /**
   * Needs no record. Its result is dropped when the attempt is refused.
   *
   * @param known the current record, if it is there already: one that cannot be compared with costs no look
   */
  look(known: IdentityRecord | null): Promise<Look>
  /**
   * Called again when the record was not the current one.
   *
   * @param admitted what the object says of the attempt, for what cannot be judged without; rejects when it is refused
   */
  judge(look: Look, found: Found, admitted?: Promise<Admitted>): Promise<Verdict>
}

/** The attempt as the object has admitted it. */
export type Admitted = Extract<BeginAnswer, { readonly kind: 'admitted' }>

export interface Attempted<Verdict extends Counted> {
  readonly verdict: Verdict
  /** Attempts that did not match since an administrator unlocked, including this one. */
  readonly misses: number
  /** The session, after the try that this attempt was. */
  readonly session?: Session
}

/** The person's object, for this attempt. */
export interface AttemptSide extends SettlingSide {
  /** Throws when it is refused, and `store_unavailable`. */
  begin(): Promise<Admitted>
}

export interface AttemptOptions extends SettlingOptions {
  readonly store: Pick<IdentityStore, 'find' | 'findCopy'>
  readonly identity: string
  readonly headStartMs: number
}

/** Longest that a photo that is encoded waits for the copy in KV once the object has answered; then the object is asked for the record. */
const copyPatienceMs = 50

export async function runAttempt<Look, Verdict extends Counted>(
  side: AttemptSide,
  work: AttemptWork<Look, Verdict>,
  options: AttemptOptions,
): Promise<Attempted<Verdict>> {
  const { store, identity, headStartMs } = options
  const { send, finish, giveBack } = createSettling<Verdict>(side, options)
  let isRefused = false
  /** Once the object has named it. */
  let currentVersion: number | undefined
  const begun = expectLater(admit())
  const copied = store.findCopy(identity)
  // Whoever is refused at once costs no look at the photo.
  const admitted = await withinTime(begun, headStartMs)
  const near = admitted && (await withinTime(copied, headStartMs))
  const known = near !== null && near.version === admitted?.version ? near : null

  async function admit() {
    try {
      const admitted = await side.begin()
      await work.admitted()
      currentVersion = admitted.version
      return admitted
    } catch (error) {
      isRefused = true
      throw error
    }
  }

  async function judge(look: Look, found: Found): Promise<Judged<Verdict>> {
    try {
      return send(await work.judge(look, found, begun), found.version)
    } catch (error) {
      return { error }
    }
  }

  let look: Look
  try {
    look = await work.look(known)
  } catch (error) {
    const { version } = await begun
    giveBack(error, version)
    throw error
  }
  // While the object has not answered yet, waiting for the copy costs nothing.
  const copy =
    (await withinTime(copied, copyPatienceMs)) ??
    (await Promise.race([copied, begun.then(none, none)]))
  // Nothing is compared for whoever is refused by now, and the refusal of others waits for no comparison: the time that it takes
  // would say what came of it.
  const early =
    copy !== null && !isRefused && copy.version === (currentVersion ?? copy.version)
      ? judge(look, { kind: 'enrolled', version: copy.version, record: copy })
      : null
  const { version, ticket, session } = await begun
  const attempted = { misses: ticket.misses, ...(session && { session }) }
  if (early !== null && copy?.version === version) {
    return { verdict: await finish(await early, version), ...attempted }
  }
  // There is no copy, or it is not of the current version: the object has settled nothing by it.
  const found = await store.find(identity).catch((error: unknown) => {
    giveBack(error, version)
    throw error
  })
  return { verdict: await finish(await judge(look, found), found.version), ...attempted }
}

/** Its failure is met where it is waited for, or not at all. */
const none = (): null => null
