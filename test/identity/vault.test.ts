import { describe, expect, it } from 'vitest'
import { createVault, type TemplateKey } from '../../src/identity/vault.ts'
import { bytesFromBase64, bytesToBase64 } from '../../src/lib/base64.ts'

const keyOf = (id: string, fill: number): TemplateKey => ({
  id,
  bytes: new Uint8Array(32).fill(fill),
})
const [oldKey, newKey] = [keyOf('2026-01', 1), keyOf('2026-11', 2)]
const vault = await createVault([oldKey])
const text = 'a face, and a name ☕'

/** The sealed text with one bit of its bytes turned. */
function turnBit(sealed: string, byte: number): string {
  const [layout, id, base64] = sealed.split('.')
  const bytes = bytesFromBase64(base64!)!
  bytes[byte]! ^= 1
  return `${layout}.${id}.${bytesToBase64(bytes)}`
}

describe('a sealed text', () => {
  it('opens to what was sealed', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    expect(await vault.open('record', 'ada', sealed)).toBe(text)
    expect(await vault.open('record', 'ada', await vault.seal('record', 'ada', ''))).toBe('')
  })

  it('names its key and shows nothing else', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    expect(sealed).toMatch(/^1\.2026-01\.[A-Za-z0-9+/]+=*$/)
    expect(atob(sealed.split('.')[2]!)).not.toContain('face')
  })

  it('is another one each time', async () => {
    const all = await Promise.all([1, 2, 3].map(() => vault.seal('record', 'ada', text)))
    expect(new Set(all).size).toBe(3)
  })

  it('holds a record of the largest size', async () => {
    const large = 'x'.repeat(8000)
    const sealed = await vault.seal('record', 'ada', large)
    expect(await vault.open('record', 'ada', sealed)).toBe(large)
  })

  it('opens neither for somebody else nor for another purpose', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    expect(await vault.open('record', 'bea', sealed)).toBeNull()
    expect(await vault.open('gallery', 'ada', sealed)).toBeNull()
  })

  it.each([
    ['the nonce', 0],
    ['the text', 12],
    ['the tag', 12 + new TextEncoder().encode(text).length],
  ])('does not open when a bit of %s was turned', async (_, byte) => {
    const sealed = await vault.seal('record', 'ada', text)
    expect(await vault.open('record', 'ada', turnBit(sealed, byte))).toBeNull()
  })

  it.each([
    '',
    '1',
    '1.2026-01',
    '1.2026-01.',
    '1.2026-01.*',
    '1.2026-01.AAAA',
    '1..AAAA',
    '{"format":1}',
  ])('is not %j', async (sealed) => {
    expect(await vault.open('record', 'ada', sealed)).toBeNull()
  })

  it('is not of a later layout, nor longer by a part', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    expect(await vault.open('record', 'ada', sealed.replace(/^1/, '2'))).toBeNull()
    expect(await vault.open('record', 'ada', `${sealed}.AAAA`)).toBeNull()
  })
})

describe('the keys', () => {
  it('open what an older one of them sealed; the first seals', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    const rotated = await createVault([newKey, oldKey])
    expect(await rotated.open('record', 'ada', sealed)).toBe(text)
    expect(rotated.isCurrent(sealed)).toBe(false)
    const anew = await rotated.seal('record', 'ada', text)
    expect(anew).toMatch(/^1\.2026-11\./)
    expect(rotated.isCurrent(anew)).toBe(true)
    expect(await vault.open('record', 'ada', anew)).toBeNull()
  })

  it('open nothing that another key of the same name sealed', async () => {
    const sealed = await vault.seal('record', 'ada', text)
    const other = await createVault([keyOf(oldKey.id, 3)])
    expect(await other.open('record', 'ada', sealed)).toBeNull()
  })
})

describe('sealed bytes', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251)

  it('open to what was sealed', async () => {
    const sealed = await vault.sealBytes('segment', 'one', bytes)
    expect(await vault.openBytes('segment', 'one', sealed)).toEqual(bytes)
    const none = await vault.sealBytes('segment', 'one', new Uint8Array())
    expect(await vault.openBytes('segment', 'one', none)).toEqual(new Uint8Array())
  })

  it('name their key, and take 28 bytes more than that', async () => {
    const sealed = await vault.sealBytes('segment', 'one', bytes)
    const start = '1.2026-01.'
    expect(new TextDecoder().decode(sealed.subarray(0, start.length))).toBe(start)
    expect(sealed.length).toBe(bytes.length + start.length + 28)
  })

  it('open neither under another name nor for another purpose', async () => {
    const sealed = await vault.sealBytes('segment', 'one', bytes)
    expect(await vault.openBytes('segment', 'two', sealed)).toBeNull()
    expect(await vault.openBytes('record', 'one', sealed)).toBeNull()
  })

  it('do not open when a bit anywhere was turned', async () => {
    const good = await vault.sealBytes('segment', 'one', bytes.subarray(0, 20))
    for (let at = 0; at < good.length; at++) {
      const sealed = good.slice()
      sealed[at]! ^= 1
      expect(await vault.openBytes('segment', 'one', sealed)).toBeNull()
    }
  })

  it.each(['', '1', '1.', '1.2026-01', '1.2026-01.', '1.2026-01.short', '..', 'x'.repeat(50)])(
    'are not %j',
    async (text) => {
      const sealed = new Uint8Array(new TextEncoder().encode(text))
      expect(await vault.openBytes('segment', 'one', sealed)).toBeNull()
    },
  )

  it('open when an older key sealed them, and are told from those of the current one', async () => {
    const sealed = await vault.sealBytes('segment', 'one', bytes)
    const long = keyOf('x'.repeat(32), 4)
    const rotated = await createVault([long, oldKey])
    expect(await rotated.openBytes('segment', 'one', sealed)).toEqual(bytes)
    expect(rotated.isCurrentBytes(sealed)).toBe(false)
    const anew = await rotated.sealBytes('segment', 'one', bytes)
    expect(await rotated.openBytes('segment', 'one', anew)).toEqual(bytes)
    expect(rotated.isCurrentBytes(anew)).toBe(true)
    expect(await vault.openBytes('segment', 'one', anew)).toBeNull()
  })
})
