/**
 * One attempt at a person in one round trip. Three things happen at once: the person's object counts the attempt and says which version of
 * the record is current, KV gives a copy of the record, and the photo is decoded and encoded. The comparison waits for photo and copy
 * alone, and its outcome is sent to the object without waiting for the answer to the beginning. Nothing is revealed before the object has
 * admitted the attempt, and no comparison with a record of another version counts.
 */
import type { ErrorCode } from '../../errors/error-table.ts'
import { logFailure } from '../../errors/log-failure.ts'
import type { KeepAlive } from '../../gallery/search/share-load.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import type { Decided, Session } from '../../guard/session.ts'
import type { BeginAnswer, SettleAnswer } from '../../identity/person-object.ts'
import { withinTime } from '../../identity/reach/reach-store.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { Found, IdentityStore } from '../../identity/store.ts'
import type { FacePrint } from '../../liveness/frames/face-print.ts'
import { type Compared, failureOf } from './attempt-outcome.ts'

export type Counted = Compared<Extract<AttemptOutcome, 'match' | 'no_match' | 'near'>>

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

/** How an attempt ended. */
export interface Ending {
  readonly version: number
  readonly outcome: AttemptOutcome
  readonly result: Decided | { readonly code: ErrorCode }
  readonly atMs: number
  /** Of frames that must not come again. */
  readonly prints?: readonly FacePrint[]
}

/** The person's object, for this attempt. */
export interface AttemptSide {
  /** Throws when it is refused, and `store_unavailable`. */
  begin(): Promise<Admitted>
  /** Throws `store_unavailable`. */
  settle(ending: Ending): Promise<SettleAnswer>
  /** Throws for every result but `settled`. */
  requireSettled(result: SettleAnswer): void
}

export interface AttemptOptions {
  readonly store: Pick<IdentityStore, 'find' | 'findCopy'>
  readonly identity: string
  /** For the log. */
  readonly requestId: string
  /** Whether the end is part of the answer, whatever it is: of a session, which its backend reads. */
  readonly isRecorded: boolean
  readonly headStartMs: number
  readonly keepAlive: KeepAlive
  readonly nowMs: () => number
}

/** Longest that a photo that is encoded waits for the copy in KV once the object has answered; then the object is asked for the record. */
const copyPatienceMs = 50

type Judged<Verdict> =
  | { readonly verdict: Verdict; readonly settling: Promise<SettleAnswer> }
  | { readonly error: unknown }

export async function runAttempt<Look, Verdict extends Counted>(
  side: AttemptSide,
  work: AttemptWork<Look, Verdict>,
  options: AttemptOptions,
): Promise<Attempted<Verdict>> {
  const { store, identity, requestId, isRecorded, headStartMs, keepAlive, nowMs } = options
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
      const verdict = await work.judge(look, found, begun)
      return { verdict, settling: expectLater(side.settle(endingOf(verdict, found.version))) }
    } catch (error) {
      return { error }
    }
  }

  /** Nothing hangs on it: an attempt whose end is lost stays counted as failed. */
  function settleLater(settling: Promise<SettleAnswer>): void {
    keepAlive(settling.catch((cause: unknown) => logFailure(cause, requestId)))
  }

  function giveBack(error: unknown, version: number): void {
    const { outcome, code } = failureOf(error)
    settleLater(side.settle({ version, outcome, result: { code }, atMs: nowMs() }))
  }

  async function finish(judged: Judged<Verdict>, version: number): Promise<Verdict> {
    if ('error' in judged) {
      giveBack(judged.error, version)
      throw judged.error
    }
    const { verdict, settling } = judged
    // A match is none before the object has confirmed that the record is still the current one.
    if (verdict.counts !== 'match' && !isRecorded) settleLater(settling)
    else side.requireSettled(await confirmed(verdict, settling, version))
    return verdict
  }

  async function confirmed(
    verdict: Verdict,
    settling: Promise<SettleAnswer>,
    version: number,
  ): Promise<SettleAnswer> {
    const settled = await settling
    // It may have overtaken the beginning, which has been answered by now.
    return settled.kind === 'unknown' ? await side.settle(endingOf(verdict, version)) : settled
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

function endingOf(
  { counts: outcome, decided: result, decidedMs: atMs, prints }: Counted,
  version: number,
): Ending {
  return { version, outcome, result, atMs, ...(prints && { prints }) }
}

/** Its failure is met where it is waited for, or not at all. */
const none = (): null => null

function expectLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
