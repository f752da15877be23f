import { expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { createThresholds } from '../../../src/decision/thresholds.ts'
import type { Turn } from '../../../src/liveness/asked-poses.ts'
import { fakeFrame } from '../../../test/support/app/fake-frame.ts'
import { realModels } from '../../../test/support/networks/node-models.ts'
import type { MeasuredTurn } from '../../liveness/real-turns.ts'
import { measureWebPhotos } from '../../liveness/web-photos.ts'

const encoding = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i) / 8)
const frame = (pose: string) => ({
  file: pose,
  person: 'younes',
  fold: 1,
  encoding,
  frame: fakeFrame(`face younes 0.1 1 ${pose}`),
})

/** Measures of a head, of one take or of other days. */
function turn(ahead: number, turned: number, asked: Turn, agreement: number): MeasuredTurn {
  const dense = { relief: 0.3, agreement, flatAgreement: 0.5 }
  const measures = { flat: 0.1, relief: 0.3, misfit: 0.02, area: 1, dense, degrees: 20 }
  return { fold: 1, turn: asked, ahead, turned, measures }
}

it('whoever has photos for some poses answers the sequences that ask for no others', async () => {
  const strict = createThresholds(readCalibrationTable).together((await realModels()).model)
  const frames = ['ahead', 'ahead', 'left', 'right'].map(frame)
  // The first one that looks ahead goes with the one turned photo, the second with the other.
  const apart = [turn(0, 2, 'left', 0.7), turn(1, 3, 'right', 0.7)]
  const [, none] = measureWebPhotos(frames, apart, strict)
  expect(none).toMatchObject({ people: 1, atOnce: 0 })
  const both = [...apart, turn(0, 3, 'right', 0.7)]
  const [, some] = measureWebPhotos(frames, both, strict)
  expect(some!.atOnce).toBeGreaterThan(0)
  expect(some!.atOnce).toBeLessThan(0.5)
  expect(some).toMatchObject({ oneByOne: some!.atOnce, oneTake: 0, both: 0 })
  const take = both.map((one) => turn(one.ahead, one.turned, one.turn, 0.9))
  expect(measureWebPhotos(frames, take, strict)[1]).toMatchObject({ oneTake: some!.atOnce })
})

it('told one by one, the photo that looks ahead is chosen before the turns are known', async () => {
  const strict = createThresholds(readCalibrationTable).together((await realModels()).model)
  const frames = ['ahead', 'ahead', 'left', 'right', 'up'].map(frame)
  const turns = [
    ...[turn(0, 2, 'left', 0.7), turn(0, 3, 'right', 0.7)],
    ...[turn(1, 2, 'left', 0.7), turn(1, 4, 'up', 0.7)],
  ]
  const { atOnce, oneByOne } = measureWebPhotos(frames, turns, strict)[1]!
  expect(oneByOne).toBeGreaterThan(0)
  expect(oneByOne).toBeLessThan(atOnce)
})
