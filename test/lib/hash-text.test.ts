import { expect, it } from 'vitest'
import { fnv1a, hashText } from '../../src/lib/hash-text.ts'

it('gives fixed values, on which stored data depends', () => {
  const texts = ['', 'a', 'ada.lovelace', 'ada:1']
  expect(texts.map(hashText)).toEqual([2872998923, 444641715, 1950544627, 3175901595])
})

it('is FNV-1a before its bits are mixed', () => {
  // The published values of draft-eastlake-fnv for 32 bits.
  expect(['', 'a', 'foobar'].map(fnv1a)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
})
