import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createKvStore } from '../../src/identity/kv-store.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { fakeEncoding } from '../support/fake-engine.ts'
import { faultyKv } from '../support/faulty-kv.ts'

const record: IdentityRecord = {
  identity: 'younes',
  name: 'Younes ☕',
  model: 'dlib-resnet@4f1c2a90',
  encodings: [fakeEncoding('younes', 0.1), fakeEncoding('younes', 0.2)],
  createdAt: '2026-11-24T03:33:00.000Z',
  updatedAt: '2026-11-24T03:34:00.000Z',
}
const store = createKvStore(env.IDENTITIES)

describe('the KV store', () => {
  it('gives back what was put, and null for anybody else', async () => {
    await store.put(record)
    expect(await store.get('younes')).toEqual(record)
    expect(await store.get('Younes')).toBeNull()
    expect(await store.get('__proto__')).toBeNull()
  })

  it('files under identity:<id>, with what a listing shows as metadata', async () => {
    await store.put(record)
    const { keys } = await env.IDENTITIES.list({ prefix: 'identity:younes' })
    expect(keys).toMatchObject([
      {
        name: 'identity:younes',
        metadata: {
          name: btoa('Younes \u00e2\u0098\u0095'),
          encodings: 2,
          model: 'dlib-resnet@4f1c2a90',
        },
      },
    ])
  })

  it('lists its own keys only', async () => {
    await store.put(record)
    await env.IDENTITIES.put('setting:other', 'x')
    const { identities } = await store.list({ prefix: '', limit: 10 })
    expect(identities.map(({ identity }) => identity)).toEqual(['younes'])
  })

  it('gives many at once, and tells who cannot be read from who is not there', async () => {
    const many = Array.from({ length: 120 }, (_, i) => ({ ...record, identity: `many-${i}` }))
    for (const one of many) await store.put(one)
    await env.IDENTITIES.put('identity:torn', '{}')
    const identities = [...many.map(({ identity }) => identity), 'torn', 'absent', '__proto__']
    const { records, unreadable } = await store.getMany(identities)
    expect(records).toEqual(many)
    expect(unreadable).toEqual(['torn'])
    expect(await store.getMany([])).toEqual({ records: [], unreadable: [] })
  })

  it('does not take a failure to read many for nobody', async () => {
    const faulty = createKvStore(faultyKv(env.IDENTITIES, 'get'))
    await expect(faulty.getMany(['younes'])).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('says whether there was anything to delete', async () => {
    await store.put({ ...record, identity: 'gone' })
    expect(await store.delete('gone')).toBe(true)
    expect(await store.delete('gone')).toBe(false)
  })

  it('does not take what it cannot read for nobody', async () => {
    await env.IDENTITIES.put('identity:damaged', '{}')
    await expect(store.get('damaged')).rejects.toMatchObject({ code: 'record_unreadable' })
  })

  it.each(['get', 'put', 'delete', 'list'] as const)(
    'turns a failing %s into store_unavailable',
    async (operation) => {
      await store.put(record)
      const faulty = createKvStore(faultyKv(env.IDENTITIES, operation))
      const calls = {
        get: () => faulty.get('younes'),
        put: () => faulty.put(record),
        delete: () => faulty.delete('younes'),
        list: () => faulty.list({ prefix: '', limit: 10 }),
      }
      await expect(calls[operation]()).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: expect.objectContaining({ message: 'KV is down' }),
      })
    },
  )

  it('ends a listing at a cursor that nobody gave out with no crash', async () => {
    const outcome = await store.list({ prefix: '', limit: 10, cursor: 'made-up' }).then(
      () => 'a page',
      (error: unknown) => error,
    )
    if (outcome !== 'a page') expect(outcome).toMatchObject({ code: 'invalid_request' })
  })
})
