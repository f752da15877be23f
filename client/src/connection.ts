/**
 * How a client reaches the service: its address, the key, time limits, and whether a call that failed is sent again. A call is
 * sent once unless the caller asked for retries, and those that must not be repeated are sent once even then.
 */
import { clientError } from './facegate-error.ts'
import { type RetryPolicy, withRetries } from './retry.ts'
import {
  type CallOptions,
  type ChangeOptions,
  type Fetch,
  type Outgoing,
  type Received,
  send,
  type Versioned,
} from './send.ts'

export interface ClientOptions {
  /** Where the service is, as in `https://facegate.example.workers.dev`. */
  readonly url: string
  /** A live key, or a function that gives one, asked at every try. It is sent in a header, never in a URL. */
  readonly key?: string | (() => string | Promise<string>)
  /** Longest time of a call with its answer; 30,000 unless given. */
  readonly timeoutMs?: number
  /**
   * Sends calls again that failed and may succeed later; none unless given. A `verify` that is sent again is the same attempt
   * and counts once. Never `recognize`, which would count twice, nor `addImages` and changes with `ifMatch` or `ifNoneMatch`,
   * which may have been made already.
   */
  readonly retry?: RetryPolicy
  /** Allows `http:` to other machines than this one, where everybody on the way sees key and photos. */
  readonly allowHttp?: boolean
  /** The platform's own unless given. */
  readonly fetch?: Fetch
}

export type SentOptions = ChangeOptions & { readonly ifNoneMatch?: '*' }

export interface Question {
  readonly method: Outgoing['method']
  readonly path: string
  /** A form with photos, lines of NDJSON, or whatever is to be sent as JSON. */
  readonly body?: FormData | string | object
  /** Repeating the call has a different effect than making it once. */
  readonly isOnce?: boolean
  /** It counts as an attempt at somebody: whenever it is sent again it says which one it is, so that it counts once. */
  readonly isAttempt?: boolean
}

export interface Connection {
  readonly retry?: RetryPolicy
  /** The answer's shape is the service's promise; fields that a decision rests on are checked by the calling method. */
  call<Answer>(question: Question, options?: CallOptions): Promise<Answer>
  callVersioned<Answer>(question: Question, options?: SentOptions): Promise<Versioned<Answer>>
  /** An answer of many lines. What `read` throws counts as a failure of the try. */
  callForLines<Read>(
    question: Question,
    read: (text: string) => Read | Promise<Read>,
    options?: CallOptions,
  ): Promise<Read>
}

const defaultTimeoutMs = 30_000
/** The service knows an attempt again for two minutes; the last try has to arrive before that. */
const attemptMs = 100_000
const linesType = 'application/x-ndjson'

/** Throws a TypeError when the address is none, or not a safe one. */
export function openConnection(options: ClientOptions): Connection {
  const base = checkUrl(options.url, options.allowHttp ?? false)
  const { retry, fetch = (url, init) => globalThis.fetch(url, init) } = options

  async function exchange(
    { method, path, body }: Question,
    expects: Outgoing['expects'],
    sentOptions: SentOptions,
    attemptKey?: string,
  ): Promise<Received> {
    const key = typeof options.key === 'function' ? await options.key() : options.key
    const headers: Record<string, string> = {
      Accept: expects === 'lines' ? linesType : 'application/json',
    }
    if (key !== undefined) headers.Authorization = `Bearer ${key}`
    if (attemptKey !== undefined) headers['Idempotency-Key'] = attemptKey
    if (sentOptions.ifMatch !== undefined) headers['If-Match'] = sentOptions.ifMatch
    if (sentOptions.ifNoneMatch !== undefined) headers['If-None-Match'] = sentOptions.ifNoneMatch
    const isJson = typeof body === 'object' && !(body instanceof FormData)
    if (isJson) headers['Content-Type'] = 'application/json'
    else if (typeof body === 'string') headers['Content-Type'] = linesType
    const sent = isJson ? JSON.stringify(body) : body
    const outgoing = {
      method,
      url: `${base}${path}`,
      headers,
      expects,
      ...(sent && { body: sent }),
    }
    return await send(outgoing, fetch, {
      signal: sentOptions.signal,
      timeoutMs: sentOptions.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
    })
  }

  async function tryOut<Answer>(
    question: Question,
    attempt: (attemptKey?: string) => Promise<Answer>,
    { signal, ifMatch, ifNoneMatch }: SentOptions,
  ): Promise<Answer> {
    const isOnce = question.isOnce || ifMatch !== undefined || ifNoneMatch !== undefined
    if (retry === undefined || isOnce) return await attempt()
    if (!question.isAttempt) return await withRetries(attempt, retry, { signal })
    const attemptKey = drawAttemptKey()
    const untilMs = Date.now() + attemptMs
    return await withRetries(() => attempt(attemptKey), retry, { signal, untilMs })
  }

  return {
    ...(retry && { retry }),
    async call<Answer>(question: Question, sentOptions: CallOptions = {}) {
      const attempt = (key?: string) => exchange(question, 'json', sentOptions, key)
      return (await tryOut(question, attempt, sentOptions)).body as Answer
    },
    async callVersioned<Answer>(question: Question, sentOptions: SentOptions = {}) {
      const attempt = () => exchange(question, 'json', sentOptions)
      const { body, etag } = await tryOut(question, attempt, sentOptions)
      return { ...(body as Answer), ...(etag !== undefined && { etag }) }
    },
    async callForLines(question, read, sentOptions = {}) {
      const attempt = async () => {
        const { body } = await exchange(question, 'lines', sentOptions)
        if (typeof body !== 'string') throw clientError('unexpected_answer', 'Expected lines.')
        return await read(body)
      }
      return await tryOut(question, attempt, sentOptions)
    },
  }
}

/** Random enough to tell one attempt from another: no secret. React Native has no `crypto`. */
function drawAttemptKey(): string {
  const bytes = new Uint8Array(16)
  const { crypto } = globalThis as { readonly crypto?: Pick<Crypto, 'getRandomValues'> }
  if (crypto?.getRandomValues !== undefined) crypto.getRandomValues(bytes)
  else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(Math.random() * 256)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The address without a slash at its end. Not by `URL`, which React Native has only in part. */
function checkUrl(url: string, allowHttp: boolean): string {
  const parts = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(url)
  if (parts === null) throw new TypeError('url: expected an address such as https://example.com')
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(parts[2]!)
  if (parts[1]!.toLowerCase() === 'http' && !isLocal && !allowHttp) {
    throw new TypeError('url: expected https; http sends key and photos in the clear (allowHttp)')
  }
  return url.replace(/\/+$/, '')
}
