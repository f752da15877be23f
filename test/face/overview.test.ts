import { describe, expect, it } from 'vitest'
import { overviewOf, sufficesClosely, sufficesFor, wholePhoto } from '../../src/face/overview.ts'
import { drawImage } from '../support/photos/sample-photos.ts'

const photo = drawImage(100, 60, (x, y) => [x, y, 7])

describe('overviewOf', () => {
  it('averages blocks as large as the finest look allows', () => {
    const { image, factor } = overviewOf(photo, 0.24)
    expect([image.width, image.height, factor]).toEqual([25, 15, 4])
    expect([...image.data.subarray(0, 6)]).toEqual([2, 2, 7, 6, 2, 7])
  })

  it('is the photo where a look sees nearly every pixel', () => {
    expect(overviewOf(photo, 0.6)).toEqual(wholePhoto(photo))
  })
})

describe('sufficesFor', () => {
  const overview = overviewOf(photo, 0.25)
  it('takes looks whose blocks consist of whole ones, or of many', () => {
    for (const scale of [4, 4.9, 8, 12.5, 16, 19]) expect(sufficesFor(overview, scale)).toBe(true)
  })

  it('leaves to the photo what is finer, and what a few blocks would blur', () => {
    for (const scale of [0.3, 2, 3.99, 5, 7, 11]) expect(sufficesFor(overview, scale)).toBe(false)
  })
})

describe('sufficesClosely', () => {
  const overview = overviewOf(photo, 0.25)
  it('takes looks that average at least two pixels of it', () => {
    expect([2, 4, 7.9, 8, 11].map((scale) => sufficesClosely(overview, scale))).toEqual([
      ...[false, false, false, true, true],
    ])
  })
})
