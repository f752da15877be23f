import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endpoints } from '../../../src/api/endpoints.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import { linePerson, outcomesOf, peopleFile, randomPeople } from '../../support/app/people-lines.ts'
import { subjectOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

interface Line {
  event?: string
  act: string
  role: string
  keyId?: string
  subject?: string
  subjects?: string[]
  outcome: string
  status: number
  model?: string
  fmr?: number
  requestId: string
}

const logged: string[] = []
beforeEach(() => {
  logged.length = 0
  for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...args) => {
      logged.push(args.map(String).join(' '))
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

function auditLines(): Line[] {
  return logged.map((text): Line => JSON.parse(text)).filter(({ event }) => event === 'audit')
}

const identity = 'secret-identity'
const name = 'Secret Name'
const image = base64(`face ${identity} 0.25`)
const body = { images: [image], name }

const lines = (text: string): RequestInit => ({
  method: 'POST',
  headers: { ...bearer(adminKey), 'Content-Type': 'application/x-ndjson' },
  body: text,
})

const terms = { identity, device: 'secret-device', liveness: 'active', poses: 'one_by_one' }

/** One good request of every endpoint that asks for a key, in an order in which all succeed. */
const requests: Readonly<Record<string, readonly [string, RequestInit]>> = {
  'PUT /admin/identities/{id}': [`/admin/identities/${identity}`, json(body, adminKey, 'PUT')],
  'POST /admin/identities/{id}/images': [
    `/admin/identities/${identity}/images`,
    json({ image }, adminKey),
  ],
  'GET /admin/identities': ['/admin/identities', get(adminKey)],
  'GET /admin/identities/{id}': [`/admin/identities/${identity}`, get(adminKey)],
  'PATCH /admin/identities/{id}': [
    `/admin/identities/${identity}`,
    json({ name }, adminKey, 'PATCH'),
  ],
  'GET /admin/export': ['/admin/export', get(adminKey)],
  'POST /admin/import': ['/admin/import', lines(peopleFile([]))],
  'POST /admin/re-encrypt': ['/admin/re-encrypt', { method: 'POST', headers: bearer(adminKey) }],
  'POST /admin/prune-models': [
    '/admin/prune-models',
    { method: 'POST', headers: bearer(adminKey) },
  ],
  'POST /admin/identities/{id}/unlock': [
    `/admin/identities/${identity}/unlock`,
    { method: 'POST', headers: bearer(adminKey) },
  ],
  'POST /sessions': ['/sessions', json(terms)],
  'POST /poses': ['/poses', { method: 'POST' }],
  'POST /poses/next': ['/poses/next', json({ photoSha256: 'ab'.repeat(32) })],
  'GET /sessions/{id}': ['/sessions/SESSION', get(appKey)],
  'DELETE /sessions/{id}': ['/sessions/SESSION', { method: 'DELETE', headers: bearer(appKey) }],
  'POST /challenge': ['/challenge', json({ identity })],
  'POST /verify': ['/verify', json({ identity, image, fmr: 0.001, device: 'secret-device' })],
  'POST /recognize': ['/recognize', json({ image })],
  'POST /compare': ['/compare', json({ left: image, right: image })],
  'POST /detect': ['/detect', json({ image })],
  'POST /encode': ['/encode', json({ image }, adminKey)],
  'DELETE /admin/identities/{id}': [
    `/admin/identities/${identity}`,
    { method: 'DELETE', headers: bearer(adminKey) },
  ],
}

const acts = endpoints
  .filter(({ role }) => role !== 'none')
  .map(({ method, path }) => `${method.toUpperCase()} ${path}`)

function roleOf(act: string): string {
  if (act.startsWith('POST /poses')) return 'session'
  return act.includes('/admin/') || act.endsWith('/encode') ? 'admin' : 'app'
}

/** All that a line may have. */
const told = [
  ...['level', 'event', 'requestId', 'role', 'keyId', 'act', 'subject', 'outcome', 'status'],
  ...['model', 'fmr'],
]

function expectNothingSecret(text: string) {
  for (const secret of [
    identity,
    name,
    image,
    adminKey,
    appKey,
    'second-app-key',
    'secret-device',
  ]) {
    expect(text).not.toContain(secret)
  }
  // A distance, a coordinate or a part of an encoding would show as a number; the rates are the only fractions told.
  expect(text.replaceAll(/\b0\.0+1\b/g, '')).not.toMatch(/\d\.\d/)
}

describe('every endpoint that asks for a key', () => {
  it('leaves one line a request, and nothing secret in any', async () => {
    expect(Object.keys(requests).sort()).toEqual([...acts].sort())
    const { send } = createTestApp()
    let opened = { session: '', token: '' }
    for (const [act, [path, init]] of Object.entries(requests)) {
      logged.length = 0
      const headers = { ...init.headers, ...(roleOf(act) === 'session' && bearer(opened.token)) }
      const asked = { ...init, headers }
      const response = await send(path.replace('SESSION', opened.session), asked)
      expect(response.ok, act).toBe(true)
      if (act === 'POST /sessions') opened = await response.json<typeof opened>()
      if (opened.token !== '') expect(logged.join()).not.toContain(opened.token)
      if (opened.session !== '') expect(logged.join()).not.toContain(opened.session)
      const [line, ...others] = auditLines()
      expect(others).toEqual([])
      expect(line).toMatchObject({
        act,
        status: response.status,
        requestId: response.headers.get('x-request-id'),
        role: roleOf(act),
        keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
      })
      for (const field of Object.keys(line)) expect(told).toContain(field)
      expectNothingSecret(logged.join('\n'))
    }
  })

  it.each(Object.entries(requests))('leaves one for a refused %s', async (act, [path, init]) => {
    const { send } = createTestApp()
    const wrong = { ...init, headers: { ...init.headers, ...bearer('wrong-secret-key') } }
    await send(path, wrong)
    expect(auditLines()).toMatchObject([
      { act, role: 'none', outcome: 'unauthorized', status: 401 },
    ])
    expect(auditLines()[0]).not.toHaveProperty('keyId')
    expect(logged.join()).not.toContain('wrong-secret-key')
    expectNothingSecret(logged.join('\n'))
  })

  it('that asks for none leaves none', async () => {
    const { send } = createTestApp()
    for (const path of ['/health', '/openapi.json', '/.well-known/jwks.json', '/nothing']) {
      await send(path)
    }
    expect(auditLines()).toEqual([])
  })
})

describe('a request with the token of a session', () => {
  it('is told with the role session, the key that opened it and the person, and no token', async () => {
    const { send } = createTestApp()
    await enroll(send, identity)
    const [enrolled] = auditLines()
    const { token, session } = await (await send('/sessions', json({ identity }))).json<{
      token: string
      session: string
    }>()
    logged.length = 0
    await send('/verify', json({ image }, token))
    await send('/verify', json({ image }, token))
    await send('/detect', json({ image }, token))
    await send(`/sessions/${session}`, get(appKey))
    const app = { role: 'app', subject: enrolled.subject }
    const phone = { role: 'session', subject: enrolled.subject }
    expect(auditLines()).toMatchObject([
      { ...phone, act: 'POST /verify', outcome: 'match', status: 200, fmr: 0.001 },
      { ...phone, act: 'POST /verify', outcome: 'session_over', status: 401 },
      { role: 'session', act: 'POST /detect', outcome: 'forbidden', status: 403 },
      { ...app, act: 'GET /sessions/{id}', outcome: 'match', status: 200 },
    ])
    const [line] = auditLines()
    expect(new Set(auditLines().map(({ keyId }) => keyId))).toEqual(new Set([line.keyId]))
    for (const secret of [token, session]) expect(logged.join()).not.toContain(secret)
    expectNothingSecret(logged.join())
  })
})

describe('a decision', () => {
  it('is told with its model and rate, and the person always by the same name', async () => {
    const { send } = createTestApp()
    await enroll(send, identity)
    const [enrolled] = auditLines()
    logged.length = 0
    await send('/verify', json({ identity, image }))
    const lax = { ...env, FMR: 0.01 }
    await send('/verify', json({ identity, image: base64('face stranger 0') }), lax)
    await send('/verify', json({ identity, image: base64('no_face') }))
    await send('/recognize', json({ image }))
    await send('/verify', json({ identity: 'nobody', image }))
    const lines = auditLines()
    expect(lines.map(({ outcome, status, fmr }) => ({ outcome, status, fmr }))).toEqual([
      { outcome: 'match', status: 200, fmr: 0.001 },
      { outcome: 'no_match', status: 200, fmr: 0.01 },
      { outcome: 'no_face', status: 422, fmr: undefined },
      { outcome: 'match', status: 200, fmr: 0.001 },
      { outcome: 'identity_not_found', status: 404, fmr: undefined },
    ])
    expect(enrolled.subject).toBe(subjectOf(identity))
    const subjects = lines.map(({ subject }) => subject)
    expect(subjects.slice(0, 4)).toEqual(Array(4).fill(enrolled.subject))
    expect(subjects[4]).toBe(subjectOf('nobody'))
    expectNothingSecret(logged.join('\n'))
  })

  it('that was not made for a fault of ours is told as such', async () => {
    const { send } = createTestApp()
    const bindings = { ...env, PERSON: faultyObjects(env.PERSON, 'begin', 'down') }
    await send('/verify', json({ identity, image }), bindings)
    await send('/detect', json({ image: base64('crash') }))
    expect(auditLines()).toMatchObject([
      { act: 'POST /verify', outcome: 'store_unavailable', status: 503 },
      { act: 'POST /detect', outcome: 'internal', status: 500 },
    ])
    expectNothingSecret(logged.join('\n'))
  })

  it('goes to Analytics Engine too, when it is bound', async () => {
    const AUDIT = { writeDataPoint: vi.fn() }
    await createTestApp().send('/compare', json({ left: image, right: image }), { ...env, AUDIT })
    expect(AUDIT.writeDataPoint).toHaveBeenCalledTimes(1)
    expect(AUDIT.writeDataPoint.mock.calls[0][0]).toMatchObject({
      indexes: ['POST /compare'],
      blobs: expect.arrayContaining(['match', 'app']),
    })
    expectNothingSecret(JSON.stringify(AUDIT.writeDataPoint.mock.calls))
  })
})

describe('an act of an administrator', () => {
  it('that a key of the role app tried is told, with that key', async () => {
    const { send } = createTestApp()
    await send(`/admin/identities/${identity}`, { method: 'DELETE', headers: bearer(appKey) })
    expect(auditLines()).toMatchObject([
      { act: 'DELETE /admin/identities/{id}', outcome: 'forbidden', role: 'app' },
    ])
  })
})

describe('a request that changes many people', () => {
  const identities = ['secret-ada', 'secret-bob', 'secret-cleo']
  const people = identities.map((id) => linePerson(id))

  it('leaves lines that say who was created and who replaced, beside its own', async () => {
    const { send } = createTestApp()
    const before = [linePerson('secret-ada', { name })]
    await outcomesOf(await send('/admin/import', lines(peopleFile(before))))
    logged.length = 0
    const AUDIT = { writeDataPoint: vi.fn() }
    const response = await send('/admin/import', lines(peopleFile(people)), { ...env, AUDIT })
    expect((await outcomesOf(response)).map(({ outcome }) => outcome)).toEqual([
      ...['replaced', 'created', 'created', 'finished'],
    ])
    const about = { act: 'POST /admin/import', role: 'admin', status: 200 }
    expect(auditLines()).toMatchObject([
      { ...about, outcome: 'ok' },
      {
        ...about,
        outcome: 'created',
        subjects: [subjectOf('secret-bob'), subjectOf('secret-cleo')],
      },
      { ...about, outcome: 'replaced', subjects: [subjectOf('secret-ada')] },
    ])
    expect(AUDIT.writeDataPoint.mock.calls[1][0].blobs).toContain(
      `${subjectOf('secret-bob')} ${subjectOf('secret-cleo')}`,
    )
    expectNothingSecret(logged.join('\n'))
    expect(logged.join('\n')).not.toMatch(/secret-(ada|bob|cleo)/)
  })

  it('names nobody whom it left as they were', async () => {
    const { send } = createTestApp()
    await outcomesOf(await send('/admin/import', lines(peopleFile(people))))
    logged.length = 0
    await outcomesOf(await send('/admin/import', lines(peopleFile(people))))
    expect(auditLines()).toMatchObject([{ act: 'POST /admin/import', outcome: 'ok' }])
  })

  it('says whose encodings of another network were forgotten', async () => {
    const { send } = createTestApp()
    const other = { model: 'other-network@00000000', encodings: [fakeEncoding('secret-bob', 1)] }
    const sent = [linePerson('secret-ada'), linePerson('secret-bob', { other })]
    await outcomesOf(await send('/admin/import', lines(peopleFile(sent))))
    logged.length = 0
    await send('/admin/prune-models', { method: 'POST', headers: bearer(adminKey) })
    const about = { act: 'POST /admin/prune-models', role: 'admin', status: 200 }
    expect(auditLines()).toMatchObject([
      { ...about, outcome: 'forgotten', subjects: [subjectOf('secret-bob')] },
      { ...about, outcome: 'ok' },
    ])
  })

  it('puts fifty people into a line', async () => {
    const { send } = createTestApp()
    const many = lines(peopleFile(randomPeople(120)))
    await outcomesOf(await send('/admin/import?allowDuplicate=true', many))
    const counts = auditLines().flatMap(({ subjects }) => subjects?.length ?? [])
    expect(Math.max(...counts)).toBeLessThanOrEqual(50)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(120)
  })
})
