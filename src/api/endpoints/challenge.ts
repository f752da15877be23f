/** POST /challenge: a token that the next /verify of one person carries, so that its answer belongs to one fresh request. */

import { z } from '@hono/zod-openapi'
import { identityId } from '../../people/person-fields.ts'
import { challengeAnswer } from '../contract/answers/session-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'
import { readJsonRequest } from '../request/read-json-request.ts'

const json = z.object({ identity: identityId })

export const challenge: Endpoint = {
  operationId: 'challenge',
  method: 'post',
  path: '/challenge',
  role: 'app',
  tag: 'faces',
  usesStore: true,
  summary: 'A challenge for the next /verify',
  description: 'Send it once, as `challenge`, with a photo of this person. The receipt repeats it.',
  json,
  answers: { 200: { description: 'The challenge', schema: challengeAnswer } },
  errors: ['invalid_request', 'identity_not_found'],
  async handle(call) {
    const { identity } = await readJsonRequest(call.request, json)
    call.nameIdentity(identity)
    const { challenge, expiresAt } = await call.guard.issueChallenge(identity, call.keyId)
    const { requestId } = call
    return {
      status: 200,
      body: { challenge, identity, expiresAt: expiresAt.toISOString(), requestId },
    }
  },
}

const pathFields = z.object({ id: identityId })
const noQuery = z.object({})

export const unlock: Endpoint = {
  operationId: 'unlockIdentity',
  method: 'post',
  path: '/admin/identities/{id}/unlock',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'End a lockout',
  description: 'Resets the count of failed attempts, whether or not the person is locked out.',
  pathFields,
  answers: { 204: { description: 'Unlocked' } },
  errors: ['invalid_request', 'identity_not_found'],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    parseFields(noQuery, readQuery(call.request))
    await call.guard.unlock(id)
    return { status: 204 }
  },
}
