import { describe, expect, expectTypeOf, it } from 'vitest'
import { mapValues } from '../../src/lib/map-values.ts'

describe('mapValues', () => {
  it('keeps the keys, in their order, and makes one of each value', () => {
    const made = mapValues({ second: 2, first: 1 }, (value, key) => `${key}: ${value}`)
    expectTypeOf(made).toEqualTypeOf<Record<'second' | 'first', string>>()
    expect(Object.entries(made)).toEqual([
      ['second', 'second: 2'],
      ['first', 'first: 1'],
    ])
  })
})
