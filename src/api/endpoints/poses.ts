/**
 * The poses of a session, as its phone learns them: all at once, or each after the photo of the one before is announced
 * (docs/sessions.md).
 */

import { z } from '@hono/zod-openapi'
import { invalidRequest } from '../../errors/face-error.ts'
import type { DrawnPoses, SessionClaims } from '../../guard/session.ts'
import { areAllTold, toldOf } from '../../guard/session-poses.ts'
import { posesAnswer } from '../contract/answers/session-answers.ts'
import type { Answer, Call, Endpoint } from '../contract/endpoint.ts'
import { photoHash } from '../request/fields.ts'
import { readJsonRequest } from '../request/read-json-request.ts'

export const drawPoses: Endpoint = {
  operationId: 'drawPoses',
  method: 'post',
  path: '/poses',
  role: 'app',
  takesSession: 'person',
  tag: 'sessions',
  usesStore: true,
  summary: 'Draw the poses that the phone asks for',
  description:
    'For the token of a session with `liveness: active`, when the person is ready: their time begins now. Then send one photo for each, ' +
    'in order, as `image` of one `POST /verify`. A session has as many draws as tries, and all sessions of ' +
    'a person together have as many an hour as attempts (`rate_limited`).',
  answers: { 200: { description: 'The poses', schema: posesAnswer } },
  errors: ['invalid_request'],
  async handle(call) {
    return tell(call, await call.sessions.drawPoses(sessionOf(call)))
  },
}

const announcement = z.object({ photoSha256: photoHash })

export const announcePhoto: Endpoint = {
  operationId: 'announcePhoto',
  method: 'post',
  path: '/poses/next',
  role: 'app',
  takesSession: 'person',
  tag: 'sessions',
  usesStore: true,
  summary: 'Announce the photo of a pose, and learn the next',
  description:
    'For the token of a session with poses `one_by_one`: fixes the photo of the last pose by its hash, and returns the next pose, whose time ' +
    'begins now. When `complete` is true, send the photos in order, as `image` of one `POST /verify`.',
  json: announcement,
  answers: { 200: { description: 'The poses given so far', schema: posesAnswer } },
  errors: ['invalid_request', 'poses_over'],
  async handle(call) {
    const session = sessionOf(call)
    const { photoSha256 } = await readJsonRequest(call.request, announcement)
    return tell(call, await call.sessions.announcePhoto(session, photoSha256))
  },
}

/** Throws `invalid_request` for one without poses. */
function sessionOf({ session, noteIdentity }: Call): SessionClaims {
  if (session?.liveness !== 'active') {
    throw invalidRequest('Poses are for the token of a session with liveness "active".')
  }
  if (session.identity !== undefined) noteIdentity(session.identity)
  return session
}

function tell({ requestId }: Call, poses: DrawnPoses): Answer {
  const expiresAt = new Date(poses.expiresMs).toISOString()
  const body = { poses: toldOf(poses), complete: areAllTold(poses), expiresAt, requestId }
  return { status: 200, body }
}
