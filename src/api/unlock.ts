/** POST /admin/identities/{id}/unlock: ends a lockout, and the count of failures begins anew. */
import { z } from '@hono/zod-openapi'
import type { Endpoint } from './endpoint.ts'
import { identityId, parseFields, readQuery } from './fields.ts'

const pathFields = z.object({ id: identityId })
const noQuery = z.object({})

export const unlock: Endpoint = {
  operationId: 'unlockIdentity',
  method: 'post',
  path: '/admin/identities/{id}/unlock',
  role: 'admin',
  summary: 'End a lockout',
  description: 'Forgets the failed attempts of a person; a person who is not locked stays so.',
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
