/**
 * One HTTP request to the service: sent once, never again, with a time limit that covers the answer's body too. Gives the
 * answer's JSON or lines, or throws a FacegateError. Uses what browsers, React Native, Node and Workers have in common, no more.
 */
import type { Problem } from './contract.ts'
import { clientError, FacegateError } from './facegate-error.ts'

export interface CallOptions {
  /** Gives the call up with `aborted`. The service may have done what was asked all the same. */
  readonly signal?: AbortSignal
  /** Gives the call up with `timed_out`; the client's own limit unless given. */
  readonly timeoutMs?: number
}

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: FormData | string
  /** What a good answer is: JSON, or many lines of it. */
  readonly expects: 'json' | 'lines'
}

/** A change that is made only to what the caller has seen; otherwise the call fails with `version_conflict`. */
export interface ChangeOptions extends CallOptions {
  /** The `etag` of an earlier answer: changes that version only. */
  readonly ifMatch?: string
}

/** An answer that carries the version it is about. */
export type Versioned<Body> = Body & {
  /** For `ifMatch`; absent where the platform hides the header from the page. */
  readonly etag?: string
}

export interface Received {
  /** The answer's JSON, unchecked; lines as one text; undefined for an answer without a body (204). */
  readonly body: unknown
  readonly etag?: string
}

export type Fetch = (url: string, init: RequestInit) => Response | Promise<Response>

export async function send(
  outgoing: Outgoing,
  fetch: Fetch,
  { signal, timeoutMs }: { readonly signal?: AbortSignal; readonly timeoutMs: number },
): Promise<Received> {
  if (signal?.aborted) throw aborted()
  const controller = new AbortController()
  const { url, expects, ...init } = outgoing
  return await new Promise<Received>((resolve, reject) => {
    const giveUp = (error: FacegateError) => {
      controller.abort()
      reject(error)
    }
    const onAbort = () => giveUp(aborted())
    const onTimeout = () => giveUp(clientError('timed_out', `No answer within ${timeoutMs} ms.`))
    const timer = setTimeout(onTimeout, timeoutMs)
    signal?.addEventListener('abort', onAbort)
    // A redirect would carry photo and key to an address that the caller did not choose.
    exchange(url, { ...init, redirect: 'manual', signal: controller.signal }, fetch, expects)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      })
  })
}

async function exchange(
  url: string,
  init: RequestInit,
  fetch: Fetch,
  expects: Outgoing['expects'],
): Promise<Received> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, init)
    text = await textOf(response)
  } catch (cause) {
    throw clientError('network_failed', 'The service could not be reached.', { cause })
  }
  const { status } = response
  const requestId = response.headers.get('x-request-id') ?? undefined
  const unexpected = (detail: string) => {
    return clientError('unexpected_answer', detail, { status, requestId })
  }
  if (status === 204) return { body: undefined }
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && expects === 'lines' && isLines(response)) return { body: text }
  const body = /^application\/(problem\+)?json\b/.test(type) ? parse(text) : undefined
  if (typeof body !== 'object' || body === null) {
    throw unexpected(`Status ${status} with "${type.slice(0, 64)}", expected JSON of facegate.`)
  }
  const etag = response.headers.get('etag')
  if (response.ok) return { body, ...(etag !== null && { etag }) }
  if (!isProblem(body)) throw unexpected(`Status ${status} without a code of facegate.`)
  const { code, detail, hint, retryable, images } = body
  const retryAfterSeconds = readSeconds(response.headers.get('retry-after'))
  throw new FacegateError({
    ...{ code, detail, hint, retryable, status, requestId: body.requestId },
    ...(images && { images }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}

/** Workers warn when lines are read by `text()`; React Native has no TextDecoder everywhere. */
async function textOf(response: Response): Promise<string> {
  if (!isLines(response)) return await response.text()
  return new TextDecoder().decode(await response.arrayBuffer())
}

function isLines({ headers }: Response): boolean {
  return /^application\/x-ndjson\b/.test(headers.get('content-type') ?? '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isProblem(body: object): body is Problem {
  const { code, detail, hint, retryable } = body as Partial<Record<keyof Problem, unknown>>
  const texts = [code, detail, hint]
  return texts.every((text) => typeof text === 'string') && typeof retryable === 'boolean'
}

function readSeconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined
}

function aborted(): FacegateError {
  return clientError('aborted', 'The call was cancelled.')
}
