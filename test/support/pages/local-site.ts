/** A Worker as `npm start` serves it, on a port of its own and with a store of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalKeys, localKeys } from '../../../scripts/setup/local-keys.ts'
import { sampleSiteDir } from '../../../scripts/setup/samples.ts'
import { type LocalWorker, startLocalWorker } from '../../../scripts/start/local-worker.ts'
import { storeFolder } from '../app/store-folder.ts'
import { freePort } from '../running/free-port.ts'

export interface LocalSite {
  readonly url: string
  readonly keys: LocalKeys
  stop(): Promise<void>
}

export async function startLocalSite(
  vars: Readonly<Record<string, string>> = {},
): Promise<LocalSite> {
  const store = await mkdtemp(join(storeFolder(), 'facegate-site-'))
  const keys = await localKeys()
  const worker = await tryStarts(() => startOn(store, vars)).catch(async (error) => {
    await rm(store, { recursive: true, force: true })
    throw error
  })
  return {
    url: worker.url,
    keys,
    async stop() {
      await worker.stop()
      await rm(store, { recursive: true, force: true })
    },
  }
}

async function startOn(store: string, vars: Readonly<Record<string, string>>) {
  const port = await freePort()
  return await startLocalWorker({
    ...{ port, isOpen: false, files: sampleSiteDir, store },
    vars: { DETAIL: 'scores', ISSUER: `http://127.0.0.1:${port}`, ...vars },
  })
}

/** Two that start at the same moment may choose the same port for one of the several that wrangler listens on. */
async function tryStarts(start: () => Promise<LocalWorker>): Promise<LocalWorker> {
  for (let tries = 1; ; tries++) {
    try {
      return await start()
    } catch (error) {
      if (tries === maxStarts) throw error
    }
  }
}

const maxStarts = 3
