/**
 * Sessions: a backend opens one and hands its token to a phone, which sends a photo with it and nothing else (docs/sessions.md). The
 * backend reads the result here, so that it need not believe the phone.
 */

import { z } from '@hono/zod-openapi'
import { asksForPoses, type LivenessSettings } from '../../decision/liveness.ts'
import { type FaceError, invalidRequest } from '../../errors/face-error.ts'
import { claimsOf } from '../../guard/receipt.ts'
import {
  type DecidedAttempt,
  lifeLimits,
  matchOf,
  type PoseTelling,
  poseTellings,
  type Session,
  type SessionTerms,
  statusOf,
  tryLimits,
} from '../../guard/session.ts'
import { type LivenessLevel, livenessLevels } from '../../liveness/judge-frames.ts'
import { identityId } from '../../people/person-fields.ts'
import { openedSessionAnswer, sessionAnswer } from '../contract/answers/session-answers.ts'
import type { Call, Endpoint } from '../contract/endpoint.ts'
import {
  device,
  fmr,
  leastLevel,
  poseTelling,
  purpose,
  sessionId,
  sessionLiveness,
  sessionSeconds,
  sessionTries,
} from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'
import { readJsonRequest } from '../request/read-json-request.ts'

const json = z.object({
  identity: identityId
    .optional()
    .openapi({ description: 'Whom the phone must show; without it, anybody who is recognized.' }),
  purpose: purpose.optional(),
  fmr: fmr.optional(),
  device: device.optional(),
  tries: sessionTries.optional(),
  seconds: sessionSeconds.optional(),
  liveness: sessionLiveness.optional(),
  poses: poseTelling.optional(),
  livenessLevel: leastLevel.optional(),
})

export const openSession: Endpoint = {
  operationId: 'openSession',
  method: 'post',
  path: '/sessions',
  role: 'app',
  tag: 'sessions',
  usesStore: true,
  summary: 'Let a phone verify a person, or recognize somebody',
  description:
    'Give `token` to the phone, and keep `session`. The phone sends the token in place of a key, to `POST /verify` when there is an ' +
    '`identity` and to `POST /recognize` otherwise, with a photo and no other field.',
  json,
  answers: { 201: { description: 'Open', schema: openedSessionAnswer } },
  errors: ['invalid_request', 'identity_not_found', 'engine_unavailable'],
  async handle(call) {
    const {
      tries = tryLimits.usual,
      seconds = lifeLimits.usual,
      liveness: asked,
      poses,
      livenessLevel,
      ...rest
    } = await readJsonRequest(call.request, json)
    const liveness = asked ?? (asksForPoses(call.liveness) ? 'active' : undefined)
    if (!liveness && (poses ?? livenessLevel)) throw posesAreAsked()
    const proof: Pick<SessionTerms, 'liveness' | 'poseTelling' | 'livenessLevel'> = liveness
      ? { liveness, ...strictest(call.liveness, { poses, livenessLevel }) }
      : {}
    const wish = { ...rest, ...proof }
    const { identity, fmr } = wish
    if (liveness && identity === undefined) throw posesAreForOne()
    if (identity !== undefined) call.nameIdentity(identity)
    if (wish.device !== undefined) call.nameDevice(wish.device)
    if (fmr !== undefined) await requireRate(call, fmr)
    const opened = await call.sessions.open({ ...wish, tries, seconds, audience: call.keyId })
    const { id, token, expiresAt } = opened
    const { requestId } = call
    const { device: _, poseTelling: telling, ...terms } = wish
    const told = { ...terms, ...(telling && { poses: telling }), tries }
    return {
      status: 201,
      body: { session: id, token, ...told, expiresAt: expiresAt.toISOString(), requestId },
    }
  },
}

const pathFields = z.object({ id: sessionId })
const noQuery = z.object({})

