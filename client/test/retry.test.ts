/** Calls that are sent again: which, how often, how late; and lines in parts that broke off or arrived changed. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type ClientOptions,
  createClient,
  createSessionClient,
  type PeopleHeader,
  pagesOf,
  type RetryPolicy,
} from '../src/client.ts'
import { failureOf } from './failure-of.ts'

const image = new Uint8Array([1, 2, 3])

/** A client whose service answers the nth request with the nth of `answers`, and the last one from then on. */
function clientOf(
  answers: readonly (() => Response | Promise<Response>)[],
  retry: Partial<RetryPolicy> = {},
  options: Partial<ClientOptions> = {},
) {
  const sent: { path: string; body: unknown; headers: Record<string, string> }[] = []
  const waits: number[] = []
  const client = createClient({
    url: 'https://facegate.test',
    key: 'a-key-for-tests',
    retry: {
      attempts: 3,
      wait: async (milliseconds) => {
        waits.push(milliseconds)
      },
      ...retry,
    },
    fetch: (url, { body, headers }) => {
      const path = url.slice('https://facegate.test'.length)
      sent.push({ path, body, headers: headers as Record<string, string> })
      return answers[Math.min(sent.length, answers.length) - 1]!()
    },
    ...options,
  })
  return { client, sent, waits }
}

const fails = () => Promise.reject(new TypeError('fetch failed'))
const good = (body: object = { ok: true }) => Response.json(body)

function problem(code: string, status: number, retryable: boolean, headers = {}): Response {
  const body = { code, detail: 'the detail', hint: 'the hint', retryable, requestId: 'REQUEST' }
  return Response.json(body, { status, headers })
}

function lines(...objects: readonly object[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('')
}

const ndjson = (text: string) =>
  new Response(text, { headers: { 'Content-Type': 'application/x-ndjson' } })

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('a call with a retry policy', () => {
  it('is sent again after twice as long each time, and answers in the end', async () => {
    const down = () => problem('store_unavailable', 503, true)
    const { client, sent, waits } = clientOf([fails, down, () => good()])
    expect(await client.health()).toEqual({ ok: true })
    expect(sent).toHaveLength(3)
    expect(waits).toEqual([500, 1000])
  })

  it('fails with the last failure when all attempts did', async () => {
    const { client, sent } = clientOf([fails, () => problem('store_unavailable', 503, true)])
    expect((await failureOf(client.health())).code).toBe('store_unavailable')
    expect(sent).toHaveLength(3)
  })

  it('is not sent again when it would fail again', async () => {
    const { client, sent } = clientOf([() => problem('unauthorized', 401, false)])
    expect((await failureOf(client.getIdentity('eve'))).code).toBe('unauthorized')
    expect(sent).toHaveLength(1)
  })

  it("is sent again after a gateway's page, and not after a page that says there is nothing", async () => {
    const page = (status: number) => () =>
      new Response('<html>', { status, headers: { 'Content-Type': 'text/html' } })
    const passing = clientOf([page(502), () => good()])
    expect(await passing.client.health()).toEqual({ ok: true })
    const lasting = clientOf([page(404), () => good()])
    expect((await failureOf(lasting.client.health())).code).toBe('unexpected_answer')
  })

  it('waits as long as the service asks, or gives up when that is too long', async () => {
    const busy = () => problem('rate_limited', 429, true, { 'Retry-After': '7' })
    const patient = clientOf([busy, () => good()])
    await patient.client.health()
    expect(patient.waits).toEqual([7000])
    const hasty = clientOf([busy, () => good()], { maxDelayMs: 5000 })
    expect(await failureOf(hasty.client.health())).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 7,
    })
    expect(hasty.waits).toEqual([])
  })

  it('is given up by its signal while it waits', async () => {
    const controller = new AbortController()
    const { client, sent } = clientOf([fails], { wait: undefined, firstDelayMs: 60_000 })
    const failure = failureOf(client.health({ signal: controller.signal }))
    setTimeout(() => controller.abort(), 20)
    expect((await failure).code).toBe('aborted')
    expect(sent).toHaveLength(1)
  })

  it('asks for the key at every try', async () => {
    let asked = 0
    const key = () => `key ${++asked}`
    const { client } = clientOf([fails, () => good()], {}, { key })
    await client.health()
    expect(asked).toBe(2)
  })

  it('is sent once where a second time would count, or the first may have been done', async () => {
    const calls = [
      (client: ReturnType<typeof createClient>) => client.recognize({ image }),
      (client: ReturnType<typeof createClient>) => client.addImages('eve', { images: [image] }),
      (client: ReturnType<typeof createClient>) =>
        client.enroll('eve', { images: [image] }, { ifNoneMatch: '*' }),
      (client: ReturnType<typeof createClient>) => client.deleteIdentity('eve', { ifMatch: '"1"' }),
    ]
    for (const call of calls) {
      const { client, sent } = clientOf([fails])
      expect((await failureOf(call(client))).code).toBe('network_failed')
      expect(sent).toHaveLength(1)
    }
    const { client, sent } = clientOf([fails])
    await failureOf(client.enroll('eve', { images: [image] }))
    expect(sent).toHaveLength(3)
  })
})

