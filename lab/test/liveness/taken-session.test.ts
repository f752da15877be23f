import { expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { createThresholds } from '../../../src/decision/thresholds.ts'
import type { AskedPose } from '../../../src/liveness/asked-poses.ts'
import { fakeFrame } from '../../../test/support/app/fake-frame.ts'
import { realModels } from '../../../test/support/networks/node-models.ts'
import {
  judgeTaken,
  judgeTampered,
  type TakenSession,
  turnsOf,
} from '../../liveness/taken-session.ts'

const asked: readonly AskedPose[] = ['ahead', 'left', 'right']

function session(person: number): TakenSession {
  const encoding = Float32Array.from({ length: 128 }, (_, i) => Math.sin((i + 1) * person) / 8)
  const shots = asked.map((pose) => ({
    frame: fakeFrame(`face ${person} 0.1 1 ${pose}`),
    encoding,
  }))
  return { fold: 1, asked, shots }
}

const together = async () =>
  createThresholds(readCalibrationTable).together((await realModels()).model)

it('a session passes as it was taken, and in no other order', async () => {
  const limits = await together()
  const sessions = [1, 2, 3].map(session)
  expect(sessions.map((taken) => judgeTaken(taken, limits).fault)).toEqual([null, null, null])
  const tampered = new Map(judgeTampered(sessions, limits))
  expect(tampered.get('photos of a session in another order')).toEqual({ count: 0, of: 15 })
  expect(tampered.get('one photo of a session twice')).toEqual({ count: 0, of: 18 })
  expect(tampered.get('a photo to one side, mirrored for the other')).toEqual({ count: 0, of: 6 })
  // Each beside five others, of which some are the same session once more.
  expect(tampered.get('one turned photo of another person')).toMatchObject({ of: 15 })
  expect(tampered.get('all turned photos of another person')).toMatchObject({ of: 15 })
})

it('each turn of a session is measured beside its first photo', () => {
  expect(turnsOf(session(1)).map(({ fold, turn }) => [fold, turn])).toEqual([
    [1, 'left'],
    [1, 'right'],
  ])
})
