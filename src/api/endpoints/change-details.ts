/** PATCH /admin/identities/{id}: renames a person, and says when to delete them. Their encodings stay. */

import { z } from '@hono/zod-openapi'
import { invalidRequest } from '../../errors/face-error.ts'
import type { IdentityRecord } from '../../identity/record.ts'
import type { NewRecord } from '../../identity/store.ts'
import { changeIdentity } from '../../people/change-identity.ts'
import { readExpiry } from '../../people/expiry.ts'
import { requireEnrolled } from '../../people/find-identity.ts'
import { expiresAt, identityId, personName } from '../../people/person-fields.ts'
import { identityAnswer } from '../contract/answers/people-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { parseFields } from '../request/parse-fields.ts'
import {
  etagHeader,
  etagOf,
  ifMatch,
  readPrecondition,
  requirePrecondition,
} from '../request/preconditions.ts'
import { readJsonRequest } from '../request/read-json-request.ts'

const pathFields = z.object({ id: identityId })
const details = z.object({
  name: personName.nullable().optional(),
  expiresAt: expiresAt.nullable().optional(),
})

/** Null removes, undefined leaves as it is. */
interface Details {
  readonly name?: string | null
  readonly expiresAt?: string | null
}

export const changeDetails: Endpoint = {
  operationId: 'updateIdentity',
  method: 'patch',
  path: '/admin/identities/{id}',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Rename a person, or say when to delete them',
  description:
    'A field that is `null` is removed, and an absent one stays. The encodings do not change.',
  pathFields,
  headers: ifMatch,
  json: details,
  answers: { 200: { description: 'Changed', headers: etagHeader, schema: identityAnswer } },
  errors: ['invalid_request', 'identity_not_found', 'record_unreadable', 'version_conflict'],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    const precondition = readPrecondition(call.request.headers, ifMatch)
    const fields = await readJsonRequest(call.request, details)
    if (Object.keys(fields).length === 0) {
      throw invalidRequest('body: expected "name" or "expiresAt"')
    }
    const changes: Details = fields.expiresAt
      ? { ...fields, expiresAt: readExpiry(fields.expiresAt, call.now) }
      : fields
    const { record } = await changeIdentity(call.store, id, async (found) => {
      const before = requireEnrolled(found, id)
      requirePrecondition(precondition, found, id)
      const next = withDetails(before, changes)
      const isSame = next.name === before.name && next.expiresAt === before.expiresAt
      if (isSame) return { kind: 'keep', record: before }
      return { kind: 'store', record: { ...next, updatedAt: call.now.toISOString() } }
    })
    const body = { ...record, encodings: record.encodings.length }
    return { status: 200, headers: etagOf(record), body }
  },
}

function withDetails(before: IdentityRecord, changes: Details): NewRecord {
  const { name: nameBefore, expiresAt: expiresAtBefore, ...rest } = before
  const { name = nameBefore, expiresAt = expiresAtBefore } = changes
  return {
    ...rest,
    ...(typeof name === 'string' && { name }),
    ...(typeof expiresAt === 'string' && { expiresAt }),
  }
}
