/**
 * The Worker's entry: the app, with the engine that is bundled with it; what the cron trigger does; and the Durable Objects.
 */
import { waitUntil } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { findMetric, isCalibrated, readCalibrationTable } from './decision/calibration.ts'
import {
  bundledModel,
  checkHealth,
  galleryKernel,
  loadBundledEngine,
} from './engine/bundled-engine.ts'
import { refreshIndex } from './refresh-index.ts'

export { DirectoryObject } from './identity/directory-object.ts'
export { PersonObject } from './identity/person-object.ts'

const app = createApp({
  loadEngine: () => {
    const engine = loadBundledEngine()
    // The start outlives the request that caused it: others may wait for it when that caller hangs up.
    waitUntil(engine.catch(() => undefined))
    return engine
  },
  checkHealth,
  galleryKernel,
  keepAlive: waitUntil,
  model: bundledModel,
})

export default {
  fetch: app.fetch,

  async scheduled(_event, env) {
    const model = bundledModel()
    const table = readCalibrationTable()
    const metric = isCalibrated(table, model) ? findMetric(table, model).kind : 'l2'
    await refreshIndex(env, { now: new Date(), model, metric })
  },
} satisfies ExportedHandler<Cloudflare.Env>
