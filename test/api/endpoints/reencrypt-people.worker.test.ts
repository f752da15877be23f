import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDirectory } from '../../../src/identity/directory/directory.ts'
import { partName, partOf } from '../../../src/identity/directory/directory-parts.ts'
import type { PersonState } from '../../../src/identity/objects/person-state.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { entryKey, keysInKv, recordKey, stateOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  json,
} from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

beforeEach(() => resetStore())

const oldKey = env.TEMPLATE_KEYS
const newKey = `new:${btoa('another key, of 32 bytes as well')}`
/** An isolate each, with its keys. */
function workerWith(keys: string, more: object = {}) {
  const { send } = createTestApp()
  const bindings = { ...env, TEMPLATE_KEYS: keys, ...more }
  return (path: string, init: RequestInit) => send(path, init, bindings)
}
type Send = ReturnType<typeof workerWith>

const people = ['ada', 'bob', 'cleo', 'dora', 'eve']

async function reencrypt(send: Send, query = '') {
  const response = await send(`/admin/re-encrypt${query}`, {
    method: 'POST',
    headers: bearer(adminKey),
  })
  expect(response.status).toBe(200)
  return await response.json<{ reencrypted: number; unreadable: string[]; cursor?: string }>()
}

async function expectMatches(send: Send, identities: readonly string[] = people): Promise<void> {
  for (const identity of identities) {
    const image = base64(`face ${identity} 0.1`)
    const verified = await send('/verify', json({ identity, image }))
    expect(await verified.json()).toMatchObject({ decision: 'match', identity })
    const recognized = await send('/recognize', json({ image }))
    expect(await recognized.json()).toMatchObject({ decision: 'match', identity })
  }
}

/** Ids of all the keys that anything stored of the people is sealed with. */
async function keysInUse(): Promise<string[]> {
  const sealed: string[] = []
  for (const identity of people) {
    const state: PersonState | undefined = await stateOf(identity)
    if (state?.person)
      sealed.push(state.person.record, state.person.entry, state.person.listing.name!)
    sealed.push((await env.IDENTITIES.get(recordKey(identity)))!)
    const { metadata } = await env.IDENTITIES.getWithMetadata<{ entry: string }>(entryKey(identity))
    sealed.push(metadata!.entry)
  }
  const directory = createDirectory(env.DIRECTORY)
  for (const { entry } of await directory.entries('', 100)) sealed.push(entry!)
  for (const { name } of await directory.people({ prefix: '', after: '', limit: 100 })) {
    sealed.push(name!)
  }
  return [...new Set(sealed.map((text) => text.split('.')[1]!))]
}

async function enrollAll(send: Send): Promise<void> {
  for (const identity of people)
    await enroll(send, identity, undefined, { name: `The ${identity}` })
}

