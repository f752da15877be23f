/** Quantisation tables of one encoder at many qualities, whole and with one step changed. */
import { expect, it } from 'vitest'
import { readJpegFile } from '../../../src/image/decode/jpeg/file/jpeg-file.ts'
import { isNearlyKnown } from '../../../src/image/decode/jpeg/file/known-steps.ts'
import { inRows } from '../../../src/image/decode/jpeg/file/zigzag.ts'
import { makeJpeg, makePicture } from '../../support/photos/make-photo.ts'
import { sampleImage, samplePeople } from '../../support/photos/sample-photos.ts'

const picture = makePicture(16, 16)

async function tablesOf(quality: number, kind: number): Promise<Uint16Array[]> {
  const options = { quality, quant_table: kind, progressive: true }
  const { quantisation } = readJpegFile(await makeJpeg(picture, options))
  return quantisation.map((steps) => inRows(steps!))
}

it('takes no table for damaged that an encoder writes, of nine kinds', async () => {
  for (let kind = 0; kind < 9; kind++) {
    for (let quality = 1; quality <= 100; quality += 3) {
      const tables = await tablesOf(quality, kind)
      for (const steps of tables) expect(isNearlyKnown(steps), `${kind} at ${quality}`).toBe(false)
    }
  }
})

it('takes no table for damaged that mozjpeg fitted to a photo', async () => {
  for (const person of samplePeople.slice(0, 3)) {
    const photo = await sampleImage(person)
    for (const quality of [60, 85, 95]) {
      for (const kind of [0, 3]) {
        const options = { quality, quant_table: kind, trellis_opt_table: true }
        const { quantisation } = readJpegFile(await makeJpeg(photo, options))
        for (const steps of quantisation) {
          expect(isNearlyKnown(inRows(steps!)), `${person}: ${kind} at ${quality}`).toBe(false)
        }
      }
    }
  }
})

it('takes no table for damaged whose first or last step is another, as jpegli has it for 4:2:0', async () => {
  for (const quality of [30, 75, 96]) {
    for (const steps of await tablesOf(quality, 0)) {
      expect(isNearlyKnown(steps.with(0, 1))).toBe(false)
      expect(isNearlyKnown(steps.with(63, 4 * steps[63]! + 9))).toBe(false)
    }
  }
})

it('finds a step that was changed in a table that most encoders write', async () => {
  for (const kind of [0, 3]) {
    for (const quality of [30, 55, 75, 90, 96]) {
      const tables = await tablesOf(quality, kind)
      for (const steps of tables.slice(0, 2)) {
        for (let place = 1; place < 63; place++) {
          const step = steps[place]!
          const coarse = steps.with(place, 2 * step + 3)
          expect(isNearlyKnown(coarse), `${kind} at ${quality}: ${place}`).toBe(true)
          if (step < 8) continue
          const fine = steps.with(place, step >> 2)
          expect(isNearlyKnown(fine), `${kind} at ${quality}: ${place}`).toBe(true)
        }
      }
    }
  }
})

it('takes a step for fitted that is half, rounded up, and for damaged where a flipped bit left the half rounded down', async () => {
  let odd = 0
  for (const kind of [0, 3]) {
    for (const quality of [30, 55, 75, 90]) {
      const [steps] = (await tablesOf(quality, kind)) as [Uint16Array]
      for (let place = 1; place < 63; place++) {
        const step = steps[place]!
        if (step < 7) continue
        const half = (rounded: number) => isNearlyKnown(steps.with(place, rounded))
        expect(half(Math.ceil(step / 2)), `${kind} at ${quality}: ${place}`).toBe(false)
        if (step % 2 === 0) continue
        expect(half(Math.floor(step / 2)), `${kind} at ${quality}: ${place}`).toBe(true)
        odd++
      }
    }
  }
  expect(odd).toBeGreaterThan(100)
})
