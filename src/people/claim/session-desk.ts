/**
 * Sessions as the Worker handles them: opened, read and revoked by a backend, and tried by a phone. A session for one person is kept by
 * that person's object, one for `/recognize` by an object of its own. An object that cannot be reached is `store_unavailable`: then nothing
 * is decided.
 */
import type { ErrorCode } from '../../errors/error-table.ts'
import { FaceError } from '../../errors/face-error.ts'
import { logFailure } from '../../errors/log-failure.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import { type Pseudonym, pseudonymOfDevice } from '../../guard/caller/pseudonym.ts'
import type { LockoutPolicy } from '../../guard/policy.ts'
import type {
  Decided,
  DrawnPoses,
  Session,
  SessionClaims,
  SessionTerms,
} from '../../guard/session.ts'
import type { PersonObject } from '../../identity/objects/person-object.ts'
import type { DrawResult } from '../../identity/objects/person-sessions.ts'
import type { SessionObject } from '../../identity/objects/session-object.ts'
import { reachStore } from '../../identity/reach/reach-store.ts'
import { makeSessionId, placeOfSession, type SessionTokens } from '../../identity/session-token.ts'
import { drawBytes } from '../../liveness/asked-poses.ts'
import { identityNotFound } from '../find-identity.ts'
import { type Compared, failureOf, posesOver, sessionOver } from './attempt-outcome.ts'
import { retryLater } from './retry-later.ts'

export interface SessionWish extends Omit<SessionTerms, 'id' | 'device' | 'expiresMs'> {
  /** Its name, as the backend gave it. */
  readonly device?: string
  readonly seconds: number
}

export interface OpenedSession {
  readonly id: string
  readonly token: string
  readonly expiresAt: Date
}

type Tried = Compared<Extract<AttemptOutcome, 'match' | 'no_match'>>

/** Every method throws `store_unavailable`. */
export interface SessionDesk {
  /** Throws `identity_not_found`. */
  open(wish: SessionWish): Promise<OpenedSession>
  /** Throws `session_over`, also when no poses are left to draw, and `rate_limited` after too many for one person. */
  drawPoses(claims: SessionClaims): Promise<DrawnPoses>
  /** Throws `poses_over` when there is no pose to announce a photo for. @param photo its hash */
  announcePhoto(claims: SessionClaims, photo: string): Promise<DrawnPoses>
  /** Throws `session_not_found`. @param audience whose sessions may be seen; null for everybody's */
  read(id: string, audience: string | null): Promise<Session>
  /** Ends and forgets it, and gives what it was. Throws `session_not_found`. */
  revoke(id: string, audience: string | null): Promise<Session>
  /** One try of a session for whoever is recognized. Throws `session_over`, or what `search` throws. */
  attempt<Verdict extends Tried>(
    claims: SessionClaims,
    requestId: string,
    search: (session: Session) => Promise<Verdict>,
  ): Promise<Verdict>
}

export interface SessionDeskOptions {
  readonly persons: DurableObjectNamespace<PersonObject>
  readonly sessions: DurableObjectNamespace<SessionObject>
  readonly tokens: SessionTokens
  readonly policy: LockoutPolicy
  readonly pseudonym: Pseudonym
  readonly now: () => Date
}