describe('a rotation of the keys', () => {
  it('fills a namespace that lost everything', async () => {
    await enrollAll(workerWith(oldKey))
    for (const key of await keysInKv()) await env.IDENTITIES.delete(key)
    expect(await reencrypt(workerWith(`${newKey},${oldKey}`))).toMatchObject({ reencrypted: 5 })
    expect(await keysInUse()).toEqual(['new'])
  })

  it('goes on while people are verified and recognized, and ends with nothing under the old key', async () => {
    const before = workerWith(oldKey)
    await enrollAll(before)
    expect(await keysInUse()).toEqual(['test'])
    const during = workerWith(`${newKey},${oldKey}`)
    await expectMatches(during)
    const first = await reencrypt(during, '?limit=2')
    expect(first).toEqual({ reencrypted: 2, unreadable: [], cursor: 'bob' })
    expect((await keysInUse()).sort()).toEqual(['new', 'test'])
    await expectMatches(during)
    // One who has both keys, the old one first, as while the new ones are being deployed.
    await expectMatches(workerWith(`${oldKey},${newKey}`))
    expect(await reencrypt(during, `?cursor=${first.cursor}&limit=2`)).toMatchObject({
      reencrypted: 2,
    })
    expect(await reencrypt(during, '?cursor=dora')).toEqual({ reencrypted: 1, unreadable: [] })
    expect(await keysInUse()).toEqual(['new'])
    expect(await reencrypt(during)).toEqual({ reencrypted: 0, unreadable: [] })
    await expectMatches(workerWith(newKey))
    await expectMatches(during)
  })

  it('changes nothing of a person but the version', async () => {
    const before = workerWith(oldKey)
    await enrollAll(before)
    const read = async (send: Send) =>
      (await send('/admin/identities/ada', { headers: bearer(adminKey) })).json()
    const ada = await read(before)
    const during = workerWith(`${newKey},${oldKey}`)
    await reencrypt(during)
    expect(await read(workerWith(newKey))).toEqual(ada)
  })

  it('that was broken off is repeated, and does only what is left', async () => {
    await enrollAll(workerWith(oldKey))
    const keys = `${newKey},${oldKey}`
    const failing = workerWith(keys, { PERSON: faultyObjects(env.PERSON, 'commit') })
    const failed = await failing('/admin/re-encrypt', { method: 'POST', headers: bearer(adminKey) })
    await expectProblem(failed, 'store_unavailable')
    const during = workerWith(keys)
    expect(await reencrypt(during, '?limit=3')).toMatchObject({ reencrypted: 3 })
    expect(await reencrypt(during)).toEqual({ reencrypted: 2, unreadable: [] })
  })

  it('reencrypts whoever the directory was not told of', async () => {
    await enrollAll(workerWith(oldKey))
    const keys = `${newKey},${oldKey}`
    const { record } = (await stateOf('ada'))!.person!
    // As after an object that stored the new text and broke off before it told anybody.
    const during = workerWith(keys)
    await reencrypt(during, '?limit=1')
    const directory = env.DIRECTORY.getByName(partName(partOf('ada')))
    await runInDurableObject(directory, (_, { storage }) => {
      storage.sql.exec(
        `UPDATE people SET entry = ? WHERE identity = 'ada'`,
        `1.test.${record.split('.')[2]}`,
      )
    })
    expect(await reencrypt(during)).toMatchObject({ reencrypted: 5 })
    expect(await keysInUse()).toEqual(['new'])
  })

  it('names who cannot be read with any of the keys, and goes on with the others', async () => {
    await enrollAll(workerWith(oldKey))
    await enroll(workerWith(`lost:${btoa('a key that somebody threw away..')}`), 'zoe')
    const during = workerWith(`${newKey},${oldKey}`)
    expect(await reencrypt(during)).toEqual({ reencrypted: 5, unreadable: ['zoe'] })
    expect(await reencrypt(during)).toEqual({ reencrypted: 0, unreadable: ['zoe'] })
  })

  it('passes over who was deleted and tells the directory, which did not know it yet', async () => {
    await enrollAll(workerWith(oldKey))
    await runInDurableObject(env.PERSON.getByName('bob'), (_, { storage }) => {
      const state = storage.kv.get<PersonState>('person')!
      storage.kv.put('person', { ...state, version: state.version + 1, person: null })
    })
    const during = workerWith(`${newKey},${oldKey}`)
    expect(await reencrypt(during)).toEqual({ reencrypted: 4, unreadable: [] })
    const directory = createDirectory(env.DIRECTORY)
    const listed = await directory.people({ prefix: '', after: '', limit: 100 })
    expect(listed.map(({ identity }) => identity)).toEqual(['ada', 'cleo', 'dora', 'eve'])
  })

  it('refuses a key of the role app, and what it does not know', async () => {
    const send = workerWith(oldKey)
    const post = (path: string, key: string) => send(path, { method: 'POST', headers: bearer(key) })
    await expectProblem(await post('/admin/re-encrypt', appKey), 'forbidden')
    for (const query of ['limit=0', 'limit=1001', 'cursor=%20', 'key=new']) {
      await expectProblem(await post(`/admin/re-encrypt?${query}`, adminKey), 'invalid_request')
    }
  })
})
