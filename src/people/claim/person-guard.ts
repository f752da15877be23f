/**
 * Guards every enrolled person. The person's object counts an attempt before anything is compared and corrects the count
 * afterwards, so an attempt that breaks off counts as failed. An object that cannot be reached, before or after, is
 * `store_unavailable`: nothing is decided, or the decision is withheld.
 */
import type { ErrorCode } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import { logFailure } from '../../errors/log-failure.ts'
import type { Refusal } from '../../guard/admission.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import { challengeBytes, digestChallenge, formatChallenge } from '../../guard/challenge.ts'
import type { GuardPolicy } from '../../guard/policy.ts'
import type { Decided, Session } from '../../guard/session.ts'
import type {
  BeginResult,
  PersonObject,
  Settlement,
  SettleResult,
} from '../../identity/person-object.ts'
import { reachStore } from '../../identity/reach-store.ts'
import type { Found, IdentityStore } from '../../identity/store.ts'
import { identityNotFound } from '../find-identity.ts'
import { type Compared, failureOf, sessionOver } from './attempt-outcome.ts'

export interface AttemptRequest {
  readonly identity: string
  readonly challenge?: string
  /** The session that spends a try; it stands for a challenge too. */
  readonly sessionId?: string
  /** For the log and the session's record. */
  readonly requestId: string
}

type Counted = Compared<Extract<AttemptOutcome, 'match' | 'no_match' | 'near'>>

/** The person to compare with, and their failed attempts in a row, including this one. */
export interface Claimed {
  readonly found: Found
  readonly failures: number
  /** The session, after the try that this attempt is. */
  readonly session?: Session
}

export interface IssuedChallenge {
  readonly challenge: string
  readonly expiresAt: Date
}

export interface PersonGuard {
  /** Failures in a row that lock a person. */
  readonly failuresThatLock: number
  /**
   * One attempt: `compare` gets the current record, and its decision counts. Throws `locked_out`, `rate_limited`,
   * `challenge_invalid`, `session_over`, `identity_not_found`, `store_unavailable`, or what `compare` throws.
   */
  attempt<Verdict extends Counted>(
    request: AttemptRequest,
    compare: (claimed: Claimed) => Promise<Verdict>,
  ): Promise<Verdict>
  /** Throws `identity_not_found`, `store_unavailable`. */
  issueChallenge(identity: string): Promise<IssuedChallenge>
  /** Ends a lockout. Throws `identity_not_found`, `store_unavailable`. */
  unlock(identity: string): Promise<void>
}

export interface GuardOptions {
  readonly persons: DurableObjectNamespace<PersonObject>
  readonly store: Pick<IdentityStore, 'open'>
  readonly policy: GuardPolicy
  readonly now: () => Date
}

export function createPersonGuard({ persons, store, policy, now }: GuardOptions): PersonGuard {
  const nowMs = (): number => now().getTime()

  async function begin({ identity, challenge, sessionId }: AttemptRequest) {
    const isFresh = challenge !== undefined || sessionId !== undefined
    if (!isFresh && policy.challenge.required) throw challengeMissing()
    const challengeDigest = challenge === undefined ? null : await digestChallenge(challenge)
    const request = { policy: policy.lockout, challengeDigest, ...(sessionId && { sessionId }) }
    const begun = await reachStore<BeginResult>('begin an attempt', () =>
      persons.getByName(identity).begin(request, nowMs()),
    )
    // A session goes with its person.
    if (begun.kind === 'absent') throw sessionId ? sessionOver() : identityNotFound(identity)
    if (begun.kind === 'session_over') throw sessionOver()
    if (begun.kind !== 'admitted') throw refused(begun)
    return begun
  }

  async function settle(identity: string, settlement: Settlement): Promise<void> {
    const result = await reachStore<SettleResult>('settle an attempt', () =>
      persons.getByName(identity).settle(settlement, nowMs()),
    )
    if (result.kind === 'session_over') throw sessionOver()
    if (result.kind === 'absent')
      throw settlement.session ? sessionOver() : identityNotFound(identity)
    if (result.kind === 'changed') throw changedMeanwhile(identity)
  }

  return {
    failuresThatLock: policy.lockout.after,

    async attempt<Verdict extends Counted>(
      request: AttemptRequest,
      compare: (claimed: Claimed) => Promise<Verdict>,
    ) {
      const { identity, requestId, sessionId } = request
      const { ticket, session, ...current } = await begin(request)
      const settleAs = (
        outcome: AttemptOutcome,
        result: Decided | { readonly code: ErrorCode },
        atMs: number,
      ): Promise<void> =>
        settle(identity, {
          ticket,
          version: current.version,
          outcome,
          policy: policy.lockout,
          ...(sessionId && {
            session: { id: sessionId, attempt: { atMs, requestId, result } },
          }),
        })
      let verdict: Verdict
      try {
        verdict = await compare({
          found: await store.open(identity, current),
          failures: ticket.failures,
          ...(session && { session }),
        })
      } catch (error) {
        const { outcome, code } = failureOf(error)
        // If the attempt cannot be given back it stays counted; the caller needs the original error.
        await settleAs(outcome, { code }, nowMs()).catch((cause: unknown) =>
          logFailure(cause, requestId),
        )
        throw error
      }
      await settleAs(verdict.counts, verdict.decided, verdict.decidedMs)
      return verdict
    },

    async issueChallenge(identity) {
      const challenge = formatChallenge(crypto.getRandomValues(new Uint8Array(challengeBytes)))
      const digest = await digestChallenge(challenge)
      const issuedMs = nowMs()
      const expiresMs = issuedMs + policy.challenge.seconds * 1000
      const { kind } = await reachStore('issue a challenge', async () =>
        persons.getByName(identity).issueChallenge({ digest, expiresMs }, issuedMs),
      )
      if (kind === 'absent') throw identityNotFound(identity)
      return { challenge, expiresAt: new Date(expiresMs) }
    },

    async unlock(identity) {
      const { kind } = await reachStore('unlock', async () =>
        persons.getByName(identity).unlock(nowMs()),
      )
      if (kind === 'absent') throw identityNotFound(identity)
    },
  }
}

function refused(refusal: Refusal): FaceError {
  switch (refusal.kind) {
    case 'challenge_invalid':
      return new FaceError(
        'challenge_invalid',
        'No such challenge is outstanding for this identity: it was spent, it is over, or it is of another one.',
      )
    case 'disabled':
      return new FaceError(
        'locked_out',
        'Too many failed attempts in a row: none is taken until an administrator unlocks this identity.',
      )
    case 'spent': {
      const retryAfterSeconds = Math.ceil(refusal.retryAfterMs / 1000)
      const detail = `This identity had all attempts of an hour: the next one is taken in ${retryAfterSeconds} s.`
      return new FaceError('rate_limited', detail, { retryAfterSeconds })
    }
    case 'locked': {
      const retryAfterSeconds = Math.ceil(refusal.retryAfterMs / 1000)
      const detail = `Too many failed attempts in a row: the next one is taken in ${retryAfterSeconds} s.`
      return new FaceError('locked_out', detail, { retryAfterSeconds })
    }
  }
}

function challengeMissing(): FaceError {
  return new FaceError(
    'challenge_invalid',
    'field "challenge": missing, expected the one that POST /challenge gave.',
  )
}

/** A match with a record that is no longer enrolled is no match. */
function changedMeanwhile(identity: string): FaceError {
  return new FaceError('store_unavailable', `${identity} was changed while the photo was compared.`)
}
