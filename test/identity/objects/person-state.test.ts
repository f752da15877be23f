import { describe, expect, it } from 'vitest'
import {
  changePerson,
  currentPerson,
  expirePerson,
  nextAlarmMs,
  nobody,
  type PersonState,
  type SealedPerson,
  settlePassed,
} from '../../../src/identity/objects/person-state.ts'

const person: SealedPerson = {
  record: 'sealed record',
  entry: 'sealed entry',
  listing: { encodings: 1, model: 'm@0', createdAt: 'then', updatedAt: 'then' },
}
const enroll = { identity: 'ada', expectedVersion: 0, person }
const remove = { identity: 'ada', expectedVersion: 'any', person: null } as const

function changed(state: PersonState, change: Parameters<typeof changePerson>[1]): PersonState {
  const outcome = changePerson(state, change)
  if (outcome.kind !== 'changed') throw new Error(outcome.kind)
  return outcome.state
}
const passed = { isListed: true, isCopied: true }

describe('a change', () => {
  it('makes the next version, which nobody else knows yet', () => {
    expect(changed(nobody, enroll)).toEqual({
      identity: 'ada',
      version: 1,
      person,
      listedVersion: 0,
      copiedVersion: 0,
      failures: 0,
    })
  })

  it('that expects another version is a conflict, and the current one is told', () => {
    const first = changed(nobody, enroll)
    expect(changePerson(first, enroll)).toEqual({ kind: 'conflict', version: 1 })
    expect(changePerson(first, { ...remove, expectedVersion: 0 })).toEqual({
      kind: 'conflict',
      version: 1,
    })
  })

  it('deletes any version when it says so, and nobody twice', () => {
    const gone = changed(changed(nobody, enroll), remove)
    expect(gone).toMatchObject({ version: 2, person: null })
    expect(changePerson(gone, remove)).toEqual({ kind: 'absent', version: 2 })
    expect(changePerson(nobody, remove)).toEqual({ kind: 'absent', version: 0 })
  })

  it('never uses a version twice, even after a deletion', () => {
    const gone = changed(changed(nobody, enroll), remove)
    expect(changePerson(gone, enroll)).toEqual({ kind: 'conflict', version: 2 })
    expect(changed(gone, { ...enroll, expectedVersion: 2 }).version).toBe(3)
  })
})

describe('a deletion', () => {
  it('that expected an older version finds that nobody is there, once it has happened', () => {
    const gone = changed(changed(nobody, enroll), { ...remove, expectedVersion: 1 })
    expect(changePerson(gone, { ...remove, expectedVersion: 1 })).toEqual({
      kind: 'absent',
      version: 2,
    })
  })
})

describe('what others were told', () => {
  const first = changed(nobody, enroll)

  it('is settled when both know it, which forgets earlier failures', () => {
    expect(settlePassed({ ...first, failures: 2 }, { version: 1, ...passed })).toEqual({
      ...first,
      listedVersion: 1,
      copiedVersion: 1,
      failures: 0,
    })
  })

  it.each([
    [
      { isListed: true, isCopied: false },
      { listedVersion: 1, copiedVersion: 0 },
    ],
    [
      { isListed: false, isCopied: false },
      { listedVersion: 0, copiedVersion: 0 },
    ],
    // The directory does not know of the copies, so they are written again, and it is told.
    [
      { isListed: false, isCopied: true },
      { listedVersion: 0, copiedVersion: 0 },
    ],
  ])('and what failed (%j) is counted', (outcome, known) => {
    expect(settlePassed(first, { version: 1, ...outcome })).toEqual({
      ...first,
      ...known,
      failures: 1,
    })
  })

  it('of an older version leaves the newer one to be told', () => {
    const second = changed(first, { ...enroll, expectedVersion: 1 })
    const settled = settlePassed(second, { version: 1, ...passed })
    expect(settled).toMatchObject({ version: 2, listedVersion: 1, copiedVersion: 1 })
    expect(nextAlarmMs(settled, 0)).not.toBeNull()
  })

  it('of an older version, answered late, takes nothing back of the newer one', () => {
    const second = changed(first, { ...enroll, expectedVersion: 1 })
    const settled = settlePassed(second, { version: 2, ...passed })
    expect(settlePassed(settled, { version: 1, ...passed })).toEqual(settled)
  })

  it('of a deletion, once settled, leaves the version and nothing of the person', () => {
    const gone = settlePassed(changed(first, remove), { version: 2, ...passed })
    expect(gone).toEqual({ ...nobody, version: 2, listedVersion: 2, copiedVersion: 2 })
    expect(gone).not.toHaveProperty('identity')
  })
})

describe('a person with a time to go', () => {
  const first = changed(nobody, { ...enroll, person: { ...person, expiresAtMs: 1000 } })

  it('is there until then, and not from then on', () => {
    expect(currentPerson(first, 999)).not.toBeNull()
    expect(currentPerson(first, 1000)).toBeNull()
  })

  it('is deleted when it is due, and not before', () => {
    expect(expirePerson(first, 999)).toBe(first)
    expect(expirePerson(first, 1000)).toMatchObject({
      identity: 'ada',
      version: 2,
      person: null,
      listedVersion: 0,
      copiedVersion: 0,
    })
  })

  it('is left alone when they have none', () => {
    const stays = changed(nobody, enroll)
    expect(expirePerson(stays, Number.MAX_VALUE)).toBe(stays)
    expect(expirePerson(nobody, 0)).toBe(nobody)
  })
})

describe('the next alarm', () => {
  const first = changed(nobody, enroll)

  it('is none when there is nothing to do', () => {
    expect(nextAlarmMs(nobody, 0)).toBeNull()
    expect(nextAlarmMs(settlePassed(first, { version: 1, ...passed }), 0)).toBeNull()
  })

  it('repairs soon, and later with every failure, up to ten minutes', () => {
    const after = (failures: number) => nextAlarmMs({ ...first, failures }, 100)
    expect([0, 1, 2, 20].map(after)).toEqual([5100, 10_100, 20_100, 600_100])
  })

  it('comes in time for what is due', () => {
    const due = { ...first, person: { ...person, expiresAtMs: 2000 } }
    expect(nextAlarmMs(due, 0)).toBe(2000)
    expect(nextAlarmMs(settlePassed(due, { version: 1, ...passed }), 5000)).toBe(2000)
    expect(nextAlarmMs({ ...due, person: { ...person, expiresAtMs: 90_000 } }, 0)).toBe(5000)
  })

  it('is never more than a year away', () => {
    const far = { ...first, person: { ...person, expiresAtMs: Date.UTC(9999, 11, 31) } }
    const settled = settlePassed(far, { version: 1, ...passed })
    expect(nextAlarmMs(settled, Date.UTC(2026, 0, 1))).toBe(Date.UTC(2027, 0, 1))
  })
})
