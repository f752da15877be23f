import { describe, expect, it } from 'vitest'
import {
  createSessionTokens,
  makeSessionId,
  placeOfSession,
  sessionIdPattern,
} from '../../src/identity/session-token.ts'
import { createVault } from '../../src/identity/vault.ts'

const keyOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(0)) })
const objectId = '0123456789abcdef'.repeat(4)
const id = makeSessionId({ kind: 'person', objectId })
const claims = { id, identity: 'eve', keyId: 'shop', device: 'phone-1' }

describe('the id of a session', () => {
  it('says where its object is, and is another each time', () => {
    expect(id).toMatch(sessionIdPattern)
    expect(placeOfSession(id)).toEqual({ kind: 'person', objectId })
    const anybody = makeSessionId({ kind: 'anybody', objectId })
    expect(placeOfSession(anybody)).toEqual({ kind: 'anybody', objectId })
    expect(makeSessionId({ kind: 'person', objectId })).not.toBe(id)
  })

  it.each(['', 'p', `x${id.slice(1)}`, `${id}A`, id.slice(1), '__proto__'])(
    '%s is none',
    (text) => {
      expect(placeOfSession(text)).toBeNull()
    },
  )
})

describe('a token', () => {
  it('opens to what was sealed, with any key that is kept, and tells nothing before', async () => {
    const token = await (await createSessionTokens([keyOf('a')])).seal(claims)
    const rotated = await createSessionTokens([keyOf('b'), keyOf('a')])
    expect(await rotated.open(token)).toEqual(claims)
    for (const secret of ['eve', 'shop', 'phone-1', id])
      expect(atob(token.split('.')[3]!)).not.toContain(secret)
    expect(await (await createSessionTokens([keyOf('b')])).open(token)).toBeNull()
  })

  it('is not read with claims that this code does not know, as of a newer one', async () => {
    const tokens = await createSessionTokens([keyOf('a')])
    const newer = { ...claims, only: 'at noon' }
    expect(await tokens.open(await tokens.seal(newer))).toBe('unread')
    expect(await tokens.open(await tokens.seal({ ...claims, id: 'x' }))).toBe('unread')
  })

  it('is none when a character is another', async () => {
    const tokens = await createSessionTokens([keyOf('a')])
    const token = await tokens.seal(claims)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      const opened = await tokens.open(changed)
      // The last character of base64 has bits that stand for nothing.
      expect(opened === null || at >= token.length - 3, `${at}`).toBe(true)
    }
  })

  it('is not what the keys of records seal, nor the other way round', async () => {
    const vault = await createVault([keyOf('a')])
    const tokens = await createSessionTokens([keyOf('a')])
    const sealed = await vault.seal('session', 'token', JSON.stringify(claims))
    expect(await tokens.open(`session.${sealed}`)).toBeNull()
    const token = await tokens.seal(claims)
    expect(await vault.open('session', 'token', token.slice('session.'.length))).toBeNull()
  })

  it.each(['', 'session.', 'session.1.a.', 'session.1.a.AAAA', 'session', 'test-app-key'])(
    '%j is none',
    async (text) => {
      expect(await (await createSessionTokens([keyOf('a')])).open(text)).toBeNull()
    },
  )
})
