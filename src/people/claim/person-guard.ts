/**
 * Guards every enrolled person. The person's object counts an attempt before anything is compared and corrects the count
 * afterwards, so an attempt that breaks off counts as failed. An object that cannot be reached, before or after, is
 * `store_unavailable`: nothing is decided, or the decision is withheld.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { KeepAlive } from '../../gallery/search/share-load.ts'
import type { Refusal } from '../../guard/admission.ts'
import { challengeBytes, digestChallenge, formatChallenge } from '../../guard/challenge.ts'
import type { GuardPolicy } from '../../guard/policy.ts'
import type {
  BeginAnswer,
  PersonObject,
  SettleAnswer,
} from '../../identity/objects/person-object.ts'
import { reachStore } from '../../identity/reach/reach-store.ts'
import type { IdentityStore } from '../../identity/store.ts'
import type { AskedPose } from '../../liveness/asked-poses.ts'
import { identityNotFound } from '../find-identity.ts'
import { type Counted, otherNumber, photosSeen, posesOver, sessionOver } from './attempt-outcome.ts'
import { retryLater } from './retry-later.ts'
import { type Attempted, type AttemptSide, type AttemptWork, runAttempt } from './run-attempt.ts'

export interface AttemptRequest {
  readonly identity: string
  readonly challenge?: string
  /** The session that spends a try; it stands for a challenge too. */
  readonly sessionId?: string
  /** How many photos it is of. */
  readonly photos?: number
  /** For the log and the session's record. */
  readonly requestId: string
  /** What names the attempt, if it may be sent again (api/request/idempotency-key.ts). */
  readonly attemptId?: string
}

export interface IssuedChallenge {
  readonly challenge: string
  readonly expiresAt: Date
}

export interface PersonGuard {
  /**
   * One attempt, in one round trip (run-attempt.ts). Throws `locked_out`, `rate_limited`, `challenge_invalid`, `session_over`,
   * `poses_over`, `invalid_request` for another number of photos than poses, `identity_not_found`, `store_unavailable`, or what the work throws.
   */
  attempt<Look, Verdict extends Counted>(
    request: AttemptRequest,
    work: AttemptWork<Look, Verdict>,
  ): Promise<Attempted<Verdict>>
  /** For the key with this id. Throws `identity_not_found`, `store_unavailable`. */
  issueChallenge(identity: string, keyId: string): Promise<IssuedChallenge>
  /** Ends a lockout. Throws `identity_not_found`, `store_unavailable`. */
  unlock(identity: string): Promise<void>
}

export interface GuardOptions {
  readonly persons: DurableObjectNamespace<PersonObject>
  readonly store: Pick<IdentityStore, 'find' | 'findCopy'>
  readonly policy: GuardPolicy
  readonly now: () => Date
  /** How long an attempt waits for its admission before the photo is looked at. */
  readonly headStartMs?: number
  readonly keepAlive?: KeepAlive
}

/** Less than any object that is not near takes, so that waiting for it delays no answer by a round trip. */
const usualHeadStartMs = 5

export function createPersonGuard(options: GuardOptions): PersonGuard {
  const { persons, store, policy, now } = options
  const { headStartMs = usualHeadStartMs, keepAlive = () => undefined } = options
  const nowMs = (): number => now().getTime()

  function sideOf(request: AttemptRequest): AttemptSide {
    const { identity, challenge, sessionId, photos, requestId, attemptId = requestId } = request
    const isRepeatable = request.attemptId !== undefined
    // One for both calls: they arrive in the order in which they are sent.
    const person = persons.getByName(identity)
    const gone = (): FaceError => (sessionId ? sessionOver() : identityNotFound(identity))
    return {
      async begin() {
        const isFresh = challenge !== undefined || sessionId !== undefined
        if (!isFresh && policy.challenge.required) throw challengeMissing()
        const challengeDigest = challenge === undefined ? null : await digestChallenge(challenge)
        const about = { attemptId, isRepeatable, policy: policy.lockout, challengeDigest }
        const begun = await reachStore<BeginAnswer>('begin an attempt', () =>
          person.begin({ ...about, ...(sessionId && { sessionId, photos }) }, nowMs()),
        )
        if (begun.kind === 'absent') throw gone()
        if (begun.kind === 'session_over') throw sessionOver()
        if (begun.kind === 'poses_over') throw posesOver()
        if (begun.kind === 'other_number') throw otherNumber(photos ?? 0, eachOf(begun.asked))
        if (begun.kind !== 'admitted') throw refused(begun)
        return begun
      },

      settle({ version, outcome, result, atMs, prints }) {
        const tried = { atMs, requestId, result }
        const seen = prints ? { prints } : {}
        const session = sessionId && { session: { id: sessionId, attempt: tried, ...seen } }
        const ending = { attemptId, version, outcome, policy: policy.lockout, ...session }
        return reachStore<SettleAnswer>('settle an attempt', () => person.settle(ending, nowMs()))
      },

      requireSettled({ kind }) {
        if (kind === 'session_over') throw sessionOver()
        if (kind === 'seen_meanwhile') throw photosSeen()
        if (kind === 'absent') throw gone()
        if (kind !== 'settled') throw changedMeanwhile()
      },
    }
  }

  return {
    attempt: (request, work) =>
      runAttempt(sideOf(request), work, {
        store,
        identity: request.identity,
        requestId: request.requestId,
        isRecorded: request.sessionId !== undefined,
        headStartMs,
        keepAlive,
        nowMs,
      }),

    async issueChallenge(identity, keyId) {
      const challenge = formatChallenge(crypto.getRandomValues(new Uint8Array(challengeBytes)))
      const digest = await digestChallenge(challenge)
      const issuedMs = nowMs()
      const expiresMs = issuedMs + policy.challenge.seconds * 1000
      const { kind } = await reachStore('issue a challenge', async () =>
        persons.getByName(identity).issueChallenge({ digest, expiresMs, keyId }, issuedMs),
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
        'No such challenge is outstanding for this identity: it was spent, has expired, or belongs to another one.',
      )
    case 'disabled':
      return new FaceError(
        'locked_out',
        'Too many failed attempts in a row: none is accepted until an administrator unlocks this identity.',
      )
    case 'spent':
      return retryLater(
        'rate_limited',
        'This identity used up the attempts of an hour: the next one is accepted',
        refusal.retryAfterMs,
      )
    case 'locked':
      return retryLater(
        'locked_out',
        'Too many failed attempts in a row: the next one is accepted',
        refusal.retryAfterMs,
      )
  }
}

function eachOf(asked: readonly AskedPose[]): string {
  return `${asked.length}: one for each pose, in order (${asked.join(', ')})`
}

function challengeMissing(): FaceError {
  return new FaceError(
    'challenge_invalid',
    'field "challenge": missing, expected the one that POST /challenge gave.',
  )
}

/** A match with a record that is no longer enrolled is no match. The log has the message too, so it names nobody. */
function changedMeanwhile(): FaceError {
  return new FaceError(
    'store_unavailable',
    'This identity was changed while the photo was compared.',
  )
}
