/**
 * What every command does that talks to a Worker: calls it through the project's own client, is patient where that may help, and
 * tells a failure that will meet everybody, which ends the command in one line, from one that concerns one person alone.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createClient,
  type FacegateClient,
  FacegateError,
  isPassing,
} from '../../client/src/client.ts'
import { CommandFault } from '../front/fault.ts'
import type { WorkerAddress } from './worker-address.ts'

export interface Worker {
  readonly client: FacegateClient
  /** Throws a CommandFault where the call fails. */
  ask<Answer>(call: (client: FacegateClient) => Promise<Answer>): Promise<Answer>
  /** Null for a failure that concerns this one call; throws whatever is no failure of the Worker. */
  faultOf(error: unknown): Promise<CommandFault | null>
  /** Network that it runs, as in "dlib-resnet@4f1c2a90"; null when it does not say. */
  runningModel(): Promise<string | null>
}

const attempts = 5
/** Of one request with its answer: 500 people, or ten photos on a slow line. */
const timeoutMs = 300_000
const healthTimeoutMs = 10_000

export function connectWorker({ url, key, keyFrom = '--key' }: WorkerAddress): Worker {
  const at = { url, keyFrom }
  let hasAnswered = false
  const noticing = async (address: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(address, init)
    hasAnswered = true
    return response
  }
  // Patience is for a Worker that was there: of one that is down from the start we say so at once.
  const mayRetry = (error: FacegateError): boolean => {
    if (!isPassing(error) || isEverybodys(error)) return false
    return hasAnswered || error.code !== 'network_failed' || isHangUp(error)
  }
  const wait = (milliseconds: number) => sleep(milliseconds)
  const retry = { attempts, wait, mayRetry }
  const client = createClient({ url, key, timeoutMs, retry, fetch: noticing })
  const impatient = createClient({ url, key, timeoutMs: healthTimeoutMs })

  async function faultOf(error: unknown): Promise<CommandFault | null> {
    if (error instanceof CommandFault) return error
    if (!(error instanceof FacegateError)) throw error
    const fault = (message: string) => new CommandFault(message, 1, { cause: error })
    if (isEverybodys(error)) return fault(describeEverybodys(at, error))
    const isSilent = error.code === 'network_failed' || error.code === 'timed_out'
    // An error page may be a gateway's before facegate, or of quite another server.
    const isPage = error.code === 'unexpected_answer' && error.status !== undefined
    if (!isSilent && !isPage) return null
    const failure = await impatient.health().then(() => null, toFailure)
    if (isSilent)
      return failure && failure.status === undefined ? fault(describeSilence(at, error)) : null
    return failure?.code === 'unexpected_answer' ? fault(describeEverybodys(at, failure)) : null
  }

  return {
    client,
    faultOf,
    async ask(call) {
      try {
        return await call(client)
      } catch (error) {
        const fault = await faultOf(error)
        if (fault !== null || !(error instanceof FacegateError)) throw fault
        throw new CommandFault(error.message, 1, { cause: error })
      }
    },
    async runningModel() {
      const health = await impatient.health().catch(toFailure)
      if (!(health instanceof FacegateError)) return health.model ?? null
      const fault = await faultOf(health)
      if (fault !== null) throw fault
      return null
    },
  }
}

function toFailure(error: unknown): FacegateError {
  if (error instanceof FacegateError) return error
  throw error
}

type Describe = (at: Pick<WorkerAddress, 'url' | 'keyFrom'>, error: FacegateError) => string

/** Codes that every further request would be answered with. */
const everybodys: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  [
    'unauthorized',
    ({ url, keyFrom }, { message }) => `${url} refuses the key of ${keyFrom}; ${message}`,
  ],
  [
    'forbidden',
    ({ url, keyFrom }, { message }) =>
      `${url} refuses the key of ${keyFrom}, expected an admin key; ${message}`,
  ],
  [
    'rate_limited',
    ({ url, keyFrom }, { message, retryAfterSeconds = 60 }) =>
      `${url} was shown too many wrong keys; check the key of ${keyFrom} and try again in ${retryAfterSeconds} s; ${message}`,
  ],
  ['not_configured', ({ url }, { message }) => `${url} cannot serve; ${message}`],
])

/** Whether every further request would fail alike: there is no use in trying again. */
function isEverybodys({ code, status = 500 }: FacegateError): boolean {
  return everybodys.has(code) || (code === 'unexpected_answer' && status < 500)
}

const describeEverybodys: Describe = (at, error) => {
  const describe = everybodys.get(error.code)
  if (describe !== undefined) return describe(at, error)
  return `${at.url} does not answer as facegate does; is the address right? ${error.detail}`
}

const describeSilence: Describe = ({ url }, error) => {
  const reason = systemCodeOf(error) ?? error.code
  const advice = /^http:/i.test(url)
    ? 'is `npm start` running?'
    : 'is the address right, and the Worker deployed?'
  return `${url} does not answer (${reason}); ${advice}`
}

/** The Worker closed the connection. Any other failure to connect means that nothing is listening. */
const hangUps: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

function isHangUp(error: FacegateError): boolean {
  return hangUps.includes(systemCodeOf(error))
}

/** As in ECONNREFUSED; `fetch` hides it in the cause of its own error. */
function systemCodeOf(error: Error): string | undefined {
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return undefined
}
