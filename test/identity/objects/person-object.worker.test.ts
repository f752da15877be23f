import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDirectory } from '../../../src/identity/directory/directory.ts'
import type { SealedPerson } from '../../../src/identity/objects/person-state.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { entryKey, keysInKv, recordKey, stateOf } from '../../support/app/stored-people.ts'

beforeEach(() => resetStore())

const nowMs = Date.UTC(2026, 10, 24)
const ada = () => env.PERSON.getByName('ada')
const alarm = () => runInDurableObject(ada(), (_, { storage }) => storage.getAlarm())

function sealed(text: string, more: Partial<SealedPerson> = {}): SealedPerson {
  const listing = { encodings: 1, model: 'm@0', createdAt: 'then', updatedAt: 'then' }
  return { record: `record ${text}`, entry: `entry ${text}`, listing, ...more }
}

function enroll(expectedVersion: number, person = sealed(`${expectedVersion + 1}`)) {
  return ada().commit({ identity: 'ada', expectedVersion, person }, nowMs)
}
const remove = (expectedVersion: number | 'any' = 'any') =>
  ada().commit({ identity: 'ada', expectedVersion, person: null }, nowMs)

async function listed() {
  const people = await createDirectory(env.DIRECTORY).entries('', 100)
  return people.map(({ identity, version, entry }) => [identity, version, entry])
}

describe('reading', () => {
  it('says that nobody was ever enrolled, and stores nothing for having been asked', async () => {
    expect(await ada().read(nowMs)).toEqual({ version: 0, record: null })
    expect(await stateOf('ada')).toBeUndefined()
  })

  it('gives the sealed record and its version', async () => {
    await enroll(0)
    expect(await ada().read(nowMs)).toEqual({ version: 1, record: 'record 1' })
  })

  it('gives nothing of a person whose time has come, even before the alarm', async () => {
    await enroll(0, sealed('1', { expiresAtMs: nowMs + 1000 }))
    expect((await ada().read(nowMs + 999)).record).toBe('record 1')
    expect(await ada().read(nowMs + 1000)).toEqual({ version: 1, record: null })
  })
})

describe('a change', () => {
  it('reaches directory and KV before it is acknowledged, and leaves nothing to do', async () => {
    expect(await enroll(0)).toEqual({ kind: 'committed', version: 1, isListed: true })
    expect(await listed()).toEqual([['ada', 1, 'entry 1']])
    expect(await keysInKv()).toEqual([entryKey('ada'), recordKey('ada')])
    expect(await env.IDENTITIES.get(recordKey('ada'))).toBe('record 1')
    expect(await stateOf('ada')).toMatchObject({ listedVersion: 1, copiedVersion: 1 })
    expect(await alarm()).toBeNull()
  })

  it('of another version than the current one is a conflict and changes nothing', async () => {
    await enroll(0)
    expect(await enroll(0)).toEqual({ kind: 'conflict', version: 1 })
    expect(await remove(0)).toEqual({ kind: 'conflict', version: 1 })
    expect(await ada().read(nowMs)).toEqual({ version: 1, record: 'record 1' })
  })

  it('that deletes leaves the version and nothing of the person', async () => {
    await enroll(0)
    expect(await remove()).toEqual({ kind: 'committed', version: 2, isListed: true })
    expect(await ada().read(nowMs)).toEqual({ version: 2, record: null })
    expect(await listed()).toEqual([])
    expect(await keysInKv()).toEqual([])
    expect(JSON.stringify(await stateOf('ada'))).not.toContain('ada')
    expect(await remove()).toEqual({ kind: 'absent', version: 2 })
    expect(await enroll(2)).toMatchObject({ kind: 'committed', version: 3 })
  })

  it('is one of many at once: each version is taken by one, and KV ends with the last', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => enroll(0)))
    expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
    const chain = Promise.all(Array.from({ length: 10 }, (_, i) => enroll(i + 1)))
    for (const [i, outcome] of (await chain).entries()) {
      expect(outcome).toMatchObject({ kind: 'committed', isListed: true })
      expect(outcome.version).toBeGreaterThanOrEqual(i + 2)
    }
    expect(await env.IDENTITIES.get(recordKey('ada'))).toBe('record 11')
    expect(await listed()).toEqual([['ada', 11, 'entry 11']])
  })
})

describe('a person with a time to go', () => {
  it('is deleted by the alarm when it is due', async () => {
    const expiresAtMs = Date.now() + 3_600_000
    await enroll(0, sealed('1', { expiresAtMs }))
    expect(await alarm()).toBe(expiresAtMs)
    await runInDurableObject(ada(), (_, { storage }) => {
      const state = storage.kv.get<object>('person')!
      storage.kv.put('person', { ...state, person: sealed('1', { expiresAtMs: Date.now() - 1 }) })
    })
    expect(await runDurableObjectAlarm(ada())).toBe(true)
    expect(await ada().read(nowMs)).toEqual({ version: 2, record: null })
    expect(await listed()).toEqual([])
    expect(await keysInKv()).toEqual([])
    expect(await alarm()).toBeNull()
  })

  it('is left alone by an alarm that comes early', async () => {
    const expiresAtMs = Date.now() + 3_600_000
    await enroll(0, sealed('1', { expiresAtMs }))
    await runDurableObjectAlarm(ada())
    expect((await ada().read(nowMs)).version).toBe(1)
    expect(await alarm()).toBe(expiresAtMs)
  })
})
