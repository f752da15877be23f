/**
 * One fault at a time, and everything that callers do under it. What a fault does not refuse works. Whatever happened: nobody
 * unknown matches, and once the fault is over there is exactly what was acknowledged, in every place that shows it.
 */

import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AppOptions } from '../../src/app.ts'
import { createEngine, loadModels } from '../../src/engine/face-engine.ts'
import { type ErrorCode, errorTable } from '../../src/errors/error-table.ts'
import { kvLatenessMs } from '../../src/gallery/kv/kv-gallery.ts'
import { copyTimeoutMs } from '../../src/identity/create-store.ts'
import { tellTimeoutMs } from '../../src/identity/objects/person-object.ts'
import { storeTimeoutMs } from '../../src/identity/reach/reach-store.ts'
import { serializeRecord } from '../../src/identity/record.ts'
import { expectProblem } from '../support/app/problems.ts'
import { resetStore } from '../support/app/reset-store.ts'
import {
  damageEntry,
  damageRecord,
  entryKey,
  keyOf,
  keysInKv,
  recordKey,
  replaceRecord,
  stateOf,
} from '../support/app/stored-people.ts'
import {
  adminKey,
  appKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../support/app/test-app.ts'
import { installTestClock, skipMs } from '../support/app/test-clock.ts'
import { testStore, testVault } from '../support/app/test-store.ts'
import { withFlippedByte } from '../support/doubles/damaged-assets.ts'
import {
  callsOfFaults,
  directory,
  fails,
  healFaults,
  isSlow,
  killObject,
  kv,
  losesItsAnswer,
  person,
  readsAs,
} from '../support/doubles/faults.ts'
import { staleKv } from '../support/doubles/stale-kv.ts'

type Send = (path: string, init: RequestInit) => Response | Promise<Response>
type Act = 'verify' | 'recognize' | 'enroll' | 'add' | 'rename' | 'list' | 'delete'
/** `done`: a match, or a change that is acknowledged. */
type Outcome = 'done' | 'no_match' | ErrorCode
/** A change that holds although it was not acknowledged: the same request again finds it done. */
interface Held {
  readonly code: ErrorCode
}

interface Fault {
  readonly name: string
  /** @param healthy sends to an app that has no fault */
  inject?(healthy: Send): void | Promise<void>
  /** What the Worker has in place of what it should have. */
  readonly bindings?: object
  readonly app?: Partial<AppOptions>
  /** What happens while the request is on its way. */
  meanwhile?(identity: string): Promise<void>
  /** Those that are tried; all unless given. */
  readonly acts?: readonly Act[]
  readonly refuses: Readonly<Partial<Record<Act, Exclude<Outcome, 'done'> | Held>>>
}

const acts: Readonly<Record<Act, { readonly about: string; send(send: Send): Promise<Response> }>> =
  {
    verify: { about: 'ada', send: (send) => verify(send, 'ada', 'face ada 0') },
    recognize: { about: 'ada', send: (send) => recognize(send, 'face ada 0') },
    enroll: { about: 'new', send: (send) => enroll(send, 'new', ['face new 0']) },
    add: {
      about: 'ada',
      send: async (send) =>
        await send(
          '/admin/identities/ada/images',
          json({ image: base64('face ada 0.1') }, adminKey),
        ),
    },
    rename: {
      about: 'ada',
      send: async (send) =>
        await send('/admin/identities/ada', json({ name: 'Lovelace' }, adminKey, 'PATCH')),
    },
    list: { about: 'ada', send: async (send) => await send('/admin/identities', get(adminKey)) },
    delete: {
      about: 'ada',
      send: async (send) =>
        await send('/admin/identities/ada', { method: 'DELETE', headers: bearer(adminKey) }),
    },
  }

const allActs = Object.keys(acts) as Act[]
const changes: readonly Act[] = ['enroll', 'add', 'rename', 'delete']
const each = <Refusal>(of: readonly Act[], refusal: Refusal) =>
  Object.fromEntries(of.map((act) => [act, refusal]))
const held: Held = { code: 'store_unavailable' }

/** The act has reached what the fault broke. */
const reached = () => expect.poll(callsOfFaults, { timeout: 10_000 }).toBeGreaterThan(0)

/** The act has waited so long for what the fault holds up that it waits no longer. */
const timeIsUp = (timeoutMs: number) => async (): Promise<void> => {
  await reached()
  skipMs(timeoutMs)
}

async function killOnceReached(identity: string): Promise<void> {
  await reached()
  await killObject(identity)
}

const faults: readonly Fault[] = [
  // KV: copies only. Whoever reads one by name asks the object instead; a list has no such way out but for what is known already.
  { name: 'KV fails to read', inject: () => kv(['get'], fails), refuses: {} },
  {
    name: 'KV is slow to read',
    inject: () => kv(['get'], isSlow),
    meanwhile: timeIsUp(copyTimeoutMs),
    acts: ['verify', 'recognize'],
    refuses: {},
  },
  { name: 'KV fails to write', inject: () => kv(['put', 'delete'], fails), refuses: {} },
  {
    name: 'KV is slow to write',
    inject: () => kv(['put', 'delete'], isSlow),
    meanwhile: timeIsUp(tellTimeoutMs),
    acts: ['enroll', 'delete'],
    refuses: {},
  },
  {
    name: 'KV fails to list',
    inject: () => kv(['list'], fails),
    refuses: each(['verify', 'recognize', 'enroll', 'add'], 'store_unavailable'),
  },
  {
    name: 'KV is slow to list',
    inject: () => kv(['list'], isSlow),
    meanwhile: timeIsUp(storeTimeoutMs),
    acts: ['recognize'],
    refuses: each(['recognize'], 'store_unavailable'),
  },
  {
    name: 'KV shows nobody yet',
    inject: () => readsAs(staleKv(env.IDENTITIES).kv),
    refuses: {},
  },
  {
    name: 'KV shows the face before, and who was deleted since',
    async inject(healthy) {
      await enroll(healthy, 'gone', ['face gone 0'])
      await enroll(healthy, 'ada', ['face old 0'], { name: 'Ada' })
      const late = staleKv(env.IDENTITIES)
      await late.catchUp()
      await enroll(healthy, 'ada', ['face ada 0'], { name: 'Ada' })
      await healthy('/admin/identities/gone', { method: 'DELETE', headers: bearer(adminKey) })
      readsAs(late.kv)
    },
    refuses: {},
  },

  {
    name: 'KV shows a version that the object does not have yet',
    async inject(healthy) {
      await enroll(healthy, 'old', ['face old 0'])
      const { store } = testStore()
      const found = await store.find('old')
      if (found.kind !== 'enrolled') throw new Error(found.kind)
      await healthy('/admin/identities/old', { method: 'DELETE', headers: bearer(adminKey) })
      const text = serializeRecord({ ...found.record, identity: 'ada', version: 9 })
      const key = recordKey('ada')
      await env.IDENTITIES.put(key, await testVault.seal('record', keyOf('ada'), text))
    },
    acts: ['verify', 'recognize', 'list'],
    refuses: {},
  },

  // The person's object: the truth, without which nothing is decided.
  {
    name: 'the object of a person fails to read',
    inject: () => person(['read', 'begin'], fails),
    refuses: each(['verify', 'recognize', 'enroll', 'add', 'rename'], 'store_unavailable'),
  },
  {
    name: 'the object of a person is slow to read',
    inject: () => person(['begin'], isSlow),
    meanwhile: timeIsUp(storeTimeoutMs),
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object admits an attempt and its answer is lost',
    inject: () => person(['begin'], losesItsAnswer),
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object fails to confirm a match',
    inject: () => person(['settle'], fails),
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object is slow to confirm a match',
    inject: () => person(['settle'], isSlow),
    meanwhile: timeIsUp(storeTimeoutMs),
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object confirms a match and its answer is lost',
    inject: () => person(['settle'], losesItsAnswer),
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object is killed before it has confirmed a match',
    inject: () => person(['settle'], isSlow),
    meanwhile: killOnceReached,
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object fails to confirm, and KV shows the face before',
    async inject(healthy) {
      await enroll(healthy, 'ada', ['face old 0'], { name: 'Ada' })
      const late = staleKv(env.IDENTITIES)
      await late.catchUp()
      await enroll(healthy, 'ada', ['face ada 0'], { name: 'Ada' })
      readsAs(late.kv)
      person(['settle'], fails)
    },
    acts: ['verify'],
    refuses: each(['verify'], 'store_unavailable'),
  },
  {
    name: 'the object of a person fails to commit',
    inject: () => person(['commit'], fails),
    refuses: each(changes, 'store_unavailable'),
  },
  {
    name: 'the object of a person is slow to commit',
    inject: () => person(['commit'], isSlow),
    meanwhile: timeIsUp(storeTimeoutMs),
    acts: ['enroll'],
    refuses: each(['enroll'], held),
  },
  {
    name: 'the answer of the object is lost',
    inject: () => person(['commit'], losesItsAnswer),
    refuses: each(changes, held),
  },
  {
    name: 'the object is killed before it has committed',
    inject: () => person(['commit'], isSlow),
    meanwhile: killOnceReached,
    acts: changes,
    refuses: each(changes, 'store_unavailable'),
  },
  {
    name: 'the object is killed between commit and copies',
    inject: () => kv(['put', 'delete'], isSlow),
    meanwhile: killOnceReached,
    acts: changes,
    refuses: each(changes, held),
  },
  {
    name: 'the object is killed between copies and directory',
    inject: () => directory(['change'], isSlow),
    meanwhile: killOnceReached,
    acts: changes,
    refuses: each(changes, held),
  },

  // The directory: a change is not acknowledged before it is listed, and a search must know of every change.
  {
    name: 'the directory fails to learn of changes',
    inject: () => directory(['change'], fails),
    refuses: each(changes, held),
  },
  {
    name: 'the directory is slow to learn of changes',
    inject: () => directory(['change'], isSlow),
    meanwhile: timeIsUp(tellTimeoutMs),
    acts: ['enroll'],
    refuses: each(['enroll'], held),
  },
  {
    name: 'the directory fails to tell',
    inject: () => directory(['people', 'changesSince', 'changesSinceTime'], fails),
    refuses: each(['verify', 'recognize', 'enroll', 'add', 'list'], 'store_unavailable'),
  },
  {
    name: 'the directory is slow to tell',
    inject: () => directory(['people', 'changesSince', 'changesSinceTime'], isSlow),
    meanwhile: timeIsUp(storeTimeoutMs),
    acts: ['recognize'],
    refuses: each(['recognize'], 'store_unavailable'),
  },
  {
    name: 'the directory fails altogether',
    inject: () => directory(['people', 'changesSince', 'changesSinceTime', 'change'], fails),
    refuses: {
      ...each(['verify', 'recognize', 'enroll', 'add', 'list'], 'store_unavailable'),
      ...each(['rename', 'delete'], held),
    },
  },

  // What the Worker itself is made of.
  {
    name: 'a shard of the weights is corrupt',
    app: { loadEngine: async () => createEngine(await loadModels(withFlippedByte('dlib-resnet'))) },
    refuses: each(['verify', 'recognize', 'enroll', 'add'], 'engine_unavailable'),
  },
  {
    name: 'the key that sealed everything is gone',
    bindings: { TEMPLATE_KEYS: `other:${btoa('k'.repeat(32))}` },
    acts: ['verify', 'recognize', 'add', 'rename', 'list', 'delete'],
    refuses: { ...each(['verify', 'add', 'rename'], 'record_unreadable'), recognize: 'no_match' },
  },
]

const logged: string[] = []
let stopClock: () => void
beforeEach(async () => {
  stopClock = installTestClock()
  logged.length = 0
  vi.spyOn(console, 'error').mockImplementation((text) => void logged.push(String(text)))
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await resetStore()
})
afterEach(() => {
  healFaults()
  stopClock()
  vi.restoreAllMocks()
})

async function verify(send: Send, identity: string, face: string): Promise<Response> {
  return await send('/verify', json({ identity, image: base64(face) }, appKey))
}
async function recognize(send: Send, face: string): Promise<Response> {
  return await send('/recognize', json({ image: base64(face) }, appKey))
}

async function outcomeOf(response: Response): Promise<Outcome> {
  if (response.status === 204) return 'done'
  const { code, decision = 'match' } = await response
    .clone()
    .json<{ code?: ErrorCode; decision?: 'match' | 'no_match' }>()
  if (code === undefined) return decision === 'match' ? 'done' : decision
  await expectProblem(response, code)
  return code
}

/** Who is enrolled: name and number of encodings. */
type People = Map<string, { readonly name?: string; readonly encodings: number }>

function peopleAfter(act: Act | null): People {
  const people: People = new Map([
    ['ada', { name: 'Ada', encodings: 1 }],
    ['bob', { encodings: 1 }],
  ])
  if (act === 'enroll') people.set('new', { encodings: 1 })
  if (act === 'add') people.set('ada', { name: 'Ada', encodings: 2 })
  if (act === 'rename') people.set('ada', { name: 'Lovelace', encodings: 1 })
  if (act === 'delete') people.delete('ada')
  return people
}

async function listed(send: Send): Promise<People> {
  const response = await send('/admin/identities', get(adminKey))
  const { identities } = await response.json<{
    identities: { identity: string; name?: string; encodings: number }[]
  }>()
  return new Map(
    identities.map(({ identity, name, encodings }) => [
      identity,
      { ...(name !== undefined && { name }), encodings },
    ]),
  )
}

/** Whom the tests know, enrolled or not. */
const everybody = ['ada', 'bob', 'new', 'gone', 'old']

/** In every place that shows people there are these, and nobody else. */
async function expectExactly(people: People): Promise<void> {
  const { send } = createTestApp()
  await expect.poll(() => listed(send), { timeout: 10_000 }).toEqual(people)
  const outcomes = await Promise.all(
    everybody.map(async (identity) => [
      identity,
      await outcomeOf(await verify(send, identity, `face ${identity} 0`)),
      await outcomeOf(await recognize(send, `face ${identity} 0`)),
    ]),
  )
  expect(outcomes).toEqual(
    everybody.map((identity) =>
      people.has(identity)
        ? [identity, 'done', 'done']
        : [identity, 'identity_not_found', 'no_match'],
    ),
  )
}

/** As no import stores it: the face of the person times each of these. */
async function storeEncodings(identity: string, factors: readonly number[]): Promise<void> {
  const { store } = testStore()
  const found = await store.find(identity)
  if (found.kind !== 'enrolled') throw new Error(found.kind)
  const [face] = found.record.encodings
  const encodings = factors.map((factor) => face!.map((value) => value * factor))
  const next = { ...found.record, version: found.version, encodings }
  await replaceRecord(
    identity,
    await testVault.seal('record', keyOf(identity), serializeRecord(next)),
  )
}

async function runAlarms(): Promise<void> {
  for (const identity of ['ada', 'new']) {
    await runDurableObjectAlarm(env.PERSON.getByName(identity))
  }
}

async function enrollTwo(send: Send): Promise<void> {
  expect((await enroll(send, 'ada', ['face ada 0'], { name: 'Ada' })).status).toBe(201)
  expect((await enroll(send, 'bob', ['face bob 0'])).status).toBe(201)
}

/** Enrolls two people, puts the fault in, and sends the request of the act. */
async function actUnder(fault: Fault, act: Act): Promise<Outcome> {
  const healthy = createTestApp().send
  await enrollTwo(healthy)
  await fault.inject?.(healthy)
  const { send: sendTo } = createTestApp(fault.app)
  const send: Send = (path, init) => sendTo(path, init, { ...env, ...fault.bindings })
  const [response, ...strangers] = await Promise.all([
    acts[act].send(send),
    ...(act === 'verify' ? [verify(send, 'ada', 'face old 0')] : []),
    ...(act === 'recognize' ? ['old', 'gone'].map((id) => recognize(send, `face ${id} 0`)) : []),
    fault.meanwhile?.(acts[act].about),
  ])
  for (const stranger of strangers) {
    if (stranger !== undefined) expect(await outcomeOf(stranger)).not.toBe('done')
  }
  return await outcomeOf(response)
}

describe.each(faults)('$name:', (fault) => {
  for (const act of fault.acts ?? allActs) {
    const refusal = fault.refuses[act]
    const isHeld = typeof refusal === 'object'
    const outcome = isHeld ? refusal.code : (refusal ?? 'done')
    const isChanged = outcome === 'done' || isHeld
    const fate = refusal === undefined ? 'works' : `is ${outcome}`

    it(`${act} ${fate}${isHeld ? ', holds, and is completed by the alarm' : ''}`, async () => {
      expect(await actUnder(fault, act)).toBe(outcome)
      healFaults()
      await runAlarms()
      const people = peopleAfter(isChanged ? act : null)
      await expectExactly(people)
      await expect.poll(keysInKv, { timeout: 10_000 }).toHaveLength(people.size * 2)
    })

    const isRetryable =
      outcome !== 'done' && outcome !== 'no_match' && errorTable[outcome].retryable
    if (!isRetryable || !changes.includes(act)) continue
    it(`${act}, sent again afterwards, is done once`, async () => {
      expect(await actUnder(fault, act)).toBe(outcome)
      healFaults()
      const again = await outcomeOf(await acts[act].send(createTestApp().send))
      // A deletion of which everybody knows already finds nobody.
      expect(act === 'delete' && isHeld ? ['done', 'identity_not_found'] : ['done']).toContain(
        again,
      )
      await expectExactly(peopleAfter(act))
    })
  }
})

describe.each(['ADMIN_KEY', 'APP_KEY', 'TEMPLATE_KEYS', 'IDENTITIES', 'PERSON', 'DIRECTORY'])(
  'without %s',
  (name) => {
    it('every act is not_configured, and nothing changes', async () => {
      await enrollTwo(createTestApp().send)
      const { send: sendTo } = createTestApp()
      const send: Send = (path, init) => sendTo(path, init, { ...env, [name]: undefined })
      for (const act of allActs) {
        expect(await outcomeOf(await acts[act].send(send)), act).toBe('not_configured')
      }
      expect(await outcomeOf(await verify(send, 'ada', 'face old 0'))).toBe('not_configured')
      await runAlarms()
      await expectExactly(peopleAfter(null))
      await expect.poll(keysInKv, { timeout: 10_000 }).toHaveLength(4)
    })
  },
)

describe('what is stored of a person, when', () => {
  const later = () => new Date(Date.now() + kvLatenessMs + 60_000)
  const damaged: readonly (readonly [string, () => Promise<void>, Outcome, Outcome])[] = [
    ['the record is damaged', () => damageRecord('ada'), 'record_unreadable', 'no_match'],
    [
      'the record is that of somebody else',
      async () => replaceRecord('ada', (await stateOf('bob'))!.person!.record),
      'record_unreadable',
      'no_match',
    ],
    [
      'the record is an older one of theirs',
      async () => {
        const { record } = (await stateOf('ada'))!.person!
        await acts.rename.send(createTestApp().send)
        await replaceRecord('ada', record)
      },
      'record_unreadable',
      'no_match',
    ],
    ...(
      [
        ['the encodings cancel each other out', [1, -1]],
        ['the encoding is denormal', [1e-40]],
      ] as const
    ).map(
      ([name, factors]) =>
        [name, () => storeEncodings('ada', factors), 'record_unreadable', 'no_match'] as const,
    ),
    [
      'the copy in KV is damaged',
      () => env.IDENTITIES.put(recordKey('ada'), 'damaged'),
      'done',
      'done',
    ],
    ['the copy in KV is gone', () => env.IDENTITIES.delete(recordKey('ada')), 'done', 'done'],
    [
      'the gallery entry in KV is damaged',
      () => env.IDENTITIES.put(entryKey('ada'), '', { metadata: { entry: 'damaged' } }),
      'done',
      'done',
    ],
    [
      'the gallery entry in KV is gone',
      () => env.IDENTITIES.delete(entryKey('ada')),
      'done',
      'done',
    ],
    [
      'the gallery entry in KV is that of somebody else',
      async () => {
        const { entry } = (await stateOf('bob'))!.person!
        await env.IDENTITIES.put(entryKey('ada'), '', { metadata: { entry } })
      },
      'done',
      'done',
    ],
    ['the gallery entry is damaged everywhere', () => damageEntry('ada'), 'done', 'no_match'],
  ]

  const rows = damaged.map(([name, damage, ...outcomes]) => [name, ...outcomes, damage] as const)
  it.each(rows)('%s: verify %s, recognize %s', async (_, verified, recognized, damage) => {
    const { send } = createTestApp()
    await enroll(send, 'ada', ['face ada 0'])
    await enroll(send, 'bob', ['face bob 0'])
    await damage()
    // An isolate that starts when the log of changes no longer tells what KV should.
    const isolate = createTestApp({ now: later }).send
    expect(await outcomeOf(await verify(isolate, 'ada', 'face ada 0'))).toBe(verified)
    if (verified !== 'done') expect(logged.join()).toContain('"code":"record_unreadable"')
    expect(await outcomeOf(await verify(isolate, 'ada', 'face bob 0'))).not.toBe('done')
    expect(await outcomeOf(await recognize(isolate, 'face ada 0'))).toBe(recognized)
    const bob = await (await recognize(isolate, 'face bob 0')).json()
    expect(bob).toMatchObject({ decision: 'match', identity: 'bob' })
    expect((await enroll(send, 'ada', ['face ada 0.1'])).status).toBe(200)
    expect(await outcomeOf(await verify(isolate, 'ada', 'face ada 0'))).toBe('done')
    expect(await outcomeOf(await recognize(isolate, 'face ada 0'))).toBe('done')
  })
})

describe('an alarm that meets the same fault', () => {
  it.each([
    ['KV', () => kv(['put'], fails)],
    ['the directory', () => directory(['change'], fails)],
  ])('in %s comes again, and repairs when it is over', async (_, inject) => {
    const { send } = createTestApp()
    inject()
    await enroll(send, 'new', ['face new 0'])
    await runAlarms()
    await runAlarms()
    expect(await stateOf('new')).toMatchObject({ version: 1, copiedVersion: 0, failures: 3 })
    healFaults()
    await runAlarms()
    expect(await stateOf('new')).toMatchObject({ listedVersion: 1, copiedVersion: 1, failures: 0 })
    expect(await keysInKv()).toHaveLength(2)
  })
})

describe('a gallery that is held in memory already', () => {
  it('is searched without KV, and knows of every change', async () => {
    const { send } = createTestApp()
    await enroll(send, 'ada', ['face ada 0'])
    expect(await outcomeOf(await recognize(send, 'face ada 0'))).toBe('done')
    kv(['get', 'list', 'put', 'delete'], fails)
    await enroll(send, 'new', ['face new 0'])
    expect((await acts.delete.send(send)).status).toBe(204)
    expect(await outcomeOf(await recognize(send, 'face new 0'))).toBe('done')
    expect(await outcomeOf(await recognize(send, 'face ada 0'))).toBe('no_match')
  })
})
