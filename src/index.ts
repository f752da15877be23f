/** The Worker's entry: the app, with the engine that is bundled with it, and the Durable Objects. */
import { waitUntil } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { checkHealth, loadBundledEngine } from './bundled-engine.ts'

export { DirectoryObject } from './identity/directory-object.ts'
export { PersonObject } from './identity/person-object.ts'

export default createApp({
  loadEngine: () => {
    const engine = loadBundledEngine()
    // The start outlives the request that caused it: others may wait for it when that caller hangs up.
    waitUntil(engine.catch(() => undefined))
    return engine
  },
  checkHealth,
})
