import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPseudonym } from '../../../src/guard/caller/pseudonym.ts'

const secret = new Uint8Array(32).fill(7)
const pseudonym = createPseudonym(secret)

describe('a pseudonym', () => {
  it('is always the same for the same thing, and another for every other', () => {
    const names = [
      pseudonym('person', 'eve'),
      pseudonym('person', 'fay'),
      pseudonym('key', 'eve'),
      pseudonym('device', 'eve'),
      createPseudonym(new Uint8Array(32).fill(8))('person', 'eve'),
    ]
    expect(pseudonym('person', 'eve')).toBe(names[0])
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is no hash that anybody could compute', () => {
    for (const text of ['eve', 'person\neve', 'person:eve']) {
      const hash = createHash('sha256').update(text).digest('hex')
      expect(pseudonym('person', 'eve')).not.toBe(hash.slice(0, 32))
    }
  })
})
