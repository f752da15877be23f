import { describe, expect, it } from 'vitest'
import { encodingToText } from '../../src/encoding/encoding-text.ts'
import {
  type IdentityRecord,
  inModel,
  isExpired,
  parseRecord,
  serializeRecord,
  withEncodings,
} from '../../src/identity/record.ts'
import { randomNumbers } from '../support/random.ts'

const encoding = Float32Array.from({ length: 128 }, (_, i) => Math.fround(Math.sin(i) / 3))
const record: IdentityRecord = {
  identity: 'younes',
  version: 7,
  name: 'Younes ☕',
  model: 'dlib-resnet@4f1c2a90',
  encodings: [encoding, encoding.map((value) => -value)],
  createdAt: '2026-11-24T03:33:00.000Z',
  updatedAt: '2026-11-24T03:34:00.000Z',
  expiresAt: '2027-11-24T03:34:00.000Z',
}
const stored = JSON.parse(serializeRecord(record))

describe('a record', () => {
  it('comes back to the bit', () => {
    expect(parseRecord(serializeRecord(record), 'younes')).toEqual(record)
  })

  it('comes back without a name and a time to go', () => {
    const { name, expiresAt, ...shorter } = record
    expect(parseRecord(serializeRecord(shorter), 'younes')).toEqual(shorter)
  })

  it('is expired from its time on, and never without one', () => {
    const { expiresAt, ...stays } = record
    const time = Date.parse(expiresAt!)
    expect(isExpired(record, new Date(time - 1))).toBe(false)
    expect(isExpired(record, new Date(time))).toBe(true)
    expect(isExpired(stays, new Date(time))).toBe(false)
  })

  it('keeps each encoding as 684 characters: float32, little-endian, base64', () => {
    expect(stored.encodings[0]).toHaveLength(684)
    const bytes = Uint8Array.from(atob(stored.encodings[0]), (character) => character.charCodeAt(0))
    expect(new DataView(bytes.buffer).getFloat32(4, true)).toBe(encoding[1])
  })

  it.each([4, 64, 512, 1024])('comes back to the bit with %i numbers an encoding', (length) => {
    const longer = { ...record, encodings: [randomNumbers(length, 1), randomNumbers(length, 2)] }
    expect(parseRecord(serializeRecord(longer), 'younes')).toEqual(longer)
  })

  it('holds encodings of one length a network', () => {
    const other = { model: 'other@00000000', encodings: [randomNumbers(512, 1)] }
    expect(parseRecord(serializeRecord({ ...record, other }), 'younes').other).toEqual(other)
    const mixed = [encoding, randomNumbers(64, 1)]
    for (const broken of [
      { ...record, encodings: mixed },
      { ...record, other: { ...other, encodings: mixed } },
    ]) {
      expect(() => parseRecord(serializeRecord(broken), 'younes')).toThrow(
        'encodings: the encodings are of different lengths',
      )
    }
  })

  it('is read in the former format, which says nothing of how suspect photos are', () => {
    const former = { ...stored, format: 2 }
    expect(parseRecord(JSON.stringify(former), 'younes')).toEqual(record)
  })

  it('keeps nothing but what docs/storage.md lists', () => {
    expect(Object.keys(stored).sort()).toEqual(
      [
        ...['createdAt', 'encodings', 'expiresAt', 'format', 'identity', 'model', 'name'],
        ...['updatedAt', 'version'],
      ].sort(),
    )
  })
})

