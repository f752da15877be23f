import { describe, expect, it } from 'vitest'
import { toInt8 } from '../../src/gallery/int8-encoding.ts'
import { entryKey, fromMetadata, identityOf, toMetadata } from '../../src/gallery/kv-entry.ts'
import { templateOf } from '../../src/identity/metric.ts'
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

describe('the entry of a person', () => {
  it.each([1, 5, 10])('holds the template of %i encodings in 1,024 bytes of ASCII', (encodings) => {
    const person = record(encodings)
    const text = JSON.stringify(toMetadata(person))
    expect(text).toMatch(/^[ -~]{1,1024}$/)
    const template = toInt8(templateOf(person.encodings))
    expect(fromMetadata(JSON.parse(text))).toEqual({ model, template })
  })

  it('holds neither name nor dates nor the encodings themselves', () => {
    const entry = toMetadata(record(3))
    expect(Object.keys(entry)).toEqual(['model', 'template'])
    expect(entry.template).toHaveLength(176)
  })

  it('cannot be read when the encodings have no mean direction', () => {
    const [encoding] = record(1).encodings
    const opposite = encoding!.map((value) => -value)
    expect(fromMetadata(toMetadata({ ...record(1), encodings: [encoding!, opposite] }))).toBeNull()
  })

  const good = toMetadata(record(1))
  it.each([
    ['null', null],
    ['text', 'text'],
    ['an empty object', {}],
    ['no model', { ...good, model: '' }],
    ['no template', { ...good, template: '' }],
    ['no base64', { ...good, template: '*' }],
    ['a byte too few', { ...good, template: btoa('x'.repeat(131)) }],
    ['two templates', { ...good, template: good.template + good.template }],
    ['a field that it does not know', { ...good, name: 'Younes' }],
  ])('is refused with %s', (_, metadata) => {
    expect(fromMetadata(metadata)).toBeNull()
  })
})

describe('the keys', () => {
  it.each(['a', 'A-Z_a.z-0', '__proto__', 'x'.repeat(128)])('name %s', (identity) => {
    const key = entryKey(identity)
    expect(key).toBe(`gallery:${identity}`)
    expect(identityOf(key)).toBe(identity)
  })

  it.each(['', 'gallery:', 'gallery', 'gallery-version', 'identity:a'])(
    'are not like "%s"',
    (key) => {
      expect(identityOf(key)).toBeNull()
    },
  )
})
