import { describe, expect, it } from 'vitest'
import { showOnePerson } from '../../src/liveness/one-person.ts'

const limits = { each: 0.4, mean: 0.3 }

describe('showOnePerson', () => {
  it('lets a turned frame be farther from the first one, as long as the turned ones are near it in the mean', () => {
    const asked = ['ahead', 'left', 'up'] as const
    expect(showOnePerson(asked, [0, 0.39, 0.2], limits)).toBe(true)
    expect(showOnePerson(asked, [0, 0.19, 0.4], limits)).toBe(true)
    expect(showOnePerson(asked, [0, 0.4, 0.21], limits)).toBe(false)
    expect(showOnePerson(asked, [0, 0.31, 0.31], limits)).toBe(false)
  })

  it('refuses one frame that is too far, however near the others are', () => {
    expect(showOnePerson(['ahead', 'left', 'up'], [0, 0.41, 0], limits)).toBe(false)
    expect(showOnePerson(['ahead', 'left', 'nearer'], [0, 0.1, 0.41], limits)).toBe(false)
  })

  it('makes no room for another face with a nearer frame of the first one', () => {
    const distances = [0, 0.31, 0.31, 0]
    expect(showOnePerson(['ahead', 'left', 'up', 'nearer'], distances, limits)).toBe(false)
    expect(showOnePerson(['ahead', 'left', 'up', 'right'], distances, limits)).toBe(true)
  })

  it('refuses what cannot be measured', () => {
    expect(showOnePerson(['ahead', 'left'], [0, Number.NaN], limits)).toBe(false)
    expect(showOnePerson(['ahead', 'left'], [Number.NaN, 0.1], limits)).toBe(false)
  })
})
