/**
 * A session: permission, opened by a backend for one phone, to send a few photos within minutes (docs/sessions.md). It spends a try
 * before a photo is looked at, ends at the first match, and never changes after its end. The backend reads the result from the record,
 * whatever the phone says. Pure: the clock is passed in, and an object stores the record before it answers.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import type { AskedPose } from '../liveness/asked-poses.ts'
import type { LivenessLevel } from '../liveness/judge-frames.ts'
import { type AttemptOutcome, maxGivenBack } from './attempts.ts'

/** Tries of a session. */
export const tryLimits = { usual: 3, most: 10 } as const
/** How long a session is open, in seconds. */
export const lifeLimits = { usual: 180, most: 600 } as const
/** How long the record outlives the session, so that its backend can read the result. */
export const keptAfterMs = 600_000
/** Most sessions of one person that one key opened: no key makes those of another give way. */
export const maxSessions = 16
/** How long a match is kept before all others, so that its backend can read it; later it gives way first. */
export const unreadMs = 60_000

/** What a token says of its session. */
export interface SessionClaims {
  readonly id: string
  /** Whom it is for; absent when it is for whoever is recognized. */
  readonly identity?: string
  /** Id of the key that opened it. */
  readonly keyId: string
  /** The device that the backend named. */
  readonly device?: string
  /** As in its terms: the photo is compared before the record of the session is there. */
  readonly fmr?: number
  readonly purpose?: string
  /** Whether photos in drawn poses are asked for (session-poses.ts). */
  readonly liveness?: 'active'
}

/** How a phone learns the poses. */
export const poseTellings = ['at_once', 'one_by_one'] as const
export type PoseTelling = (typeof poseTellings)[number]

/** What the backend asked for. */
export interface SessionTerms {
  /** Where its object is and which it is (session-token.ts). No secret. */
  readonly id: string
  /** Whom the photo must show; absent for whoever is recognized. */
  readonly identity?: string
  /** Pseudonym of the device that the backend named; of a session for one person. */
  readonly device?: string
  /** Id of the key that opened it: it alone may read or revoke the session, and receipts name it as `aud`. */
  readonly audience: string
  /** What the backend wants the match for; receipts repeat it. */
  readonly purpose?: string
  /** A rate stricter than the service's own. */
  readonly fmr?: number
  /** Whether photos in drawn poses are asked for. */
  readonly liveness?: 'active'
  /** At once unless given. */
  readonly poseTelling?: PoseTelling
  /** What has to show that it is a live head; anything unless given. */
  readonly livenessLevel?: LivenessLevel
  readonly tries: number
  readonly expiresMs: number
}

export interface Session extends SessionTerms {
  readonly triesLeft: number
  /** Tries that have begun and not ended. */
  readonly running: number
  /** Unusable photos that gave their try back. */
  readonly givenBack: number
  /** Tries that have ended, in order, without those that were cut off. */
  readonly attempts: readonly SessionAttempt[]
  /** The poses that were drawn last, and how often any were. */
  readonly poses?: DrawnPoses
  readonly draws?: number
}

/** The poses that the next photos are to show (session-poses.ts). */
export interface DrawnPoses {
  readonly asked: readonly AskedPose[]
  readonly expiresMs: number
  /** Hashes of announced photos, one per pose, in order; for poses one by one. */
  readonly announced?: readonly string[]
  /** Whether a try has begun with them. */
  readonly isUsed: boolean
}

/** How a try ended. */
export interface SessionAttempt {
  readonly atMs: number
  readonly requestId: string
  readonly result: Decided | { readonly code: ErrorCode }
}

export interface DecidedAttempt extends SessionAttempt {
  readonly result: Decided
}

/** `active`: a head did what was asked. The others are what a network makes of one photo. */
export const livenessResults = ['not_checked', 'likely_live', 'likely_spoof', 'active'] as const
export type LivenessResult = (typeof livenessResults)[number]

/** A decision with all that its receipt says. */
export interface Decided {
  readonly decision: 'match' | 'no_match' | 'ambiguous'
  /** Who it is; the person of the session, or whoever was recognized. */
  readonly identity?: string
  readonly reason?: string
  readonly fmr?: number
  readonly model: string
  readonly liveness: LivenessResult
  /** What showed that it is a live head; of `active` only. */
  readonly livenessLevel?: LivenessLevel
}

/**
 * `open`: may be tried, or a try is running. `matched`: a photo matched. `spent`: no try is left. `expired`: its time is over.
 * A session that is revoked is forgotten.
 */
