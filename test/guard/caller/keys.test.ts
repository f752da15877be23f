import { beforeAll, describe, expect, it } from 'vitest'
import {
  createKeyRing,
  findCaller,
  type KeyRing,
  parseKeyEntry,
  readShownKey,
} from '../../../src/guard/caller/keys.ts'
import { createPseudonym } from '../../../src/guard/caller/pseudonym.ts'

const pseudonym = createPseudonym(new Uint8Array(32).fill(1))
const entries = {
  app: ['app-key-one', 'shop:app-key-two'],
  admin: ['admin-key-one'],
}
let ring: KeyRing
beforeAll(async () => {
  ring = await createKeyRing(entries, pseudonym)
})

function madeId(key: string): string {
  return pseudonym('key', key).slice(0, 8)
}

describe('a live key', () => {
  it.each([
    ['app-key-one', 'app', madeId('app-key-one')],
    ['app-key-two', 'app', 'shop'],
    ['shop:app-key-two', 'app', 'shop'],
    ['admin-key-one', 'admin', madeId('admin-key-one')],
  ])('%s is found with its role %s and its id %s', async (key, role, keyId) => {
    expect(await findCaller(key, ring)).toEqual({ role, keyId })
  })

  it('has an id that tells nothing of the key without the secret', async () => {
    const other = await createKeyRing(entries, createPseudonym(new Uint8Array(32).fill(2)))
    expect(madeId('app-key-one')).toMatch(/^[0-9a-f]{8}$/)
    expect(other[0]!.keyId).not.toBe(ring[0]!.keyId)
    expect(other[1]!.keyId).toBe('shop')
  })

  it.each([
    '',
    'wrong-key',
    'app-key-on',
    'app-key-one2',
    'APP-KEY-ONE',
    'app-key-one,app-key-two',
    'shop:app-key-one',
    'other:app-key-two',
    'shop',
  ])('is not %j', async (key) => {
    expect(await findCaller(key, ring)).toBeNull()
  })

  it('is none of a thousand others, whatever their digests begin with', async () => {
    const others = Array.from({ length: 1000 }, (_, i) => findCaller(`wrong-key-${i}`, ring))
    expect((await Promise.all(others)).filter((caller) => caller !== null)).toEqual([])
  })

  it('is kept as a digest', () => {
    expect(JSON.stringify(ring)).not.toContain('app-key')
    expect(new Set(ring.map((key) => key.digest.length))).toEqual(new Set([32]))
  })
})

describe('an entry', () => {
  it.each([
    ['shop:a-long-key', { id: 'shop', key: 'a-long-key' }],
    ['a-long-key', { key: 'a-long-key' }],
    ['shop:a:long-key', { id: 'shop', key: 'a:long-key' }],
    ['shop:', { id: 'shop', key: '' }],
    [':a-long-key', { key: ':a-long-key' }],
    ['a/b:a-long-key', { key: 'a/b:a-long-key' }],
    [`${'s'.repeat(32)}:a-long-key`, { id: 's'.repeat(32), key: 'a-long-key' }],
    [`${'s'.repeat(33)}:a-long-key`, { key: `${'s'.repeat(33)}:a-long-key` }],
  ])('%j has an id when one could stand before its first colon', (entry, parsed) => {
    expect(parseKeyEntry(entry)).toEqual(parsed)
  })
})

describe('the header Authorization', () => {
  it.each(['Bearer a-key', 'bearer a-key', 'BEARER   a-key '])('%j shows a key', (header) => {
    expect(readShownKey(header)).toBe('a-key')
  })

  it.each([null, '', 'Bearer', 'Bearer ', 'Bearer a-key b-key', 'Basic a-key', 'a-key'])(
    '%j shows none',
    (header) => {
      expect(readShownKey(header)).toBeNull()
    },
  )
})
