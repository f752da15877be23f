/** Pictures whose rows of blocks are lighter or darker from one on, and sound ones with bands all over them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { withNoise } from '../../../../src/image/decode/jpeg/damage/step-evidence.ts'
import { wholeSteps } from '../../../../src/image/decode/jpeg/damage/whole-steps.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { planeOf, seenUnits, side } from '../../../support/photos/jpeg/measure-borders.ts'
import { drawImage, pixelAt, sampleImage } from '../../../support/photos/sample-photos.ts'

let portrait: RgbImage
beforeAll(async () => {
  portrait = await sampleImage('eve')
})

const stepsOf = (image: RgbImage): number[] => wholeSteps([withNoise(seenUnits(planeOf(image)))])

/** The portrait, each row of pixels lighter by what is said of it. */
const lighter = (by: (y: number) => number): RgbImage =>
  drawImage(portrait.width, portrait.height, (x, y) =>
    Uint8ClampedArray.from(pixelAt(portrait, x, y), (value) => 20 + 0.85 * value + by(y)),
  )

describe('steps over the whole width', () => {
  it('are found in most rows, lighter or darker', () => {
    const rows = Math.floor(portrait.height / side)
    const found: boolean[] = []
    for (let row = 2; row < rows - 2; row += 3) {
      for (const by of [9, -9]) {
        found.push(stepsOf(lighter((y) => (y < row * side ? 0 : by))).includes(row))
      }
    }
    expect(found.length).toBeGreaterThan(12)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.7 * found.length)
  })

  it('are none where faint bands repeat over the whole picture', () => {
    expect(stepsOf(portrait)).toEqual([])
    for (const [period, width] of [
      [10, 2],
      [14, 2],
      [14, 3],
      [20, 3],
      [28, 4],
    ] as const) {
      for (const by of [4, 9]) {
        const bands = lighter((y) => (y % period < width ? by : 0))
        expect(stepsOf(bands), `${width} of ${period}, ${by}`).toEqual([])
      }
    }
  })

  it('are none where a bar begins or ends, since the picture is then as it was', () => {
    for (const [from, to] of [
      [5, 6],
      [9, 11],
      [12, 20],
    ] as const) {
      const bar = lighter((y) => (y >= from * side && y < to * side ? 12 : 0))
      expect(stepsOf(bar), `${from} to ${to}`).toEqual([])
      const step = lighter((y) => (y >= from * side ? 12 : 0))
      expect(stepsOf(step), `from ${from}`).toEqual([from])
    }
  })
})
