/** What the client does when the answer is late, lost, foreign or contradicts itself: never a decision, never a second try. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../src/client.ts'
import { failureOf } from './failure-of.ts'

const url = 'https://facegate.test/behind/a/path/'
const image = new Uint8Array([1, 2, 3])
const input = { identity: 'eve', image }
const answer = { decision: 'match', identity: 'eve', distance: 0.3, threshold: 0.5 }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A client whose service answers with `respond`, and the requests that it got. */
function clientOf(respond: (init: RequestInit) => Response | Promise<Response>) {
  const sent: { url: string; init: RequestInit }[] = []
  const client = createClient({
    url,
    key: 'a-key-for-tests',
    fetch: (address, init) => {
      sent.push({ url: address, init })
      return respond(init)
    },
  })
  return { client, sent }
}

/** Never answers; rejects when it is aborted, as fetch does. */
function silence({ signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}

describe('a call', () => {
  it('carries the key in a header and never in the URL', async () => {
    const { client, sent } = clientOf(() => Response.json({ ...answer }))
    await client.verify(input)
    expect(sent[0]!.url).toBe('https://facegate.test/behind/a/path/verify')
    expect(sent[0]!.init.headers).toMatchObject({ Authorization: 'Bearer a-key-for-tests' })
    expect(sent[0]!.init.redirect).toBe('manual')
  })

  it('sends what was given and leaves out what was not', async () => {
    const { client, sent } = clientOf(() => Response.json({ ...answer }))
    await client.verify({ ...input, fmr: 0.01 })
    await client.verify({ ...input, fmr: undefined })
    const forms = sent.map(({ init }) => init.body as FormData)
    expect([...forms[0]!.keys()]).toEqual(['identity', 'fmr', 'image'])
    expect(forms[0]!.get('fmr')).toBe('0.01')
    expect([...forms[1]!.keys()]).toEqual(['identity', 'image'])
  })

  it.each([undefined, null, 'photos/eve.jpg'])(
    'sends nothing where %j stands for a photo',
    async (it) => {
      const { client, sent } = clientOf(() => Response.json({ ...answer }))
      const call = client.verify({ identity: 'eve', image: it as unknown as Uint8Array })
      await expect(call).rejects.toThrow(
        new TypeError(
          'image: expected a photo, as a Blob, as bytes or, in React Native, as { uri }; read a file before',
        ),
      )
      expect(sent).toEqual([])
    },
  )

  it("hands React Native's files to its FormData as they are", async () => {
    const appended: unknown[][] = []
    class NativeFormData {
      append(...part: unknown[]) {
        appended.push(part)
      }
    }
    vi.stubGlobal('FormData', NativeFormData)
    const { client } = clientOf(() => Response.json({ ...answer }))
    await client.verify({ identity: 'eve', image: { uri: 'file:///eve.heic', type: 'image/heic' } })
    vi.unstubAllGlobals()
    expect(appended).toEqual([
      ['identity', 'eve'],
      ['image', { uri: 'file:///eve.heic', type: 'image/heic', name: 'photo' }],
    ])
  })

  it('times out, and is given up', async () => {
    const { client, sent } = clientOf(silence)
    const failure = failureOf(client.verify(input, { timeoutMs: 1000 }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(await failure).toMatchObject({ code: 'timed_out', retryable: true })
    expect(sent[0]!.init.signal?.aborted).toBe(true)
  })

  it('times out although the platform cannot give it up', async () => {
    const { client } = clientOf(() => new Promise(() => {}))
    const failure = failureOf(client.verify(input))
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await failure).code).toBe('timed_out')
  })

  it('times out when the body of the answer does not end', async () => {
    const { client } = clientOf(
      () => new Response(new ReadableStream(), { headers: { 'Content-Type': 'application/json' } }),
    )
    const failure = failureOf(client.verify(input))
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await failure).code).toBe('timed_out')
  })

  it('leaves no timer behind', async () => {
    const { client } = clientOf(() => Response.json({ ...answer }))
    await client.verify(input)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given up by its signal, before and while it runs', async () => {
    const { client, sent } = clientOf(silence)
    const early = await failureOf(client.verify(input, { signal: AbortSignal.abort() }))
    expect(early.code).toBe('aborted')
    expect(sent).toHaveLength(0)
    const controller = new AbortController()
    const failure = failureOf(client.verify(input, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    controller.abort()
    expect(await failure).toMatchObject({ code: 'aborted', retryable: false })
    expect(sent[0]!.init.signal?.aborted).toBe(true)
  })

  it.each([
    ['the network fails', () => Promise.reject(new TypeError('fetch failed')), 'network_failed'],
    [
      'the service is overloaded',
      () => problem('store_unavailable', 503, true),
      'store_unavailable',
    ],
    ['the answer is lost on its way', () => broken(), 'network_failed'],
  ] as const)('is never sent again by itself when %s', async (_, respond, code) => {
    const { client, sent } = clientOf(respond)
    const failure = failureOf(client.verify(input))
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await failure).toMatchObject({ code, retryable: true })
    expect(sent).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('of a lockout says how long to wait', async () => {
    const { client } = clientOf(() => problem('locked_out', 429, false, { 'Retry-After': '30' }))
    expect(await failureOf(client.verify(input))).toMatchObject({
      code: 'locked_out',
      status: 429,
      retryAfterSeconds: 30,
      hint: 'the hint',
      requestId: 'REQUEST',
    })
  })

  it.each([
    ['about somebody else', { ...answer, identity: 'fay' }],
    ['about nobody', { ...answer, identity: undefined }],
    ['without a decision', { ...answer, decision: undefined }],
    ['with another decision', { ...answer, decision: 'MATCH' }],
    ['with the decision of /recognize', { ...answer, decision: 'ambiguous' }],
    ['that is a list', []],
  ])('%s is no answer', async (_, body) => {
    const { client } = clientOf(() => Response.json(body))
    expect((await failureOf(client.verify(input))).code).toBe('unexpected_answer')
  })

  it.each([
    ['a page', () => html(200)],
    ['nothing', () => new Response(null, { status: 204 })],
    ['an empty text', () => new Response('', { status: 200 })],
    ['cut JSON', () => json('{"decision":"match","identity":"eve"', 200)],
    ['null', () => json('null', 200)],
    ['a redirect', () => Response.redirect('https://elsewhere.test/verify', 307)],
    ["a gateway's page", () => html(502)],
    ["a gateway's JSON", () => json('{"message":"bad gateway"}', 502)],
  ])('that is %s is no answer', async (_, respond) => {
    const { client } = clientOf(respond)
    const error = await failureOf(client.verify(input))
    expect(error).toMatchObject({ code: 'unexpected_answer', retryable: false })
  })

  it('of /recognize and /compare has a decision too, or is none', async () => {
    const { client } = clientOf(() => Response.json({ candidates: [] }))
    expect((await failureOf(client.recognize({ image }))).code).toBe('unexpected_answer')
    const compared = client.compare({ left: image, right: image })
    expect((await failureOf(compared)).code).toBe('unexpected_answer')
  })
})

describe('the address', () => {
  it.each(['https://a.test', 'http://localhost:8787', 'http://127.0.0.1', 'http://[::1]:1/'])(
    '%s is taken',
    (address) => {
      expect(() => createClient({ url: address })).not.toThrow()
    },
  )

  it.each([
    '',
    'a.test',
    'ftp://a.test',
    'https://a.test?key=1',
    'https://a.test#x',
    'https://user:secret@a.test',
    'javascript:alert(1)',
    ' https://a.test',
  ])('%j is refused', (address) => {
    expect(() => createClient({ url: address })).toThrow(TypeError)
  })

  it('of another machine without TLS is refused unless that is meant', () => {
    for (const address of ['http://a.test', 'http://localhost.a.test', 'http://127.0.0.1.a.test']) {
      expect(() => createClient({ url: address })).toThrow(/expected https/)
      expect(() => createClient({ url: address, allowHttp: true })).not.toThrow()
    }
  })
})

function problem(code: string, status: number, retryable: boolean, headers = {}): Response {
  const body = { code, detail: 'the detail', hint: 'the hint', retryable, requestId: 'REQUEST' }
  return Response.json(body, {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

function html(status: number): Response {
  return new Response('<html></html>', { status, headers: { 'Content-Type': 'text/html' } })
}

function json(text: string, status: number): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'application/json' } })
}

function broken(): Response {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new TypeError('terminated')),
  })
  return new Response(body, { headers: { 'Content-Type': 'application/json' } })
}
