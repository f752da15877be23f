import { expect, it } from 'vitest'
import { countOf, grouped } from '../../src/lib/count-of.ts'

it.each([
  [0, 'photo', '0 photos'],
  [1, 'photo', '1 photo'],
  [2, 'photo', '2 photos'],
  [1, 'person', '1 person'],
  [12_345, 'person', '12,345 people'],
])('counts %i %s as %s', (count, what, text) => {
  expect(countOf(count, what)).toBe(text)
})

it('groups the digits of a large number', () => {
  expect([0, 999, 1000, 12_345_678].map(grouped)).toEqual(['0', '999', '1,000', '12,345,678'])
})
