/** Pictures whose rows of blocks are lighter or darker from one on, and sound ones with bands all over them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../../src/errors/face-error.ts'
import { openPhoto } from '../../../../src/image/decode/decode.ts'
import { withNoise } from '../../../../src/image/decode/jpeg/damage/step-evidence.ts'
import { wholeSteps } from '../../../../src/image/decode/jpeg/damage/whole-steps.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { addRestarts } from '../../../support/photos/jpeg/add-restarts.ts'
import { planeOf, seenUnits, side } from '../../../support/photos/jpeg/measure-borders.ts'
import { joinIntervals, takeIntervals } from '../../../support/photos/jpeg/restart-intervals.ts'
import { makeJpeg } from '../../../support/photos/make-photo.ts'
import { createNodeCodecs } from '../../../support/photos/node-codecs.ts'
import { drawImage, pixelAt, sampleImage } from '../../../support/photos/sample-photos.ts'

let portrait: RgbImage
beforeAll(async () => {
  portrait = await sampleImage('eve')
})

/** @param interval units between two restart markers; 0 for none */
const stepsOf = (image: RgbImage, interval = 0): number[] =>
  wholeSteps([withNoise(seenUnits(planeOf(image, () => 0, interval)))])

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
  it('are found where the picture goes back by three levels less or more, for that is no bar', () => {
    const shifted = (by: number) => lighter((y) => (y < 8 * side ? 0 : y < 14 * side ? 12 : by))
    expect(stepsOf(shifted(0))).toEqual([])
    for (const by of [3.5, -3.5]) expect(stepsOf(shifted(by)), `${by}`).toEqual([8, 14])
  })

  it('are found where the picture goes back row by row, as it does where light changes slowly', () => {
    const slope = lighter((y) =>
      y < 8 * side ? 0 : 12 - 12 * Math.max(0, Math.floor(y / side) - 12),
    )
    expect(stepsOf(slope)).toContain(8)
  })

  it('are found where they are low and the picture varies by much more', async () => {
    const bea = await sampleImage('bea')
    const { columns } = planeOf(bea)
    for (const row of [14, 21, 22]) {
      const plane = planeOf(bea, (unit) => (unit < row * columns ? 0 : 4))
      expect(wholeSteps([withNoise(seenUnits(plane))]), `${row}`).toEqual([row])
    }
  })

  it('are found where the picture is as it was from a restart marker on, half a row beside it at most', () => {
    const { columns } = planeOf(portrait)
    const bar = lighter((y) => (y >= 9 * side && y < 12 * side ? 12 : 0))
    const early = (units: number): number => 12 * columns - units
    const half = Math.floor(columns / 2)
    for (const interval of [early(0), 3 * columns, 4 * columns, early(half), early(-half)]) {
      expect(stepsOf(bar, interval), `${interval}`).toEqual([9, 12])
    }
    // Nothing ends a shift there, though one may begin at the marker above.
    const none = [9 * columns, 5 * columns, early(half + 1), early(-half - 1)]
    for (const interval of none) expect(stepsOf(bar, interval), `${interval}`).toEqual([])
  })

  it('are found in nearly all JPEGs that a flipped bit makes lighter or darker up to a marker two or three rows on', async () => {
    const codecs = createNodeCodecs()
    const options = { quality: 88, auto_subsample: false, chroma_subsample: 2 }
    const plain = await makeJpeg(portrait, options)
    for (const rows of [2, 3]) {
      const jpeg = addRestarts(plain, rows * Math.ceil(portrait.width / side))
      const { head, parts } = takeIntervals(jpeg)
      const { image: whole } = openPhoto(jpeg, codecs)
      let [found, missed] = [0, 0]
      for (let i = 1; i < parts.length - 1; i++) {
        for (let bit = 0; bit < 12; bit++) {
          const part = parts[i]!.slice()
          part[bit >> 3]! ^= 0x80 >> (bit & 7)
          // It would be a marker.
          if (part[0] === 0xff || part[1] === 0xff) continue
          const bytes = joinIntervals({ head, parts: parts.with(i, part) })
          try {
            const { image, steps } = openPhoto(bytes, codecs)
            const from = 3 * whole.width * side * rows * i
            const to = from + 3 * whole.width * side * rows
            let sum = 0
            for (let at = from; at < to; at++) sum += image.data[at]! - whole.data[at]!
            if (Math.abs(sum) < 8 * (to - from)) continue
            if (steps.length > 0) found++
            else missed++
          } catch (error) {
            expect(error).toBeInstanceOf(FaceError)
          }
        }
      }
      expect(found, `${rows} rows`).toBeGreaterThan(10)
      expect(missed, `${rows} rows`).toBeLessThanOrEqual(found / 10)
    }
  })
})
