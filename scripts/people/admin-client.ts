/** Requests of the scripts to a Worker's admin endpoints: the key, patience where it may help, and failures in one line. */

import { setTimeout as sleep } from 'node:timers/promises'
import { localKeys } from '../setup/local-keys.ts'

export interface WorkerAddress {
  readonly url: string
  readonly key: string
}

/** Options that every script has which talks to a Worker. */
export const addressOptions = {
  url: { type: 'string', default: `http://127.0.0.1:${process.env.PORT ?? 8787}` },
  key: { type: 'string' },
} as const

/** Without a key the one of .dev.vars. */
export async function addressOf(values: { url: string; key?: string }): Promise<WorkerAddress> {
  const key = values.key ?? (await localKeys()).ADMIN_KEY.split(',')[0]!
  return { url: values.url, key }
}

const maxAttempts = 5
const firstDelayMs = 500
const requestTimeoutMs = 300_000

/** The wait before an attempt, 0 for the first; twice as long each time. */
export async function waitBefore(attempt: number): Promise<void> {
  if (attempt > 0) await sleep(firstDelayMs * 2 ** (attempt - 1))
}

/**
 * Reads the answer within an attempt, so that an answer that breaks off is asked for again. Throws an Error that says what was
 * wrong, after five attempts where another one may help.
 */
export async function askWorker<Answer>(
  { url, key }: WorkerAddress,
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  let failure = ''
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    await waitBefore(attempt)
    try {
      const response = await fetch(new URL(path, url), {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(requestTimeoutMs),
      })
      if (response.ok) return await read(response)
      const { code, detail, retryable } = await readProblem(response)
      failure = `${code}: ${detail}`
      if (!retryable) break
    } catch (error) {
      failure = describeFailure(error)
    }
  }
  throw new Error(failure)
}

/** Network that the Worker runs, as in "dlib-resnet@4f1c2a90"; null when it does not say. */
export async function runningModel({ url }: WorkerAddress): Promise<string | null> {
  const response = await fetch(new URL('/health', url)).catch(() => null)
  if (!response?.ok) return null
  return (await response.json<{ model: string }>()).model
}

async function readProblem(response: Response) {
  type Problem = { code?: string; detail?: string; retryable?: boolean }
  const problem: Problem = await response.json<Problem>().catch(() => ({}))
  return {
    code: problem.code ?? `${response.status}`,
    detail: problem.detail ?? response.statusText,
    retryable: problem.retryable ?? response.status >= 500,
  }
}

export function describeFailure(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : `${error}`
}
