/** What ends a command that talks to a Worker, and where it finds address and key. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { CommandFault } from '../../scripts/front/fault.ts'
import { enrollPeople } from '../../scripts/people/enroll-people.ts'
import { listPeople } from '../../scripts/people/list-people.ts'
import { connectWorker } from '../../scripts/people/worker.ts'
import { addressOf, urlOf } from '../../scripts/people/worker-address.ts'

const key = 'worker-test-key'

/** Waits by length; none is waited for. */
const sleeps = vi.hoisted((): number[] => [])
vi.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number) => {
    sleeps.push(milliseconds)
  },
}))

interface Reply {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

let folder: string
let people: ReadonlyMap<string, readonly string[]>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-worker-'))
  const photo = join(folder, 'photo.jpg')
  await writeFile(photo, 'a photo')
  people = new Map(Array.from({ length: 300 }, (_, i) => [`p${i}`, [photo]]))
})
afterAll(() => rm(folder, { recursive: true }))

let server: Server
let url: string
let seen: string[]
let answer: (path: string, request: number) => Reply | 'hang up'
beforeEach(async () => {
  seen = []
  sleeps.length = 0
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      seen.push(request.url!)
      const reply = answer(request.url!, seen.length)
      if (reply === 'hang up') return void request.socket.destroy()
      response.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers })
      response.end(JSON.stringify(reply.body ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function problem(status: number, code: string, retryable = false, headers = {}): Reply {
  return { status, headers, body: { code, detail: 'why', hint: 'what to do', retryable } }
}

async function faultOf(call: Promise<unknown>): Promise<CommandFault> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  )
  if (!(outcome instanceof CommandFault)) throw new Error(`expected a fault, got ${outcome}`)
  return outcome
}

const isHealth = (path: string) => path === '/health'

describe('a Worker that is down', () => {
  it('ends an enrollment of 300 at the first person, at once, and asks for npm start', async () => {
    await new Promise((resolve) => server.close(resolve))
    const steps: (string | undefined)[] = []
    const bar = { start() {}, step: (note?: string) => void steps.push(note), stop: vi.fn() }
    const fault = await faultOf(enrollPeople(people, { url, key }, bar))
    expect(fault.message).toBe(`${url} does not answer (ECONNREFUSED); is \`npm start\` running?`)
    expect(fault.exitCode).toBe(1)
    expect(sleeps).toEqual([])
    expect(steps).toEqual([])
    expect(bar.stop).toHaveBeenCalledOnce()
  })

  it('is asked for otherwise when it is not on this machine', async () => {
    const worker = connectWorker({ url: 'https://facegate.invalid', key })
    const fault = await faultOf(worker.ask((client) => client.getIdentity('eve')))
    expect(fault.message).toMatch(
      /^https:\/\/facegate\.invalid does not answer \(\w+\); is the address right, and the Worker deployed\?$/,
    )
    expect(sleeps).toEqual([])
  })

  it('after it served is waited for, and then ends the command', async () => {
    answer = (_, request) => {
      if (request === 1) return { status: 201 }
      return 'hang up'
    }
    const fault = await faultOf(enrollPeople(people, { url, key }))
    expect(fault.message).toContain('is `npm start` running?')
    expect(sleeps).toEqual([500, 1000, 2000, 4000])
    expect(seen.filter((path) => path.endsWith('/p2'))).toEqual([])
  })

  it('is no matter of one person whose photos alone break the connection', async () => {
    answer = (path) => {
      if (isHealth(path)) return { status: 200, body: { ok: true } }
      return path.endsWith('/p1') ? 'hang up' : { status: 201 }
    }
    const three = new Map([...people].slice(0, 3))
    expect(await enrollPeople(three, { url, key })).toEqual([
      { identity: 'p0', photos: 1 },
      { identity: 'p1', photos: 1, failure: 'network_failed: The service could not be reached.' },
      { identity: 'p2', photos: 1 },
    ])
  })

  it('ends a listing', async () => {
    await new Promise((resolve) => server.close(resolve))
    const listing = Array.fromAsync(listPeople(connectWorker({ url, key })))
    expect((await faultOf(listing)).message).toContain('is `npm start` running?')
  })
})

describe('a key that the Worker refuses', () => {
  it.each([
    [401, 'unauthorized', 'refuses the key of .dev.vars; unauthorized: why'],
    [403, 'forbidden', 'refuses the key of .dev.vars, expected an admin key; forbidden: why'],
  ])('(%i) is shown once', async (status, code, message) => {
    answer = () => problem(status, code)
    const address = { url, key, keyFrom: '.dev.vars' }
    const fault = await faultOf(enrollPeople(people, address))
    expect(fault.message).toBe(`${url} ${message}`)
    expect(fault.message).not.toContain(key)
    expect(seen).toEqual(['/admin/identities/p0'])
  })

  it('is not shown again while the Worker takes no keys at all', async () => {
    answer = () => problem(429, 'rate_limited', true, { 'Retry-After': '42' })
    const fault = await faultOf(enrollPeople(people, { url, key }))
    expect(fault.message).toBe(
      `${url} was shown too many wrong keys; check the key of --key and try again in 42 s; rate_limited: why`,
    )
    expect(seen).toHaveLength(1)
  })
})

