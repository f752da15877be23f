/** A Worker as `npm start` serves it, on a port of its own and with a store of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalKeys, localKeys } from '../../scripts/setup/local-keys.ts'
import { startLocalWorker } from '../../scripts/setup/local-worker.ts'
import { sampleSiteDir } from '../../scripts/setup/samples.ts'

export interface LocalSite {
  readonly url: string
  readonly keys: LocalKeys
  stop(): Promise<void>
}

export async function startLocalSite(
  vars: Readonly<Record<string, string>> = {},
): Promise<LocalSite> {
  const store = await mkdtemp(join(tmpdir(), 'facegate-site-'))
  const port = await freePort()
  const keys = await localKeys()
  const worker = await startLocalWorker({
    ...{ port, isOpen: false, files: sampleSiteDir, store },
    vars: { DETAIL: 'scores', ISSUER: `http://127.0.0.1:${port}`, ...vars },
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

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
