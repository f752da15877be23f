import { expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { createThresholds } from '../../../src/decision/thresholds.ts'
import { realModels } from '../../../test/support/networks/node-models.ts'
import { sampleFile } from '../../../test/support/photos/sample-photos.ts'
import { createObserver } from '../../liveness/observe.ts'
import { runSessions, type SessionKind } from '../../liveness/session-attacks.ts'

async function run(kind: SessionKind, sessions: number) {
  const models = await realModels()
  const thresholds = createThresholds(readCalibrationTable)
  const together = thresholds.together(models.model)
  const enrolled = thresholds.verification(models.model, { encodings: 1 })
  const sources = [{ file: sampleFile('ada'), fold: 1 }]
  const range = { from: 0, to: sessions }
  return runSessions(await createObserver(models), kind, sources, range, { together, enrolled })
}

it('whole sessions of a made head pass where every pose is shown, and each session is counted once', async () => {
  const { sessions, taken, passed, oneTake, refused } = await run('made head', 6)
  expect(sessions).toBe(6)
  expect(taken.length).toBeGreaterThan(0)
  expect(passed).toBeGreaterThan(0)
  expect(oneTake).toBeLessThanOrEqual(passed)
  expect(passed + [...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(6)
})

it('whole sessions of a flat print do not, and the same seeds give the same', async () => {
  const first = await run('flat print', 3)
  expect(first.passed).toBe(0)
  expect(await run('flat print', 3)).toEqual(first)
})
