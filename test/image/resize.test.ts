import { describe, expect, it } from 'vitest'
import { resize } from '../../src/image/resize.ts'
import { drawImage } from '../support/photos/sample-photos.ts'

/** The first of the three numbers of each pixel. */
function red(square: Float32Array): number[] {
  return [...square].filter((_, i) => i % 3 === 0)
}

describe('resize', () => {
  const photo = drawImage(4, 4, (x, y) => [10 * x + 100 * (y % 2), 200 - 10 * y, 7])

  it('gives a rectangle of its own size back as it is, all three colours', () => {
    const same = resize(photo, { x: 1, y: 2, width: 2, height: 2 }, 2)
    expect([...same]).toEqual([10, 180, 7, 20, 180, 7, 110, 170, 7, 120, 170, 7])
  })

  it('reads between the two nearest centres and averages no others: 4 rows to 1 are rows 1 and 2', () => {
    const rows = drawImage(1, 4, (_, y) => [[0, 100, 200, 1][y]!, 0, 0])
    expect(red(resize(rows, { x: 0, y: 0, width: 1, height: 4 }, 1))).toEqual([150])
  })

  it('goes on with the outermost pixels where it enlarges', () => {
    const two = drawImage(2, 1, (x) => [x * 100, 0, 0])
    expect(red(resize(two, { x: 0, y: 0, width: 2, height: 1 }, 4)).slice(0, 4)).toEqual([
      0, 25, 75, 100,
    ])
  })

  it('scales each side by its own factor', () => {
    const wide = drawImage(8, 2, (x, y) => [x + 100 * y, 0, 0])
    expect(red(resize(wide, { x: 0, y: 0, width: 8, height: 2 }, 2))).toEqual([2, 6, 102, 106])
  })

  it('sees nothing outside the rectangle', () => {
    const framed = drawImage(6, 6, (x, y) =>
      x > 1 && x < 4 && y > 1 && y < 4 ? [9, 9, 9] : [255, 255, 255],
    )
    const square = resize(framed, { x: 2, y: 2, width: 2, height: 2 }, 8)
    expect(new Set(square)).toEqual(new Set([9]))
  })
})
