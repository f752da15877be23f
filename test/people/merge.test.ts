import { describe, expect, it } from 'vitest'
import type { IdentityRecord } from '../../src/identity/record.ts'
import {
  addEncodings,
  isSameEnrollment,
  learnSuspicion,
  suspicionTogether,
} from '../../src/people/merge.ts'
import { fakeEncoding } from '../support/app/fake-engine.ts'

const first = fakeEncoding('younes', 0)
const second = fakeEncoding('younes', 0.2)

describe('addEncodings', () => {
  it('appends what is new, in order', () => {
    expect(addEncodings([first], [second])).toEqual([first, second])
  })

  it('passes over a photo that is already there, and one that is sent twice', () => {
    expect(addEncodings([first], [first.slice(), second, second.slice()])).toEqual([first, second])
  })

  it('takes rounding differences for the same photo, and nothing larger', () => {
    expect(addEncodings([first], [fakeEncoding('younes', 0.0005)])).toHaveLength(1)
    expect(addEncodings([first], [fakeEncoding('younes', 0.01)])).toHaveLength(2)
  })

  it('changes neither list', () => {
    const known = [first]
    addEncodings(known, [second])
    expect(known).toEqual([first])
  })
})

describe('suspicionTogether', () => {
  const photo = (enrollment: number) => ({ suspicion: { probe: 0, enrollment } })

  it('is that of the most suspect photo as enrolled, to two decimals and never less', () => {
    expect(suspicionTogether([photo(0.1), photo(0.231), photo(0)])).toBe(0.24)
    expect(suspicionTogether([photo(0)])).toBe(0)
  })

  it('is that of those that are stored where they are more suspect', () => {
    expect(suspicionTogether([photo(0.1)], { suspicion: 0.5 })).toBe(0.5)
    expect(suspicionTogether([photo(0.1)], { suspicion: 0 })).toBe(0.1)
  })

  it('is unknown where it is unknown of one photo, stored or added', () => {
    expect(suspicionTogether([photo(0.1), {}])).toBeUndefined()
    expect(suspicionTogether([photo(0.1)], {})).toBeUndefined()
  })
})

describe('isSameEnrollment', () => {
  const record: IdentityRecord = {
    identity: 'younes',
    version: 1,
    model: 'fake-network@0123abcd',
    encodings: [first, second],
    createdAt: '2026-11-24T03:33:00.000Z',
    updatedAt: '2026-11-24T03:33:00.000Z',
  }

  it('does not look at how suspect the same photos are', () => {
    expect(isSameEnrollment({ ...record, suspicion: 0.5 }, record)).toBe(true)
  })

  it('does not look at dates', () => {
    expect(isSameEnrollment(record, { ...record, updatedAt: '2027-01-01T00:00:00.000Z' })).toBe(
      true,
    )
  })

  it.each([
    ['name', { name: 'Younes' }],
    ['model', { model: 'fake-network@ffffffff' }],
    ['number of encodings', { encodings: [first] }],
    ['encodings', { encodings: [first, fakeEncoding('younes', 0.3)] }],
  ])('sees another %s', (_, change) => {
    expect(isSameEnrollment(record, { ...record, ...change })).toBe(false)
  })

  describe('with encodings of a second network', () => {
    const other = { model: 'other-network@89abcdef', encodings: [second] }
    const both = { ...record, other }

    it('is the same when the second says nothing of one network, whichever it is', () => {
      expect(isSameEnrollment(both, record)).toBe(true)
      expect(isSameEnrollment(both, { ...record, ...other })).toBe(true)
      expect(isSameEnrollment(record, both)).toBe(false)
    })

    it('is another when either network has others', () => {
      expect(isSameEnrollment(both, { ...both, other: { ...other, encodings: [first] } })).toBe(
        false,
      )
      expect(isSameEnrollment(both, { ...both, encodings: [first] })).toBe(false)
      expect(
        isSameEnrollment(both, { ...both, other: { ...other, model: 'third@00000000' } }),
      ).toBe(false)
    })
  })
})

describe('learnSuspicion', () => {
  const known: IdentityRecord = {
    identity: 'younes',
    version: 4,
    model: 'fake-network@0123abcd',
    encodings: [first],
    other: { model: 'other-network@89abcdef', encodings: [second], suspicion: 0.5 },
    createdAt: '2026-11-24T03:33:00.000Z',
    updatedAt: '2026-11-24T03:33:00.000Z',
  }
  const { model, encodings, other } = known
  const told = { model, encodings }

  it('keeps the other network, and what is known of it', () => {
    expect(learnSuspicion(known, { ...told, suspicion: 0.1 })).toEqual({ ...known, suspicion: 0.1 })
  })

  it('is nothing new where nothing is told, or what is known to what differs between processors', () => {
    const suspect = { ...known, suspicion: 0.1 }
    for (const suspicion of [undefined, 0.1, 0.11]) {
      expect(learnSuspicion(suspect, { ...told, suspicion })).toBeNull()
    }
    expect(learnSuspicion(suspect, { ...told, suspicion: 0.13 })?.suspicion).toBe(0.13)
    expect(learnSuspicion(known, told)).toBeNull()
  })

  it('is of each network its own, whichever stands first', () => {
    const learned = learnSuspicion(known, { ...other!, suspicion: 0.7 })
    expect(learned).toMatchObject({ model: other!.model, suspicion: 0.7 })
    expect(learned?.other).toMatchObject({ model, suspicion: undefined })
    const both = { ...told, other: { ...other!, suspicion: 0 } }
    expect(learnSuspicion(known, both)?.other?.suspicion).toBe(0)
  })
})
