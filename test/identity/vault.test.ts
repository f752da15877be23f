import { describe, expect, it } from 'vitest'
import { bytesFromBase64, bytesToBase64 } from '../../src/identity/base64.ts'
import { createVault, type TemplateKey } from '../../src/identity/vault.ts'

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