describe('a Worker that is not configured', () => {
  it('ends the command with what it lacks', async () => {
    answer = () => problem(503, 'not_configured', true)
    const fault = await faultOf(enrollPeople(people, { url, key }))
    expect(fault.message).toBe(`${url} cannot serve; not_configured: why`)
    expect(seen).toHaveLength(1)
  })
})

describe('a server that is not facegate', () => {
  it('ends the command, also where it refuses to enroll with the status of a fault that may pass', async () => {
    const html = { 'Content-Type': 'text/html' }
    answer = (path) => ({ status: isHealth(path) ? 404 : 501, headers: html })
    const fault = await faultOf(enrollPeople(people, { url, key }))
    expect(fault.message).toBe(
      `${url} does not answer as facegate does; is the address right? Status 404 with "text/html", expected JSON of facegate.`,
    )
    expect(seen.filter((path) => path.endsWith('/p2'))).toEqual([])
  })

  it('may be a gateway before it, whose page concerns one person while /health answers', async () => {
    answer = (path) => {
      if (isHealth(path)) return { status: 200, body: { ok: true } }
      if (!path.endsWith('/p1')) return { status: 201 }
      return { status: 502, headers: { 'Content-Type': 'text/html' } }
    }
    const three = new Map([...people].slice(0, 3))
    expect((await enrollPeople(three, { url, key })).map(({ failure }) => failure)).toEqual([
      undefined,
      'unexpected_answer: Status 502 with "text/html", expected JSON of facegate.',
      undefined,
    ])
  })
})

describe('the model that runs', () => {
  it('is unknown while the network does not start', async () => {
    answer = () => problem(503, 'engine_unavailable', true)
    expect(await connectWorker({ url, key }).runningModel()).toBeNull()
    answer = () => ({ status: 200, body: { ok: true, model: 'net@00000000' } })
    expect(await connectWorker({ url, key }).runningModel()).toBe('net@00000000')
  })
})

describe('--url', () => {
  it.each([
    ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['localhost:8787', 'http://localhost:8787'],
    ['[::1]:8787/', 'http://[::1]:8787/'],
    ['facegate.example.workers.dev', 'https://facegate.example.workers.dev'],
    ['faces.example.com:8443/gate', 'https://faces.example.com:8443/gate'],
    ['https://facegate.example.workers.dev', 'https://facegate.example.workers.dev'],
    ['http://127.0.0.1:8787/', 'http://127.0.0.1:8787/'],
  ])('%s is %s', (text, expected) => {
    expect(urlOf(text)).toBe(expected)
  })

  it.each([
    '',
    '8787',
    ':8787',
    'localhos',
    'ftp://facegate.example',
    'http://facegate.example',
    'http://10.0.0.7:8787',
    'http://127.0.0.1.example:8787',
    'https://facegate.example?key=1',
    'https://facegate.example:99999',
    '127.0.0.1:8787 --key',
    'file:///etc/passwd',
  ])('%j is refused in one line with exit code 2', (text) => {
    const refusal = (() => {
      try {
        return urlOf(text)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(CommandFault)
    expect(refusal).toMatchObject({
      message: `--url is "${text}", expected https://facegate.example.workers.dev or, for this machine alone, http://127.0.0.1:8787`,
      exitCode: 2,
    })
  })

  it('is not shown with a password in it', () => {
    expect(() => urlOf('https://me:secret@facegate.example')).toThrow(
      '--url is "https://...@facegate.example"',
    )
  })
})

describe('the key', () => {
  const here = 'http://127.0.0.1:8787'

  it('is the one that was given, then that of the environment, then that of .dev.vars', async () => {
    vi.stubEnv('ADMIN_KEY', 'a-key-of-the-environment,another')
    expect(await addressOf({ url: here, key })).toEqual({ url: here, key, keyFrom: '--key' })
    expect(await addressOf({ url: here })).toEqual({
      url: here,
      key: 'a-key-of-the-environment',
      keyFrom: 'the environment variable ADMIN_KEY',
    })
    vi.stubEnv('ADMIN_KEY', '')
    expect((await addressOf({ url: here })).keyFrom).toBe('.dev.vars')
  })

  it('that no header can carry is refused without being shown', async () => {
    const fault = await faultOf(addressOf({ url: here, key: 'schlüssel 1' }))
    expect(fault.message).toBe('the key of --key is none; expected visible ASCII characters')
    expect(fault.exitCode).toBe(2)
  })
})
