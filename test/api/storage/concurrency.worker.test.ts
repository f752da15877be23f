import { beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { keysInKv, stateOf } from '../../support/app/stored-people.ts'
import { adminKey, base64, bearer, createTestApp, get, json } from '../../support/app/test-app.ts'
import { seededRandom } from '../../support/random.ts'

beforeEach(() => resetStore())

/** Several isolates, which share nothing but what is stored. */
const isolates = Array.from({ length: 4 }, () => createTestApp().send)

type Kind = 'put' | 'add' | 'delete'

interface Outcome {
  readonly kind: Kind
  readonly identity: string
  readonly status: number
  /** Of an answer that has one. */
  readonly version: number | null
  readonly encodings: number | null
}

/** Every photo is another one, so that each acknowledged enrollment is a change. */
async function request(
  kind: Kind,
  identity: string,
  photo: number,
  fields: object = {},
): Promise<Outcome> {
  const send = isolates[photo % isolates.length]
  const path = `/admin/identities/${identity}`
  const image = base64(`face ${identity} ${(photo * 0.0015).toFixed(4)}`)
  const responses = {
    put: () => send(path, json({ image, ...fields }, adminKey, 'PUT')),
    add: () => send(`${path}/images`, json({ image, ...fields }, adminKey)),
    delete: () => send(path, { method: 'DELETE', headers: bearer(adminKey) }),
  }
  const response = await responses[kind]()
  const etag = response.headers.get('etag')
  const body = response.status === 204 ? null : await response.json<{ encodings?: number }>()
  return {
    kind,
    identity,
    status: response.status,
    version: etag === null ? null : Number(etag.slice(1, -1)),
    encodings: body?.encodings ?? null,
  }
}

const isAcknowledged = ({ status }: Outcome): boolean => status < 300

/**
 * How many encodings a person has after their acknowledged changes, one after the other in the order of their versions. A
 * deletion tells no version: it is one that no enrollment has, and two deletions at once may both tell of it.
 */
function replay(outcomes: readonly Outcome[], lastVersion: number): number {
  const acknowledged = outcomes.filter(isAcknowledged)
  const enrollments = acknowledged.filter(({ kind }) => kind !== 'delete')
  const byVersion = new Map(enrollments.map((outcome) => [outcome.version, outcome]))
  expect(byVersion.size).toBe(enrollments.length)
  const deletions = lastVersion - enrollments.length
  const told = acknowledged.length - enrollments.length
  expect(deletions).toBeLessThanOrEqual(told)
  expect(deletions > 0).toBe(told > 0)
  let encodings = 0
  for (let version = 1; version <= lastVersion; version++) {
    const change = byVersion.get(version)
    if (change === undefined) encodings = 0
    else {
      encodings = change.kind === 'put' ? 1 : encodings + 1
      expect(change.encodings).toBe(encodings)
    }
  }
  return encodings
}

async function listed(): Promise<Map<string, number>> {
  const [send] = isolates
  const response = await send('/admin/identities?limit=1000', get(adminKey))
  const { identities } = await response.json<{
    identities: { identity: string; encodings: number }[]
  }>()
  return new Map(identities.map(({ identity, encodings }) => [identity, encodings]))
}

/** Everybody with their encodings, as the export has them. */
async function exported(): Promise<Map<string, number>> {
  const [send] = isolates
  const lines = (await (await send('/admin/export', get(adminKey))).text()).trim().split('\n')
  const people = lines
    .map((line) => JSON.parse(line) as { identity?: string; encodings?: unknown[] })
    .filter(({ encodings }) => encodings !== undefined)
  return new Map(people.map(({ identity, encodings }) => [identity!, encodings!.length]))
}

/** Everything that shows who is enrolled shows what the acknowledged changes come to, and nothing else. */
async function expectExactly(outcomes: readonly Outcome[], people: readonly string[]) {
  const expected = new Map<string, number>()
  for (const identity of people) {
    const ofPerson = outcomes.filter((outcome) => outcome.identity === identity)
    const encodings = replay(ofPerson, (await stateOf(identity))!.version)
    if (encodings > 0) expected.set(identity, encodings)
  }
  expect(await listed()).toEqual(expected)
  expect(await exported()).toEqual(expected)
  // What KV was too slow for, the alarm writes.
  await expect.poll(keysInKv, { timeout: 20_000 }).toHaveLength(expected.size * 2)
  const { send } = createTestApp()
  for (const identity of people) {
    const image = base64(`face ${identity} 0`)
    const recognized = await send('/recognize', json({ image }))
    const found = expected.has(identity) ? identity : undefined
    expect((await recognized.json<{ identity?: string }>()).identity, identity).toBe(found)
    const verified = await send('/verify', json({ identity, image }))
    if (found === undefined) await expectProblem(verified, 'identity_not_found')
    else expect(await verified.json()).toMatchObject({ decision: 'match' })
  }
}

/** All at once, in an order that a seed chooses. */
async function storm(
  count: number,
  people: readonly string[],
  seed: number,
  fields: object = {},
): Promise<Outcome[]> {
  const random = seededRandom(seed)
  const kinds: readonly Kind[] = ['put', 'put', 'add', 'add', 'add', 'delete']
  return await Promise.all(
    Array.from({ length: count }, (_, photo) => {
      const kind = kinds[Math.floor(random() * kinds.length)]
      return request(kind, people[Math.floor(random() * people.length)], photo, fields)
    }),
  )
}

describe('changes at the same moment', () => {
  it('to one person: nine photos that are added at once are all kept', async () => {
    await request('put', 'a', 0)
    const added = await Promise.all(Array.from({ length: 9 }, (_, i) => request('add', 'a', i + 1)))
    expect(added.map(({ status }) => status)).toEqual(Array(9).fill(200))
    expect(added.map(({ encodings }) => encodings).sort((a, b) => a! - b!)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    expect(await listed()).toEqual(new Map([['a', 10]]))
  })

  it('to one person: a photo is added to whoever is there, or to nobody', async () => {
    await request('put', 'a', 0)
    const outcomes = await Promise.all([
      request('add', 'a', 1),
      request('delete', 'a', 2),
      request('add', 'a', 3),
      request('put', 'a', 4),
    ])
    for (const { status } of outcomes) expect([200, 201, 204, 404]).toContain(status)
    const first = { kind: 'put', identity: 'a', status: 201, version: 1, encodings: 1 } as const
    await expectExactly([first, ...outcomes], ['a'])
  })

  it('50, to eight people: exactly what was acknowledged is there', async () => {
    const people = [...'abcdefgh']
    const first = await Promise.all(people.map((id, i) => request('put', id, 190 + i)))
    const outcomes = await storm(50, people, 1)
    for (const { status } of outcomes) expect([200, 201, 204, 400, 404]).toContain(status)
    expect(outcomes.filter(isAcknowledged).length).toBeGreaterThan(20)
    await expectExactly([...first, ...outcomes], people)
  })

  it('200, to twenty people: exactly what was acknowledged is there', async () => {
    const people = [...'abcdefghijklmnopqrst']
    const first = await Promise.all(people.map((id, i) => request('put', id, 200 + i)))
    const outcomes = await storm(200, people, 2, { allowDuplicate: true })
    for (const { status } of outcomes) expect([200, 201, 204, 400, 404]).toContain(status)
    expect(outcomes.filter(isAcknowledged).length).toBeGreaterThan(100)
    await expectExactly([...first, ...outcomes], people)
  }, 120_000)
})