export function createSessionDesk(options: SessionDeskOptions): SessionDesk {
  const { persons, sessions, tokens, policy, pseudonym, now } = options
  const nowMs = (): number => now().getTime()

  const objectOf = (id: string) => objectOfSession(id, persons, sessions)

  async function find(id: string, audience: string | null) {
    const known = objectOf(id)
    if (known === null) throw notFound()
    const { object } = known
    const session = await reachStore<Session | null>('read', () => object.readSession(id, nowMs()))
    if (session === null) throw notFound()
    if (audience !== null && session.audience !== audience) throw notFound()
    return { object, session }
  }

  return {
    async open(wish) {
      const { device, seconds, ...terms } = wish
      const { identity } = terms
      const startMs = nowMs()
      const expiresMs = startMs + seconds * 1000
      const kind = identity === undefined ? 'anybody' : 'person'
      const objectId =
        identity === undefined ? sessions.newUniqueId() : persons.idFromName(identity)
      const id = makeSessionId({ kind, objectId: objectId.toString() })
      const opened = { ...terms, id, expiresMs }
      if (identity === undefined) {
        await reachStore('open a session', () =>
          sessions.get(objectId).openSession(opened, startMs),
        )
      } else {
        // Which sessions of a person make room for others depends on their devices.
        const of =
          device === undefined
            ? {}
            : { device: pseudonymOfDevice(pseudonym, terms.audience, device) }
        const answer = await reachStore('open a session', async () =>
          persons.getByName(identity).openSession({ ...opened, ...of }, startMs),
        )
        if (answer.kind === 'absent') throw identityNotFound(identity)
      }
      return {
        id,
        token: await tokens.seal(sessionClaims(id, wish)),
        expiresAt: new Date(expiresMs),
      }
    },

    async drawPoses({ id }) {
      const known = objectOf(id)
      if (known?.kind !== 'person') throw sessionOver()
      const random = crypto.getRandomValues(new Uint8Array(drawBytes))
      const drawn = await reachStore<DrawResult>('draw poses', () =>
        known.object.drawPoses({ sessionId: id, random, policy }, nowMs()),
      )
      if (drawn.kind === 'session_over') throw sessionOver()
      if (drawn.kind === 'spent')
        throw retryLater(
          'rate_limited',
          'Poses were drawn for this identity as often as an hour allows: the next ones are drawn',
          drawn.retryAfterMs,
        )
      return drawn.poses
    },

    async announcePhoto({ id }, photo) {
      const known = objectOf(id)
      if (known?.kind !== 'person') throw posesOver()
      const announced = await reachStore<Session | null>('announce a photo', () =>
        known.object.announcePhoto(id, photo, nowMs()),
      )
      if (announced?.poses === undefined) throw posesOver()
      return announced.poses
    },

    async read(id, audience) {
      return (await find(id, audience)).session
    },

    async revoke(id, audience) {
      const { object, session } = await find(id, audience)
      await reachStore('revoke a session', () => object.forgetSession(id))
      return session
    },

    async attempt<Verdict extends Tried>(
      { id }: SessionClaims,
      requestId: string,
      search: (session: Session) => Promise<Verdict>,
    ) {
      const known = objectOf(id)
      if (known?.kind !== 'anybody') throw sessionOver()
      const { object } = known
      const session = await reachStore<Session | null>('begin a try', () =>
        object.beginTry(id, nowMs()),
      )
      if (session === null) throw sessionOver()
      const settle = async (
        outcome: AttemptOutcome,
        result: Decided | { readonly code: ErrorCode },
        atMs: number,
      ) => {
        const attempt = { atMs, requestId, result }
        const isOpen = await reachStore('settle a try', () =>
          object.settleTry(id, outcome, attempt, nowMs()),
        )
        if (!isOpen) throw sessionOver()
      }
      let verdict: Verdict
      try {
        verdict = await search(session)
      } catch (error) {
        const { outcome, code } = failureOf(error)
        await settle(outcome, { code }, nowMs()).catch((cause: unknown) =>
          logFailure(cause, requestId),
        )
        throw error
      }
      await settle(verdict.counts, verdict.decided, verdict.decidedMs)
      return verdict
    },
  }
}

/** Null for an id that is none of ours. */
function objectOfSession(
  id: string,
  persons: SessionDeskOptions['persons'],
  sessions: SessionDeskOptions['sessions'],
) {
  const place = placeOfSession(id)
  if (place === null) return null
  const { kind, objectId } = place
  try {
    return kind === 'person'
      ? ({ kind, object: persons.get(persons.idFromString(objectId)) } as const)
      : ({ kind, object: sessions.get(sessions.idFromString(objectId)) } as const)
  } catch {
    // No id of such an object.
    return null
  }
}

/** What the token of a session says. */
function sessionClaims(
  id: string,
  { device, audience, identity, fmr, purpose, liveness }: SessionWish,
): SessionClaims {
  return {
    id,
    keyId: audience,
    ...(identity !== undefined && { identity }),
    ...(device !== undefined && { device }),
    ...(fmr !== undefined && { fmr }),
    ...(purpose !== undefined && { purpose }),
    ...(liveness && { liveness }),
  }
}

function notFound(): FaceError {
  return new FaceError(
    'session_not_found',
    'This key has no such session: it was revoked, it ended more than ten minutes ago, or its person was deleted.',
  )
}
