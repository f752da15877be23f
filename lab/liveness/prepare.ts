/** What every measurement of the active check needs: the networks, the codecs and the distances of one person. */
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createThresholds } from '../../src/decision/thresholds.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import type { Codecs } from '../../src/image/decode/codecs.ts'
import { createObserver, type Observer } from './observe.ts'
import type { SessionLimits } from './session-attacks.ts'

export interface Prepared {
  readonly observer: Observer
  readonly codecs: Codecs
  readonly limits: SessionLimits
}

export async function prepare(): Promise<Prepared> {
  const models = await loadModels(await nodeAssets())
  const thresholds = createThresholds(readCalibrationTable)
  const together = thresholds.together(models.model)
  const enrolled = thresholds.verification(models.model, { encodings: 1 })
  const observer = await createObserver(models)
  return { observer, codecs: models.codecs, limits: { together, enrolled } }
}
