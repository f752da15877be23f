/**
 * POST /admin/prune-models: the end of a change of network. A person with encodings of the running network loses all others;
 * a person without them keeps theirs. From then on there is no way back to the old network.
 */

import { z } from '@hono/zod-openapi'
import { inModel } from '../../identity/record.ts'
import type { IdentityStore } from '../../identity/store.ts'
import { walkPeople } from '../../people/walk-people.ts'
import { pruneModelsAnswer } from '../contract/answers/people-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { pageCursor, walkLimit } from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'

const defaultLimit = 200
/** People of the directory checked in one call. */
const pageSize = 1000

const query = z.object({ cursor: pageCursor.optional(), limit: walkLimit.optional() })

export const pruneModels: Endpoint = {
  operationId: 'pruneModels',
  method: 'post',
  path: '/admin/prune-models',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Delete the encodings of other networks',
  description:
    'Changes people who have encodings of the running network, some at a time: ask again with the `cursor` of the answer ' +
    'until there is none.',
  query,
  answers: { 200: { description: 'How far it got', schema: pruneModelsAnswer } },
  errors: ['invalid_request', 'engine_unavailable'],
  async handle(call) {
    const { store, request } = call
    const { cursor, limit = defaultLimit } = parseFields(query, readQuery(request))
    const { model } = await call.startEngine()
    const forgotten: string[] = []
    try {
      const { outcomes, cursor: next } = await walkPeople(
        (after) => pageWithOthers(store, after),
        async (identity) => {
          const isForgotten = await forgetOthers(store, identity, model)
          if (isForgotten) forgotten.push(identity)
          return isForgotten
        },
        { limit, ...(cursor !== undefined && { cursor }) },
      )
      const kept = [...outcomes].flatMap(([identity, isForgotten]) => (isForgotten ? [] : identity))
      return { status: 200, body: { forgotten: forgotten.length, kept, cursor: next } }
    } finally {
      // Also those who were dealt with before it failed.
      call.auditPeople('forgotten', forgotten)
    }
  },
}

async function pageWithOthers(store: IdentityStore, after: string) {
  const page = await store.list({ prefix: '', limit: pageSize, cursor: after })
  const concerned = page.identities.filter(({ otherModel }) => otherModel !== undefined)
  return { ...page, identities: concerned.map(({ identity }) => identity) }
}

/** False for a person without encodings of the running network. */
async function forgetOthers(
  store: IdentityStore,
  identity: string,
  model: string,
): Promise<boolean> {
  for (;;) {
    const found = await store.find(identity)
    const ours = found.kind === 'enrolled' ? inModel(found.record, model) : null
    if (ours === null) return false
    if (ours.other === undefined) return true
    const { other, ...only } = ours
    const { kind } = await store.put(only, found.version)
    if (kind === 'stored') return true
  }
}
