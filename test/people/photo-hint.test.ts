import { describe, expect, it } from 'vitest'
import { photoHint } from '../../src/people/photo-hint.ts'

describe('the hint for more photos', () => {
  it('says what one photo misses, and what the best number of photos would', () => {
    expect(photoHint([0.24, 0.113, 0.097], 1000, 1)).toBe(
      'Among 1,000 people a search does not find a person with one photo in 24 % of the cases, with 3 photos in 9.7 %: ' +
        'add photos of other days and other light.',
    )
    expect(photoHint([0.24, 0.11, 0.12], 12_345, 1)).toContain('with 2 photos in 11 %')
  })

  it.each([
    ['one photo is enough', [0.04, 0.01, 0.01], 1],
    ['there are as many photos as help', [0.24, 0.11, 0.097], 3],
    ['nobody measured so many photos', [0.24, 0.11, 0.097], 4],
    ['more photos do not help', [0.24, 0.3, 0.3], 1],
    ['nobody measured anything', null, 1],
  ] as const)('is absent where %s', (_, missed, encodings) => {
    expect(photoHint(missed, 1000, encodings)).toBeUndefined()
  })
})
