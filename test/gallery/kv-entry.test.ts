import { describe, expect, it } from 'vitest'
import { toInt8 } from '../../src/gallery/int8-encoding.ts'
import {
  entryKey,
  fromMetadata,
  identityOf,
  maxParts,
  toEntries,
} from '../../src/gallery/kv-entry.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { randomNumbers } from '../support/random.ts'

const model = `${'network'.repeat(5)}@4f1c2a90`
function record(encodings: number): IdentityRecord {
  return {
    identity: 'younes',
    name: 'Younes',
    model,
    encodings: Array.from({ length: encodings }, (_, i) => randomNumbers(128, i + 1)),
    createdAt: '2026-11-24T03:33:00.000Z',
    updatedAt: '2026-11-24T03:33:00.000Z',
  }
}

describe('the entries of a person', () => {
  it.each([
    [1, 1],
    [5, 1],
    [6, 2],
    [10, maxParts],
  ])('hold %i encodings in %i keys of at most 1,024 bytes of ASCII', (encodings, parts) => {
    const person = record(encodings)
    const entries = toEntries(person).map((entry) => JSON.stringify(entry))
    expect(entries).toHaveLength(parts)
    for (const entry of entries) expect(entry).toMatch(/^[ -~]{1,1024}$/)
    const read = entries.map((entry) => fromMetadata(JSON.parse(entry)))
    expect(read.map((entry) => entry?.model)).toEqual(entries.map(() => model))
    expect(read.flatMap((entry) => entry?.encodings)).toEqual(person.encodings.map(toInt8))
  })

  it('hold neither name nor dates', () => {
    expect(toEntries(record(1)).map(Object.keys)).toEqual([['model', 'encodings']])
  })

  const [good] = toEntries(record(1))
  it.each([
    ['null', null],
    ['text', 'text'],
    ['an empty object', {}],
    ['no model', { ...good, model: '' }],
    ['no encodings', { ...good, encodings: '' }],
    ['no base64', { ...good, encodings: '*' }],
    ['a byte too few', { ...good, encodings: btoa('x'.repeat(131)) }],
    ['a field that it does not know', { ...good, name: 'Younes' }],
  ])('are refused with %s', (_, metadata) => {
    expect(fromMetadata(metadata)).toBeNull()
  })
})

describe('the keys', () => {
  it.each(['a', 'A-Z_a.z-0', '__proto__', 'x'.repeat(128)])('name %s', (identity) => {
    for (let part = 0; part < maxParts; part++) {
      const key = entryKey(identity, part)
      expect(key).toBe(`gallery:${identity}/${part}`)
      expect(identityOf(key)).toBe(identity)
    }
  })

  it.each(['gallery:', 'gallery:a', 'gallery:a/', 'gallery:a/b', 'gallery:a/b/0', 'identity:a/0'])(
    'are not like %s',
    (key) => {
      expect(identityOf(key)).toBeNull()
    },
  )
})