describe('parseRecord refuses', () => {
  const withNaN = encoding.slice()
  withNaN[5] = Number.NaN
  it.each([
    ['text that is not JSON', 'not JSON', '{"format":1'],
    ['JSON that is not an object', 'record', '[]'],
    ['null', 'record', 'null'],
    ['the first format', 'format', { ...stored, format: 1 }],
    ['a newer format', 'format', { ...stored, format: 4 }],
    ['no format', 'format', { ...stored, format: undefined }],
    ['no version', 'version', { ...stored, version: undefined }],
    ['a version that none has', 'version', { ...stored, version: 0 }],
    ['no model', 'model', { ...stored, model: '' }],
    ['no encodings', 'encodings', { ...stored, encodings: [] }],
    [
      'more encodings than a person may have',
      'encodings',
      { ...stored, encodings: Array(11).fill(stored.encodings[0]) },
    ],
    [
      'an encoding that is too short',
      'encodings.0',
      { ...stored, encodings: [stored.encodings[0].slice(0, 680)] },
    ],
    ['an encoding that is not base64', 'encodings.0', { ...stored, encodings: ['*'.repeat(684)] }],
    ['an encoding with NaN', 'encodings.0', { ...stored, encodings: [encodingToText(withNaN)] }],
    [
      'an encoding of zeros',
      'encodings.0',
      { ...stored, encodings: [encodingToText(new Float32Array(128))] },
    ],
    ['a date that is none', 'createdAt', { ...stored, createdAt: 'yesterday' }],
    ['a time to go that is none', 'expiresAt', { ...stored, expiresAt: 'soon' }],
    ['photos that are more than suspect', 'suspicion', { ...stored, suspicion: 1.01 }],
    ['photos that are less than sound', 'suspicion', { ...stored, suspicion: -0.01 }],
    ['photos of which it says no number', 'suspicion', { ...stored, suspicion: null }],
    ['a field that it does not know', 'record', { ...stored, photo: 'AAAA' }],
    ['the record of somebody else', 'identity', { ...stored, identity: 'benoit' }],
  ])('%s', (_, where, value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    expect(() => parseRecord(text, 'younes')).toThrow(
      expect.objectContaining({
        code: 'record_unreadable',
        message: expect.stringContaining(`(${where}`),
      }),
    )
  })
})

describe('encodings of two networks', () => {
  const ours = { model: record.model, encodings: record.encodings }
  const other = { model: 'nn4.small2@0123abcd', encodings: [encoding] }
  const third = { model: 'third@89abcdef', encodings: [encoding] }
  const both = { ...record, other }

  it('come back to the bit, and are read as strictly', () => {
    expect(parseRecord(serializeRecord(both), 'younes')).toEqual(both)
    const damaged = { ...JSON.parse(serializeRecord(both)), other: { ...other, encodings: [] } }
    expect(() => parseRecord(JSON.stringify(damaged), 'younes')).toThrow(
      'The stored record cannot be read (other.encodings',
    )
  })

  it('are given with those of the network that is asked for first, or not at all', () => {
    expect(inModel(both, record.model)).toBe(both)
    expect(inModel(both, other.model)).toEqual({ ...record, ...other, other: ours })
    expect(inModel(both, third.model)).toBeNull()
    expect(inModel(record, other.model)).toBeNull()
  })

  it('keep what is known of their photos apart, and what is unknown', () => {
    const known = { ...both, suspicion: 0.25 }
    expect(parseRecord(serializeRecord(known), 'younes')).toEqual(known)
    const asOther = inModel(known, other.model)!
    expect(asOther.suspicion).toBeUndefined()
    expect(asOther.other).toEqual({ ...ours, suspicion: 0.25 })
    expect(inModel(asOther, record.model)!.suspicion).toBe(0.25)
    expect(withEncodings(known, other, record.model).suspicion).toBeUndefined()
    const beside = withEncodings(record, { ...other, suspicion: 0.5 }, record.model)
    expect([beside.suspicion, beside.other?.suspicion]).toEqual([0.5, undefined])
  })

  it('replace those of the same network, and stand beside those of another', () => {
    expect(withEncodings(record, other, record.model)).toEqual({ ...record, ...other, other: ours })
    const again = { ...other, encodings: [encoding.map((value) => value / 2)] }
    for (const running of [record.model, other.model]) {
      expect(withEncodings(both, again, running)).toEqual({ ...record, ...again, other: ours })
    }
    const replaced = { ...record, encodings: [encoding] }
    const single = { model: record.model, encodings: [encoding] }
    expect(withEncodings(record, single, record.model)).toEqual({ ...replaced, other: undefined })
  })

  it('are of two networks at most: the new one, and the one that runs, or else the first', () => {
    expect(withEncodings(both, third, record.model)).toMatchObject({ ...third, other: ours })
    expect(withEncodings(both, third, other.model)).toMatchObject({ ...third, other })
    expect(withEncodings(both, third, 'fourth@00000000')).toMatchObject({ ...third, other: ours })
  })
})