describe('a verify with a retry policy', () => {
  const answer = { decision: 'match', identity: 'eve' }
  const input = { identity: 'eve', image }

  it('says at every try which attempt it is, and another at another attempt', async () => {
    const { client, sent } = clientOf([fails, fails, () => good(answer)])
    await client.verify(input)
    await client.verify(input)
    const keys = sent.map(({ headers }) => headers['Idempotency-Key'])
    expect(keys).toHaveLength(4)
    expect(new Set(keys.slice(0, 3)).size).toBe(1)
    expect(keys[3]).not.toBe(keys[0])
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })

  it('has no such key without a policy, and no other call has one', async () => {
    const once = clientOf([() => good(answer)], {}, { retry: undefined })
    await once.client.verify(input)
    expect(once.sent[0]!.headers).not.toHaveProperty('Idempotency-Key')
    const { client, sent } = clientOf([() => good()])
    await client.health()
    expect(sent[0]!.headers).not.toHaveProperty('Idempotency-Key')
  })

  it('is not sent again when it would be another attempt by then', async () => {
    const busy = () => problem('store_unavailable', 503, true, { 'Retry-After': '101' })
    const { client, sent } = clientOf([busy], { maxDelayMs: 200_000 })
    expect((await failureOf(client.verify(input))).code).toBe('store_unavailable')
    expect(sent).toHaveLength(1)
  })

  it('is not sent again after a refusal that lasts, such as a lockout', async () => {
    const { client, sent } = clientOf([() => problem('locked_out', 429, false)])
    expect((await failureOf(client.verify(input))).code).toBe('locked_out')
    expect(sent).toHaveLength(1)
  })

  it('of a session does the same, and a recognize of one is sent once', async () => {
    const keys: (string | null)[] = []
    const phone = createSessionClient({
      url: 'https://facegate.test',
      token: 'session.token',
      retry: { attempts: 3, wait: async () => {} },
      fetch: (_, { headers }) => {
        keys.push(new Headers(headers).get('Idempotency-Key'))
        expect(new Headers(headers).get('Authorization')).toBe('Bearer session.token')
        return fails()
      },
    })
    await failureOf(phone.verify({ image }))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    await failureOf(phone.recognize({ image }))
    expect(keys.slice(3)).toEqual([null])
  })
})

describe('pagesOf', () => {
  it('asks with the cursor of the page before until there is none', async () => {
    const { client, sent } = clientOf([
      () => good({ reencrypted: 2, unreadable: [], cursor: 'a b' }),
      () => good({ reencrypted: 1, unreadable: [] }),
    ])
    const pages = pagesOf((cursor) => client.reencryptPeople({ cursor }))
    const found = await Array.fromAsync(pages, ({ reencrypted }) => reencrypted)
    expect(found).toEqual([2, 1])
    expect(sent.map(({ path }) => path)).toEqual([
      '/admin/re-encrypt',
      '/admin/re-encrypt?cursor=a%20b',
    ])
  })
})

const header: PeopleHeader = {
  format: 'facegate-people',
  version: 1,
  model: 'net@00000000',
  date: 'now',
}

/** A part of an export. */
function part(identities: readonly string[], cursor?: string): string {
  const text = lines(header, ...identities.map((identity) => ({ identity })))
  return text + lines({ people: identities.length, unreadable: 0, sha256: sha256(text), cursor })
}

describe('exportPeople', () => {
  it('hands on the header once and everybody, part after part', async () => {
    const { client, sent } = clientOf([
      () => ndjson(part(['ada', 'bob'], 'bob')),
      () => ndjson(part(['eve'])),
    ])
    expect(await Array.fromAsync(client.exportPeople({ limit: 2 }))).toEqual([
      header,
      ...['ada', 'bob', 'eve'].map((identity) => ({ identity })),
    ])
    expect(sent.map(({ path }) => path)).toEqual([
      '/admin/export?limit=2',
      '/admin/export?limit=2&cursor=bob',
    ])
  })

  it('asks again for a part that was cut off or changed, and hands on nothing of it', async () => {
    const whole = part(['ada', 'bob'])
    for (const broken of [
      whole.slice(0, 120),
      whole.slice(0, whole.lastIndexOf('{')),
      whole.replace('ada', 'eva'),
      '',
    ]) {
      const { client, sent } = clientOf([() => ndjson(broken), () => ndjson(whole)])
      const found = await Array.fromAsync(client.exportPeople())
      expect(found.slice(1)).toEqual([{ identity: 'ada' }, { identity: 'bob' }])
      expect(sent).toHaveLength(2)
    }
  })

  it('of nobody is a header', async () => {
    const { client } = clientOf([() => ndjson(part([]))])
    expect(await Array.fromAsync(client.exportPeople())).toEqual([header])
  })

  it('fails where the answer is no lines', async () => {
    const { client } = clientOf([() => good({})])
    const failure = await failureOf(Array.fromAsync(client.exportPeople()))
    expect(failure.code).toBe('unexpected_answer')
  })
})