export const sessionStatuses = ['open', 'matched', 'spent', 'expired'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

export function openSession(terms: SessionTerms): Session {
  return { ...terms, triesLeft: terms.tries, running: 0, givenBack: 0, attempts: [] }
}

export function statusOf(session: Session, nowMs: number): SessionStatus {
  if (matchOf(session) !== undefined) return 'matched'
  if (session.triesLeft === 0 && session.running === 0) return 'spent'
  return session.expiresMs <= nowMs ? 'expired' : 'open'
}

/** Sessions of one device and person that wait or are in use, beyond which they give way before those of other devices. */
export const fairShare = 4

/**
 * Which sessions make room for a new one, where there are too many: those that are over, then those of a device that has many with the new one,
 * then those that nobody has tried. So opening many ends none that somebody is using, or that has just matched, of a device that has few, as
 * long as those are not too many by themselves, and from one device none of another. Sessions without a device have one share together, though
 * they need not be of one: else whoever opens such sessions would end those of devices that are named. A photo that was not compared is no
 * use: it costs no attempt.
 *
 * @param device of the new one
 */
export function makeRoom(
  opened: readonly Session[],
  device: string | undefined,
  nowMs: number,
): Session[] {
  const surplus = Math.max(0, opened.length + 1 - maxSessions)
  const alive = opened.filter((session) => useOf(session, nowMs) > 0)
  const ofDevice = Map.groupBy(alive, (session) => session.device)
  const countOf = (of: string | undefined): number =>
    (ofDevice.get(of)?.length ?? 0) + (of === device ? 1 : 0)
  const worth = (session: Session): readonly [number, number, number] => {
    const use = useOf(session, nowMs)
    const isOneOfMany = countOf(session.device) > fairShare
    return [use === 0 ? 0 : isOneOfMany ? 1 : 2, use, session.expiresMs]
  }
  return opened
    .map((session) => ({ session, worth: worth(session) }))
    .sort(({ worth: a }, { worth: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .slice(0, surplus)
    .map(({ session }) => session)
}

function useOf(session: Session, nowMs: number): number {
  const { attempts, running, draws = 0 } = session
  const match = matchOf(session)
  if (match !== undefined) return nowMs - match.atMs < unreadMs ? 3 : 0
  if (statusOf(session, nowMs) !== 'open') return 0
  return attempts.some(isDecided) || running + draws > 0 ? 2 : 1
}

/** The try that matched, with what it decided. */
export function matchOf({ attempts }: Session): DecidedAttempt | undefined {
  return attempts.filter(isDecided).find(({ result }) => result.decision === 'match')
}

function isDecided(attempt: SessionAttempt): attempt is DecidedAttempt {
  return 'decision' in attempt.result
}

/** Spends a try; null when there is none. */
export function beginTry(session: Session, nowMs: number): Session | null {
  const { triesLeft, running } = session
  if (statusOf(session, nowMs) !== 'open' || triesLeft === 0) return null
  return { ...session, triesLeft: triesLeft - 1, running: running + 1 }
}

/**
 * The session after a try; null when it has ended meanwhile: then the try has no result. A photo that could not be compared
 * tells nothing and gives its try back, up to a number of photos; so does a fault of the service.
 *
 * @param draw of poses that the try began with
 */
export function settleTry(
  session: Session,
  outcome: AttemptOutcome,
  attempt: SessionAttempt,
  nowMs: number,
  draw = session.draws,
): Session | null {
  if (statusOf(session, nowMs) !== 'open') return null
  const { triesLeft, running, givenBack, attempts, poses, draws } = session
  const isUnusable = outcome === 'unusable' && givenBack < maxGivenBack
  const isGivenBack = outcome === 'fault' || isUnusable
  return {
    ...session,
    // A photo that was compared without a match is not compared again for the same poses.
    ...(poses &&
      isGivenBack &&
      running <= 1 &&
      draw === draws && { poses: { ...poses, isUsed: false } }),
    running: Math.max(0, running - 1),
    triesLeft: triesLeft + (isGivenBack ? 1 : 0),
    givenBack: givenBack + (isUnusable ? 1 : 0),
    // Faults are the service's, and without limit.
    attempts: outcome === 'fault' ? attempts : [...attempts, attempt],
  }
}

/** When the record is to be deleted. */
export function forgottenAtMs({ expiresMs }: Pick<Session, 'expiresMs'>): number {
  return expiresMs + keptAfterMs
}
