/**
 * POST /admin/re-encrypt: rotation of the keys of `TEMPLATE_KEYS`. A person sealed with a key other than the first is stored again, with
 * only the version changed, so that the new text goes the way of every change: object, KV, directory, and the indexes by its log. The
 * directory, which is updated last, shows who is done, so an interrupted walk is simply repeated.
 */

import { z } from '@hono/zod-openapi'
import type { IdentityStore } from '../../identity/store.ts'
import { walkPeople } from '../../people/walk-people.ts'
import { reencryptAnswer } from '../contract/answers/people-answers.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { pageCursor, walkLimit } from '../request/fields.ts'
import { parseFields, readQuery } from '../request/parse-fields.ts'

const defaultLimit = 200

const query = z.object({ cursor: pageCursor.optional(), limit: walkLimit.optional() })

export const reencryptPeople: Endpoint = {
  operationId: 'reencryptPeople',
  method: 'post',
  path: '/admin/re-encrypt',
  role: 'admin',
  tag: 'admin',
  usesStore: true,
  summary: 'Encrypt people again with the current key',
  description:
    'Changes some people at a time: ask again with the `cursor` of the answer until there is none. When a whole round re-encrypts ' +
    'nobody, nobody needs the other keys of `TEMPLATE_KEYS` any more.',
  query,
  answers: { 200: { description: 'How far it got', schema: reencryptAnswer } },
  errors: ['invalid_request'],
  async handle(call) {
    const { store, request } = call
    const { cursor, limit = defaultLimit } = parseFields(query, readQuery(request))
    const { outcomes, cursor: next } = await walkPeople(
      (after) => store.listStale(after),
      (identity) => reencrypt(store, identity),
      { limit, ...(cursor !== undefined && { cursor }) },
    )
    const done = [...outcomes]
    return {
      status: 200,
      body: {
        reencrypted: done.filter(([, outcome]) => outcome === 'reencrypted').length,
        unreadable: done.flatMap(([id, outcome]) => (outcome === 'unreadable' ? id : [])),
        cursor: next,
      },
    }
  },
}

async function reencrypt(
  store: IdentityStore,
  identity: string,
): Promise<'reencrypted' | 'gone' | 'unreadable'> {
  for (;;) {
    const found = await store.find(identity)
    if (found.kind === 'unreadable') return 'unreadable'
    if (found.kind === 'nobody') {
      // Deleted, and the directory may not know it yet.
      await store.complete(identity)
      return 'gone'
    }
    const { kind } = await store.put(found.record, found.version)
    if (kind === 'stored') return 'reencrypted'
    // Somebody changed the person meanwhile.
  }
}