export const getSession: Endpoint = {
  operationId: 'getSession',
  method: 'get',
  path: '/sessions/{id}',
  role: 'app',
  tag: 'sessions',
  usesStore: true,
  isFree: true,
  summary: 'The result of a session',
  description:
    'For the key that opened it. A session is kept until ten minutes after its time is over; nothing about it changes after its end.',
  pathFields,
  answers: { 200: { description: 'The session', schema: sessionAnswer } },
  errors: ['invalid_request', 'session_not_found'],
  async handle(call) {
    const session = await call.sessions.read(idIn(call), mayRead(call))
    const { id, identity, purpose, fmr, liveness, tries, triesLeft, expiresMs, attempts } = session
    const { poseTelling, livenessLevel } = session
    if (identity !== undefined) call.noteIdentity(identity)
    const status = statusOf(session, call.now.getTime())
    const match = matchOf(session)
    const receipt = match && (await receiptOf(call, session, match))
    return {
      status: 200,
      body: {
        session: id,
        status,
        ...(status !== 'open' && { decision: match === undefined ? 'no_match' : 'match' }),
        identity: match?.result.identity ?? identity,
        purpose,
        fmr,
        liveness,
        poses: poseTelling,
        livenessLevel,
        tries,
        triesLeft,
        expiresAt: new Date(expiresMs).toISOString(),
        attempts: attempts.map(({ atMs, requestId, result }) => ({
          at: new Date(atMs).toISOString(),
          requestId,
          ...('code' in result
            ? { code: result.code }
            : {
                decision: result.decision,
                reason: result.reason,
                liveness: result.liveness,
                livenessLevel: result.livenessLevel,
              }),
        })),
        receipt,
        requestId: call.requestId,
      },
    }
  },
}

export const revokeSession: Endpoint = {
  operationId: 'revokeSession',
  method: 'delete',
  path: '/sessions/{id}',
  role: 'app',
  tag: 'sessions',
  usesStore: true,
  isFree: true,
  summary: 'Revoke and forget a session',
  description:
    'From then on its token opens nothing, not even for a photo that is being compared, and nothing is kept of it. A receipt that ' +
    'was given before stays valid for its minute.',
  pathFields,
  answers: { 204: { description: 'Revoked' } },
  errors: ['invalid_request', 'session_not_found'],
  async handle(call) {
    const { identity } = await call.sessions.revoke(idIn(call), mayRead(call))
    if (identity !== undefined) call.noteIdentity(identity)
    return { status: 204 }
  },
}

interface Proof {
  readonly poses: PoseTelling | undefined
  readonly livenessLevel: LivenessLevel | undefined
}

/** What the backend asks for, or the service asks of everybody, whichever is more. */
function strictest(settings: LivenessSettings, { poses, livenessLevel }: Proof) {
  const more = <T>(list: readonly T[], one: T | undefined, other: T | undefined): T | undefined =>
    [one, other].sort((a, b) => list.indexOf(b as T) - list.indexOf(a as T))[0]
  const telling = more(poseTellings, poses, settings.poseTelling)
  const level = more(livenessLevels, livenessLevel, settings.livenessLevel)
  return {
    ...(telling && { poseTelling: telling }),
    ...(level && { livenessLevel: level }),
  }
}

function posesAreAsked(): FaceError {
  return invalidRequest(
    'fields "poses" and "livenessLevel": expected "liveness": "active" beside them.',
  )
}

function posesAreForOne(): FaceError {
  return invalidRequest('field "identity": missing, expected whom the poses are to show.')
}

function idIn(call: Call): string {
  parseFields(noQuery, readQuery(call.request))
  return parseFields(pathFields, call.pathFields).id
}

/** Whose sessions the caller may see; null for everybody's. */
function mayRead({ isAdmin, keyId }: Call): string | null {
  return isAdmin ? null : keyId
}

/** The same as the answer to the phone had: signed for the moment of the decision. */
async function receiptOf(
  { receipts, issuer }: Call,
  session: Session,
  { atMs, requestId, result }: DecidedAttempt,
): Promise<string> {
  const about = { issuer: issuer(), audience: session.audience, requestId, session }
  return await receipts.sign(claimsOf(result, about), atMs)
}

/** A rate that the service does not decide at is refused here, in the backend, and not on the phone. */
async function requireRate({ startEngine, thresholds }: Call, asked: number): Promise<void> {
  const { model } = await startEngine()
  thresholds.verification(model, { asked, encodings: 1 })
}
