/** Failures of a Worker that will meet everybody, each in one line that says what to do about it. Pure. */
import type { FacegateError } from '../../client/src/client.ts'
import type { WorkerAddress } from './worker-address.ts'

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
export function isEverybodys({ code, status = 500 }: FacegateError): boolean {
  return everybodys.has(code) || (code === 'unexpected_answer' && status < 500)
}

export const describeEverybodys: Describe = (at, error) => {
  const describe = everybodys.get(error.code)
  if (describe !== undefined) return describe(at, error)
  return `${at.url} does not answer as facegate does; is the address right? ${error.detail}`
}

export const describeSilence: Describe = ({ url }, error) => {
  const reason = systemCodeOf(error) ?? error.code
  const advice = /^http:/i.test(url)
    ? 'is `npm start` running?'
    : 'is the address right, and the Worker deployed?'
  return `${url} does not answer (${reason}); ${advice}`
}

/** Whoever was there hung up. Every other failure to connect says that nobody is there. */
const hangUps: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

export function isHangUp(error: FacegateError): boolean {
  return hangUps.includes(systemCodeOf(error))
}

/** As in ECONNREFUSED; `fetch` hides it in the cause of its own error. */
function systemCodeOf(error: Error): string | undefined {
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return undefined
}
