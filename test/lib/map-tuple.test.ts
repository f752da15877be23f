import { describe, expect, expectTypeOf, it } from 'vitest'
import { mapTuple } from '../../src/lib/map-tuple.ts'

describe('mapTuple', () => {
  it('makes one of each item, in order, and its type says how many', () => {
    const made = mapTuple([3, 1, 2], (item, index) => `${item} at ${index}`)
    expectTypeOf(made).toEqualTypeOf<readonly [string, string, string]>()
    expect(made).toEqual(['3 at 0', '1 at 1', '2 at 2'])
  })
})
