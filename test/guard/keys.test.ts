import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKeyRing, findCaller, type KeyRing, readShownKey } from '../../src/guard/keys.ts'

let ring: KeyRing
beforeAll(async () => {
  ring = await createKeyRing({ app: ['app-key-one', 'app-key-two'], admin: ['admin-key-one'] })
})

function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}

describe('a live key', () => {
  it.each([
    ['app-key-one', 'app'],
    ['app-key-two', 'app'],
    ['admin-key-one', 'admin'],
  ])('%s is found with its role %s and its id', async (key, role) => {
    expect(await findCaller(key, ring)).toEqual({ role, keyId: idOf(key) })
  })

  it.each([
    '',
    'wrong-key',
    'app-key-on',
    'app-key-one2',
    'APP-KEY-ONE',
    'app-key-one,app-key-two',
  ])('is not %j', async (key) => {
    expect(await findCaller(key, ring)).toBeNull()
  })

  it('is kept as a digest', () => {
    expect(JSON.stringify(ring)).not.toContain('app-key')
    expect(ring.map((key) => key.digest.length)).toEqual([32, 32, 32])
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
