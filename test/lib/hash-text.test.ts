import { expect, it } from 'vitest'
import { hashText } from '../../src/lib/hash-text.ts'

it('gives fixed values, on which stored data depends', () => {
  const texts = ['', 'a', 'ada.lovelace', 'ada:1']
  expect(texts.map(hashText)).toEqual([2872998923, 444641715, 1950544627, 3175901595])
})
