/** POST /challenge: a token that the next /verify of one person carries, so that its answer belongs to one fresh request. */
import { z } from '@hono/zod-openapi'
import { challengeAnswer } from './answers.ts'
import type { Endpoint } from './endpoint.ts'
import { identityId } from './fields.ts'
import { readJsonRequest } from './read-json-request.ts'

const json = z.object({ identity: identityId })

export const challenge: Endpoint = {
  operationId: 'challenge',
  method: 'post',
  path: '/challenge',
  role: 'app',
  summary: 'A challenge for the next /verify',
  description:
    'To be sent once, as `challenge`, with a photo that is said to be of this identity; the receipt repeats it.',
  json,
  answers: { 200: { description: 'The challenge', schema: challengeAnswer } },
  errors: ['invalid_request', 'identity_not_found'],
  async handle(call) {
    const { identity } = await readJsonRequest(call.request, json)
    call.noteIdentity(identity)
    const { challenge, expiresAt } = await call.guard.issueChallenge(identity)
    const { requestId } = call
    return {
      status: 200,
      body: { challenge, identity, expiresAt: expiresAt.toISOString(), requestId },
    }
  },
}
