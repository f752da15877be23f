import { describe, expect, it } from 'vitest'
import { ambiguityShare, decideAmong, farthestOfInterest } from '../../src/decision/decide-among.ts'

const calibration = { threshold: 0.4 }
const margin = 0.4 * ambiguityShare
const ranked = (...distances: number[]) =>
  distances.map((distance, i) => ({ identity: 'abcdefgh'.charAt(i), distance }))
const decideFor = (...distances: number[]) => {
  const { decision, named } = decideAmong(ranked(...distances), calibration)
  return [decision, named.map(({ identity }) => identity).join('')]
}

describe('decideAmong', () => {
  it.each<[string, number[], string, string]>([
    ['nobody enrolled', [], 'no_match', ''],
    ['one person near enough', [0.3], 'match', 'a'],
    ['one person at the threshold', [0.4], 'match', 'a'],
    ['one person too far', [0.4001], 'no_match', ''],
    ['two people too far, close together', [0.41, 0.41], 'no_match', ''],
    ['two people at the same distance', [0.2, 0.2], 'ambiguous', 'ab'],
    ['a second person within the margin', [0.2, 0.2 + margin * 0.99], 'ambiguous', 'ab'],
    ['a second person beyond the margin', [0.2, 0.2 + margin * 1.01], 'match', 'ab'],
    ['a second person too far but within the margin', [0.39, 0.42], 'ambiguous', 'ab'],
    ['a second person too far', [0.2, 0.42], 'match', 'a'],
    ['three people, two of them close', [0.2, 0.21, 0.39, 0.42], 'ambiguous', 'abc'],
  ])('%s', (_, distances, decision, named) => {
    expect(decideFor(...distances)).toEqual([decision, named])
  })

  it.each([Number.NaN, -0.1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    'matches nobody at a distance of %s',
    (distance) => {
      expect(decideFor(distance)).toEqual(['no_match', ''])
    },
  )

  it('is not sure of anybody when the second distance cannot be measured', () => {
    expect(decideFor(0.1, Number.NaN)[0]).toBe('ambiguous')
  })

  it('matches nobody by a threshold that is not a number', () => {
    expect(decideAmong(ranked(0.1), { threshold: Number.NaN }).decision).toBe('no_match')
  })
})

describe('decideAmong, where the first must be nearer than 0.36', () => {
  const probe = { suspicion: 1 }

  it.each<[string, number[], string, string]>([
    ['the first beyond what is accepted', [0.37], 'no_match', ''],
    ['the first within it', [0.35], 'match', 'a'],
    ['a second person within the margin of all', [0.3, 0.3 + margin * 0.99], 'ambiguous', 'ab'],
    ['a second person beyond it', [0.3, 0.3 + margin * 1.01], 'match', 'ab'],
    ['a second person whom alone it would not accept', [0.2, 0.38], 'match', 'a'],
  ])('%s', (_, distances, decision, named) => {
    const decided = decideAmong(ranked(...distances), calibration, probe)
    expect(decided.decision).toBe(decision)
    expect(decided.named.map(({ identity }) => identity).join('')).toBe(named)
    expect(decided.threshold.threshold).toBeCloseTo(0.36, 9)
  })

  it('holds the first as strictly as their own photos are suspect, and tells nobody how much', () => {
    const people = [{ identity: 'a', distance: 0.37, suspicion: 0.5 }]
    const { decision, named, threshold } = decideAmong(people, calibration, probe)
    expect([decision, named]).toEqual(['match', [{ identity: 'a', distance: 0.37 }]])
    expect(threshold.threshold).toBeCloseTo(0.38, 9)
  })

  it('names nobody where the nearest is held too strictly, though the next would match', () => {
    const people = [
      { identity: 'a', distance: 0.37, suspicion: 1 },
      { identity: 'b', distance: 0.38, suspicion: 0 },
    ]
    const milder = people.map((person) => ({ ...person, distance: 0.4, suspicion: 0.2 }))
    for (const near of [people, milder]) {
      // The threshold is that of nobody: it does not tell that somebody is near.
      expect(decideAmong(near, calibration, probe)).toEqual({
        decision: 'no_match',
        named: [],
        threshold: decideAmong([], calibration, probe).threshold,
      })
    }
  })
})

describe('farthestOfInterest', () => {
  it('reaches as far as a second person can make a match ambiguous', () => {
    expect(farthestOfInterest(calibration)).toBeCloseTo(0.4 + margin, 12)
  })
})
