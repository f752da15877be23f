/** `npm start -- --unlock`: the example app on the next port, and for phones over https on the one after it. */
import { networkAddresses } from '../start/local-worker.ts'
import { facegatePath, startHttpsFront } from './https-front.ts'
import { startUnlockApp, type UnlockAppOptions } from './unlock-app.ts'

export interface StartedUnlock {
  /** Where it is to be opened, best first. */
  readonly addresses: readonly string[]
  stop(): void
}

/** How many it listens on: that of the app; for phones one of the same over https, and one behind that. */
export function portCount(isOpen: boolean): number {
  return isOpen ? 3 : 1
}

/** @param options `port` and, when it is open, the two after it are taken */
export async function startUnlock(
  options: Omit<UnlockAppOptions, 'publicUrl'>,
): Promise<StartedUnlock> {
  const { port, isOpen, url } = options
  const [workerAddress = url] = isOpen ? networkAddresses(Number(new URL(url).port)) : []
  const plain = await startUnlockApp({ ...options, publicUrl: workerAddress })
  const own = originsOf(port, isOpen)
  if (!isOpen) return { addresses: own, stop: plain.stop }
  const behind = { ...options, port: port + 2, isOpen: false, publicUrl: facegatePath }
  const app = await startUnlockApp(behind)
  const hosts = networkAddresses(port + 1).map((address) => new URL(address).hostname)
  const front = await startHttpsFront({
    ...{ port: port + 1, addresses: ['127.0.0.1', ...hosts], workerUrl: url },
    appUrl: `http://127.0.0.1:${port + 2}`,
  })
  return {
    addresses: [...hosts.map((host) => `https://${host}:${port + 1}`), ...own],
    stop() {
      front.stop()
      app.stop()
      plain.stop()
    },
  }
}

/** Where a page that is served on the port comes from. */
export function originsOf(port: number, isOpen: boolean): string[] {
  const own = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  return isOpen ? [...networkAddresses(port), ...own] : own
}
