/**
 * The Worker's entry: the app, with the engine that is bundled with it; what other Workers call; what the cron trigger does; and the
 * Durable Objects.
 */
import { waitUntil } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { readCalibrationTable } from './decision/calibration-table.ts'
import { metricOf } from './decision/thresholds.ts'
import {
  bundledNorm,
  bundledSource,
  checkHealth,
  galleryKernel,
  loadBundledEngine,
} from './engine/bundled-engine.ts'
import { refreshIndex } from './refresh-index.ts'
import { createService } from './service.ts'

export { DirectoryObject } from './identity/directory/directory-object.ts'
export { PersonObject } from './identity/objects/person-object.ts'
export { SessionObject } from './identity/objects/session-object.ts'

const app = createApp({
  loadEngine: (kind) => {
    const engine = loadBundledEngine(kind)
    // The start outlives the request that caused it: others may wait for it when that caller disconnects.
    waitUntil(engine.catch(() => undefined))
    return engine
  },
  checkHealth,
  galleryKernel,
  encodingNorm: bundledNorm,
  keepAlive: waitUntil,
  model: () => bundledSource().model,
})

/** For service bindings (docs/client.md). */
export class FacegateService extends createService(app.fetch) {}

export default {
  fetch: app.fetch,

  async scheduled(_event, env) {
    const source = bundledSource()
    const { kind } = metricOf(readCalibrationTable(), source.model)
    await refreshIndex(env, { now: new Date(), source, metric: kind })
  },
} satisfies ExportedHandler<Cloudflare.Env>
