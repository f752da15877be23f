import { beforeAll, describe, expect, it } from 'vitest'
import { authorize, createKeyRing, type KeyRing } from '../../src/guard/keys.ts'

let ring: KeyRing
beforeAll(async () => {
  ring = await createKeyRing({ app: ['app-key-one', 'app-key-two'], admin: ['admin-key-one'] })
})

describe('authorize', () => {
  it.each([
    ['app-key-one', 'app', 'app'],
    ['app-key-two', 'app', 'app'],
    ['admin-key-one', 'app', 'admin'],
    ['admin-key-one', 'admin', 'admin'],
  ] as const)('lets %s do what asks for %s', async (key, needed, role) => {
    expect(await authorize(`Bearer ${key}`, needed, ring)).toBe(role)
  })

  it('takes the scheme in any case, as RFC 9110 has it', async () => {
    expect(await authorize('bearer app-key-one', 'app', ring)).toBe('app')
  })

  it('forbids a live app key what asks for admin', async () => {
    await expect(authorize('Bearer app-key-one', 'admin', ring)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it.each([
    null,
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong-key',
    'Bearer app-key-on',
    'Bearer app-key-one2',
    'Bearer APP-KEY-ONE',
    'Bearer app-key-one app-key-two',
    'Bearer app-key-one,app-key-two',
    'Basic app-key-one',
    'app-key-one',
  ])('refuses the header %j', async (header) => {
    for (const role of ['app', 'admin'] as const) {
      await expect(authorize(header, role, ring)).rejects.toMatchObject({ code: 'unauthorized' })
    }
  })

  it('does not repeat the key that was shown', async () => {
    await expect(authorize('Bearer secret-of-mine', 'app', ring)).rejects.toThrow(
      /^(?!.*secret-of-mine)/,
    )
  })

  it('keeps digests, not keys', () => {
    expect(JSON.stringify(ring)).not.toContain('app-key')
    expect(ring.map((key) => key.digest.length)).toEqual([32, 32, 32])
  })
})
