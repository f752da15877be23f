import { describe, expect, it } from 'vitest'
import { parseTemplateKeys } from '../../src/identity/template-keys.ts'
import { bytesToBase64 } from '../../src/lib/base64.ts'

const key = (fill: number, bytes = 32) => bytesToBase64(new Uint8Array(bytes).fill(fill))

describe('TEMPLATE_KEYS', () => {
  it('holds keys with their ids, in order', () => {
    expect(parseTemplateKeys(`b:${key(2)}, a:${key(1)}`)).toEqual([
      { id: 'b', bytes: new Uint8Array(32).fill(2) },
      { id: 'a', bytes: new Uint8Array(32).fill(1) },
    ])
  })

  it.each([
    ['nothing', ''],
    ['a key without an id', key(1)],
    ['an id without a key', 'a:'],
    ['an empty id', `:${key(1)}`],
    ['an id that would break the sealed text', `a.b:${key(1)}`],
    ['31 bytes', `a:${key(1, 31)}`],
    ['33 bytes', `a:${key(1, 33)}`],
    ['no base64', `a:${'*'.repeat(44)}`],
    ['an empty part', `a:${key(1)},`],
    ['two keys of one id', `a:${key(1)},a:${key(2)}`],
    ['a bad key behind a good one', `a:${key(1)},b:short`],
  ])('is refused with %s', (_, text) => {
    expect(parseTemplateKeys(text)).toBeNull()
  })
})
