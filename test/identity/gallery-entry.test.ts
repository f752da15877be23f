import { describe, expect, it } from 'vitest'
import { toInt8 } from '../../src/encoding/int8-encoding.ts'
import { templateOf } from '../../src/encoding/template.ts'
import { entryOf, parseEntry, serializeEntry } from '../../src/identity/gallery-entry.ts'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { createVault } from '../../src/identity/vault.ts'
import { randomNumbers } from '../support/random.ts'

const model = `${'network'.repeat(5)}@4f1c2a90`
function record(encodings: number): IdentityRecord {
  return {
    identity: 'x'.repeat(128),
    version: 1_000_000,
    name: 'Younes',
    model,
    encodings: Array.from({ length: encodings }, (_, i) => randomNumbers(128, i + 1)),
    createdAt: '2026-11-24T03:33:00.000Z',
    updatedAt: '2026-11-24T03:33:00.000Z',
  }
}

describe('the entry of a person', () => {
  it.each([1, 5, 10])('holds the template of %i encodings', (encodings) => {
    const person = record(encodings)
    const { identity, version } = person
    const template = toInt8(templateOf(person.encodings))
    expect(parseEntry(serializeEntry(person))).toEqual({ identity, version, model, template })
  })

  it('fits sealed into the 1,024 bytes of metadata, whoever it is', async () => {
    const vault = await createVault([{ id: 'k'.repeat(32), bytes: new Uint8Array(32) }])
    const entry = await vault.seal('gallery', 'f'.repeat(64), serializeEntry(record(10)))
    expect(JSON.stringify({ entry })).toMatch(/^[ -~]{1,1024}$/)
  })

  it('holds neither name nor dates nor the encodings themselves', () => {
    const stored = JSON.parse(serializeEntry(record(3)))
    expect(Object.keys(stored).sort()).toEqual(['identity', 'model', 'template', 'version'])
    expect(stored.template).toHaveLength(176)
  })

  it('cannot be read when the encodings have no mean direction', () => {
    const [encoding] = record(1).encodings
    const opposite = encoding!.map((value) => -value)
    const person = { ...record(1), encodings: [encoding!, opposite] }
    expect(parseEntry(serializeEntry(person))).toBeNull()
  })

  it.each([4, 64, 512, 1024])('holds a template of %i numbers', (length) => {
    const encodings = [randomNumbers(length, 1), randomNumbers(length, 2)]
    const { template } = parseEntry(serializeEntry({ ...record(1), encodings }))!
    expect(template).toEqual(toInt8(templateOf(encodings)))
  })

  it('is that of a network only with as many numbers as the network gives', () => {
    const other = { model: 'large@00000000', encodings: [randomNumbers(512, 1)] }
    const entry = parseEntry(serializeEntry({ ...record(1), other }))!
    expect(entryOf(entry, { model, encodingLength: 128 })).toEqual(entry)
    expect(entryOf(entry, { model: other.model, encodingLength: 512 })).toMatchObject({
      model: other.model,
      template: entry.other!.template,
      other: { model },
    })
    expect(entryOf(entry, { model, encodingLength: 512 })).toBeNull()
    expect(entryOf(entry, { model: other.model, encodingLength: 128 })).toBeNull()
    expect(entryOf(entry, { model: 'nobody@00000000', encodingLength: 128 })).toBeNull()
  })

  const good = JSON.parse(serializeEntry(record(1)))
  it.each([
    ['text that is not JSON', 'text'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['no identity', { ...good, identity: '' }],
    ['no version', { ...good, version: undefined }],
    ['no model', { ...good, model: '' }],
    ['no template', { ...good, template: '' }],
    ['no base64', { ...good, template: '*' }],
    ['a byte too few', { ...good, template: btoa('x'.repeat(131)) }],
    [
      'a template of more numbers than an encoding has',
      { ...good, template: btoa('x'.repeat(1032)) },
    ],
    ['a field that it does not know', { ...good, name: 'Younes' }],
  ])('is refused with %s', (_, value) => {
    expect(parseEntry(typeof value === 'string' ? value : JSON.stringify(value))).toBeNull()
  })
})
