/** The example app of examples/unlock, served beside a local Worker. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandFault } from '../front/fault.ts'
import { projectRoot } from '../front/project-root.ts'
import { clientDir } from '../setup/build-client.ts'
import type { LocalKeys } from '../setup/local-keys.ts'
import { untilReady } from '../start/until-ready.ts'

export const unlockDir = join(projectRoot, 'examples', 'unlock')

export interface UnlockAppOptions {
  readonly port: number
  /** Other machines of the network may ask it too. */
  readonly isOpen: boolean
  /** Where the app's backend reaches the Worker. */
  readonly url: string
  /** Where phones reach it. */
  readonly publicUrl: string
  readonly keys: Pick<LocalKeys, 'ADMIN_KEY' | 'APP_KEY'>
}

export interface UnlockApp {
  stop(): void
}

/** Throws a CommandFault when it does not start. */
export async function startUnlockApp(options: UnlockAppOptions): Promise<UnlockApp> {
  const { port, isOpen, url, publicUrl, keys } = options
  await linkClient()
  const server = spawn(process.execPath, [join(unlockDir, 'server.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PORT: `${port}`,
      HOST: isOpen ? '0.0.0.0' : '127.0.0.1',
      FACEGATE_URL: url,
      FACEGATE_PUBLIC_URL: publicUrl,
      APP_KEY: keys.APP_KEY.split(',')[0],
      ADMIN_KEY: keys.ADMIN_KEY.split(',')[0],
    },
  })
  const gone = new AbortController()
  server.on('exit', () => gone.abort())
  const fault = await untilReady(
    `http://127.0.0.1:${port}/`,
    async ({ ok, status }) => (ok ? null : { reason: `status ${status}`, isFinal: false }),
    gone.signal,
  )
  if (fault === null) return { stop: () => void server.kill('SIGTERM') }
  const why = server.exitCode === null ? fault : `it ended with code ${server.exitCode}`
  server.kill('SIGTERM')
  throw new CommandFault(`the example app did not start on port ${port}: ${why}`)
}

/** What `npm install` in its folder does. */
async function linkClient(): Promise<void> {
  const link = join(unlockDir, 'node_modules', 'facegate-client')
  if (existsSync(link)) return
  await mkdir(dirname(link), { recursive: true })
  await symlink(clientDir, link, 'dir')
}
