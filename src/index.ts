/** The Worker's entry: the app, with the engine that is bundled with it. */
import { waitUntil } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { checkHealth, loadBundledEngine } from './bundled-engine.ts'

export default createApp({
  loadEngine: () => {
    const engine = loadBundledEngine()
    // The start outlives the request that caused it: others may wait for it when that caller hangs up.
    waitUntil(engine.catch(() => undefined))
    return engine
  },
  checkHealth,
})