/** The answer to an import: `of` says what became of each identity that was sent. */
function outcomesOf(body: unknown, of: (identity: string) => object): string {
  const sent = String(body).trim().split('\n').slice(0, -1)
  const outcomes = sent.map((line, i) => {
    const { identity } = JSON.parse(line) as { identity: string }
    return { line: i + 1, identity, ...of(identity) }
  })
  return lines(...outcomes, { outcome: 'finished', checksum: 'verified' })
}

describe('importPeople', () => {
  const created = () => ({ outcome: 'created' })

  it('sends 500 people a request, whole in itself, and counts lines over all of them', async () => {
    const bodies: string[] = []
    const client = createClient({
      url: 'https://facegate.test',
      fetch: (_, { body }) => {
        bodies.push(`${body}`)
        return ndjson(outcomesOf(body, created))
      },
    })
    async function* people() {
      yield header as PeopleHeader
      for (let i = 0; i < 1001; i++) yield `{"identity":"p${i}"}\n`
    }
    const outcomes = await Array.fromAsync(client.importPeople(people()))
    expect(outcomes.map(({ line }) => line)).toEqual(Array.from({ length: 1001 }, (_, i) => i + 1))
    expect(outcomes.at(-1)!.identity).toBe('p1000')
    expect(bodies.map((body) => body.trim().split('\n').length)).toEqual([501, 501, 2])
    for (const body of bodies) {
      const start = body.trimEnd().lastIndexOf('\n') + 1
      expect(JSON.parse(body.slice(start))).toMatchObject({ sha256: sha256(body.slice(0, start)) })
    }
  })

  it('takes no more people than it sends', async () => {
    let taken = 0
    function* people() {
      for (;;) yield `{"identity":"p${taken++}"}`
    }
    const client = createClient({
      url: 'https://facegate.test',
      fetch: (_, { body }) => ndjson(outcomesOf(body, created)),
    })
    for await (const { line } of client.importPeople(people())) if (line === 501) break
    expect(taken).toBe(1000)
  })

  it('sends lines again that may succeed later, those alone', async () => {
    const sent: string[][] = []
    const waits: number[] = []
    const refusal = { outcome: 'refused', code: 'store_unavailable', detail: '', retryable: true }
    const lasting = { outcome: 'refused', code: 'duplicate_person', detail: '', retryable: false }
    const client = createClient({
      url: 'https://facegate.test',
      retry: { attempts: 3, wait: async (milliseconds) => void waits.push(milliseconds) },
      fetch: (_, { body }) => {
        const identities: string[] = []
        sent.push(identities)
        const text = outcomesOf(body, (identity) => {
          identities.push(identity)
          if (identity === 'bob') return lasting
          return identity === 'eve' && sent.length < 3 ? refusal : created()
        })
        return ndjson(text)
      },
    })
    const people = ['ada', 'bob', 'eve'].map((identity) => `{"identity":"${identity}"}`)
    const outcomes = await Array.fromAsync(client.importPeople(people))
    expect(outcomes.map(({ line, identity, outcome }) => [line, identity, outcome])).toEqual([
      [1, 'ada', 'created'],
      [2, 'bob', 'refused'],
      [3, 'eve', 'created'],
    ])
    expect(sent).toEqual([['ada', 'bob', 'eve'], ['eve'], ['eve']])
    expect(waits).toEqual([500, 1000])
  })

  it.each([
    ['broke off', lines({ line: 1, identity: 'ada', outcome: 'created' })],
    ['is of lines that arrived changed', lines({ outcome: 'finished', checksum: 'wrong' })],
  ])('sends lines again when the answer %s', async (_, broken) => {
    const whole = lines(
      { line: 1, identity: 'ada', outcome: 'unchanged' },
      { outcome: 'finished', checksum: 'verified' },
    )
    const { client, sent } = clientOf([() => ndjson(broken), () => ndjson(whole)])
    const outcomes = await Array.fromAsync(client.importPeople(['{"identity":"ada"}']))
    expect(outcomes).toEqual([{ line: 1, identity: 'ada', outcome: 'unchanged' }])
    expect(sent).toHaveLength(2)
  })

  it('fails rather than leave a person out', async () => {
    const answer = () => ndjson(lines({ outcome: 'finished', checksum: 'verified' }))
    const { client } = clientOf([answer])
    const failure = await failureOf(Array.fromAsync(client.importPeople(['{"identity":"ada"}'])))
    expect(failure).toMatchObject({ code: 'unexpected_answer' })
  })
})
