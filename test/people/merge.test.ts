import { describe, expect, it } from 'vitest'
import type { IdentityRecord } from '../../src/identity/record.ts'
import { addEncodings, isSameEnrollment, suspicionTogether } from '../../src/people/merge.ts'
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

  it('does not look at how processors differ in what is suspect', () => {
    const suspect = { ...record, suspicion: 0.5 }
    expect(isSameEnrollment(suspect, { ...record, suspicion: 0.51 })).toBe(true)
    expect(isSameEnrollment(suspect, { ...record, suspicion: 0.53 })).toBe(false)
    expect(isSameEnrollment(suspect, record)).toBe(false)
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
    ['suspicion', { suspicion: 0.5 }],
    ['suspicion, none in place of what was unknown', { suspicion: 0 }],
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
