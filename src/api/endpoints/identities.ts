/** Managing who is enrolled: list, read and delete. Answers say how many encodings there are, never what they are. */

import { z } from '@hono/zod-openapi'
import { findIdentity, identityNotFound } from '../../people/find-identity.ts'
import { identityId } from '../../people/person-fields.ts'
import { identityAnswer, identityListAnswer } from '../contract/answers/people-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { idPrefix, pageCursor, pageLimit } from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'
import {
  etagHeader,
  etagOf,
  ifMatch,
  readPrecondition,
  versionConflict,
} from '../request/preconditions.ts'

const defaultPageLimit = 100

const pathFields = z.object({ id: identityId })
const noQuery = z.object({})
const page = z.object({
  cursor: pageCursor.optional(),
  limit: pageLimit.optional(),
  prefix: idPrefix.optional(),
})

export const listIdentities: Endpoint = {
  operationId: 'listIdentities',
  method: 'get',
  path: '/admin/identities',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Who is enrolled',
  description: 'Sorted by the bytes of the identity.',
  query: page,
  answers: { 200: { description: 'One page', schema: identityListAnswer } },
  errors: ['invalid_request'],
  async handle(call) {
    const {
      cursor,
      limit = defaultPageLimit,
      prefix = '',
    } = parseFields(page, readQuery(call.request))
    const { identities, cursor: next } = await call.store.list({ prefix, limit, cursor })
    return { status: 200, body: { identities, cursor: next } }
  },
}

export const getIdentity: Endpoint = {
  operationId: 'getIdentity',
  method: 'get',
  path: '/admin/identities/{id}',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'One enrolled person',
  pathFields,
  answers: { 200: { description: 'The person', headers: etagHeader, schema: identityAnswer } },
  errors: ['invalid_request', 'identity_not_found', 'record_unreadable'],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    parseFields(noQuery, readQuery(call.request))
    const record = await findIdentity(call.store, id)
    return {
      status: 200,
      headers: etagOf(record),
      body: { ...record, encodings: record.encodings.length, otherModel: record.other?.model },
    }
  },
}

export const deleteIdentity: Endpoint = {
  operationId: 'deleteIdentity',
  method: 'delete',
  path: '/admin/identities/{id}',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Delete a person',
  description: 'Deletes everything that is stored about the person.',
  pathFields,
  headers: ifMatch,
  answers: { 204: { description: 'Deleted' } },
  errors: ['invalid_request', 'identity_not_found', 'version_conflict'],
  async handle(call) {
    const { id } = parseFields(pathFields, call.pathFields)
    parseFields(noQuery, readQuery(call.request))
    const precondition = readPrecondition(call.request.headers, ifMatch)
    const expected = precondition.kind === 'version' ? precondition.version : undefined
    const deletion = await call.store.delete(id, expected)
    if (deletion.kind === 'absent') throw identityNotFound(id)
    if (deletion.kind === 'conflict') throw versionConflict(id, deletion.version)
    return { status: 204 }
  },
}
