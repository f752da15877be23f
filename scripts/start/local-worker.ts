/** The Worker as `wrangler dev` serves it on this machine, from its start until it is stopped. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { CommandFault } from '../front/fault.ts'
import { maxPort, portNumber } from '../front/inputs.ts'
import { projectRoot } from '../front/project-root.ts'
import { wranglerBin } from '../setup/set-up.ts'
import { wranglerEnv } from '../setup/wrangler-env.ts'
import { type Refusal, untilReady } from './until-ready.ts'
import { withoutCronAdvice } from './without-cron-advice.ts'

/** Where `wrangler dev` stores its data unless told otherwise. */
export const localStoreDir = join(projectRoot, '.wrangler', 'state', 'v3')

/** A Worker that answers, but not well, will not get better by waiting. */
const maxUnhealthyAnswers = 3

export interface LocalWorkerOptions {
  readonly port: number
  /** Other machines of the network may ask it too. */
  readonly isOpen: boolean
  /** Settings beside those of wrangler.toml. */
  readonly vars: Readonly<Record<string, string>>
  /** A folder of files that are served beside the Worker. */
  readonly files?: string
  /** Where it stores its data; the project's own place unless given. */
  readonly store?: string
}

export interface LocalWorker {
  readonly url: string
  /** Resolves to the exit code when it has ended, whoever ended it. */
  readonly ended: Promise<number>
  stop(): Promise<void>
}

/** Throws CommandFault when it does not become healthy. */
export async function startLocalWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const { port, isOpen, vars, files, store } = options
  const settings = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  // It would ask the network where this machine is, and complain at length where there is none.
  const env = { ...wranglerEnv(), CLOUDFLARE_CF_FETCH_ENABLED: 'false' }
  const server = spawn(
    wranglerBin,
    [
      'dev',
      ...['--ip', isOpen ? everyAddress : loopback],
      ...['--port', `${port}`],
      '--show-interactive-dev-session=false',
      ...['--log-level', 'warn'],
      ...settings,
      ...(files === undefined ? [] : ['--assets', files]),
      ...(store === undefined ? [] : ['--persist-to', store]),
    ],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], env },
  )
  server.stdout.pipe(withoutCronAdvice()).pipe(process.stdout)
  server.stderr.pipe(withoutCronAdvice()).pipe(process.stderr)
  const gone = new AbortController()
  const ended = new Promise<number>((resolve) => {
    server.on('exit', (code) => resolve(code ?? 1))
    server.on('error', () => resolve(1))
  })
  ended.then(() => gone.abort())
  async function stop(): Promise<void> {
    server.kill('SIGTERM')
    await ended
  }
  const url = `http://${loopback}:${port}`
  const fault = await Promise.race([
    untilReady(`${url}/health`, refuseUnhealthy(), gone.signal),
    ended.then((code) => `wrangler ended with code ${code}`),
  ])
  if (fault === null) return { url, ended, stop }
  await stop()
  throw new CommandFault(`the Worker did not start: ${fault}`)
}

const loopback = '127.0.0.1'
const everyAddress = '0.0.0.0'

const usualPort = 8787

/**
 * @param wanted that of PORT unless given, or 8787
 * @param following how many ports after it the app of --unlock takes
 *
 * Throws CommandFault when another server has one of them: it would answer in place of ours.
 */
export async function findPort(
  isOpen: boolean,
  wanted: number | undefined,
  following = 0,
): Promise<number> {
  const port = wanted ?? Number(process.env.PORT ?? usualPort)
  if (!portNumber.isFine(port)) {
    throw new CommandFault(`PORT is "${process.env.PORT}", expected ${portNumber.expected}`, 2)
  }
  const last = port + following
  if (last > maxPort) {
    const most = maxPort - following
    throw new CommandFault(
      `port is ${port}, expected ${most} at most: --unlock takes ${following} more`,
      2,
    )
  }
  for (let one = port; one <= last; one++) {
    if (await isFree(isOpen, one)) continue
    throw new CommandFault(
      `port ${one} is taken, by another "npm start" perhaps; "npm start -- --port NUMBER" chooses another`,
    )
  }
  return port
}

async function isFree(isOpen: boolean, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, isOpen ? everyAddress : loopback, () => probe.close(() => resolve(true)))
  return await promise
}

/** Where other machines of the network find the port. */
export function networkAddresses(port: number): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `http://${address}:${port}`)
}

/** Settings stay as they are; what else a Worker lacks at its start it may still get. */
function refuseUnhealthy() {
  let unhealthy = 0
  return async (answer: Response): Promise<Refusal | null> => {
    if (answer.ok) return null
    const reason = faultIn(await answer.text())
    unhealthy++
    const isFinal = reason.startsWith('not_configured') || unhealthy === maxUnhealthyAnswers
    return { reason, isFinal }
  }
}

/** What an answer of the Worker says is wrong, without what is for programs; any other answer as it is. */
export function faultIn(answer: string): string {
  try {
    const { code, detail } = JSON.parse(answer) as { code?: string; detail?: string }
    return code !== undefined && detail !== undefined ? `${code}: ${detail}` : answer
  } catch {
    return answer
  }
}
