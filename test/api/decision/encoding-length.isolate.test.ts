/**
 * Encoders of other lengths than those that ship, from the photo to the decision: a small one of 64 and one of 512 numbers, run
 * for real, through every endpoint that has to do with encodings, with the index in KV and the packed one.
 */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundledAssets } from '../../../src/engine/bundled-engine.ts'
import type { FaceEngine } from '../../../src/engine/face-engine.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { formatPerson } from '../../../src/people/lines/people-lines.ts'
import { refreshIndex } from '../../../src/refresh-index.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { adminKey, appKey, bearer, createTestApp, get, json } from '../../support/app/test-app.ts'
import { smallEncoder, smallEngine, smallPhoto } from '../../support/networks/small-encoder.ts'

const people = [0, 1, 2, 3, 4, 5]
const stranger = 6
const indexes = ['kv', 'packed'] as const

beforeAll(() => startBackend(bundledAssets.backend))
beforeEach(async () => {
  await resetStore()
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

const image = (person: number, photo: number): string =>
  btoa(String.fromCharCode(...smallPhoto(person, photo)))

/** A new isolate in which this engine runs. */
function isolate(engine: FaceEngine, INDEX: (typeof indexes)[number] = 'kv') {
  const bindings = { ...env, INDEX, UNCALIBRATED: '0.3' }
  const { send } = createTestApp({ loadEngine: async () => engine })
  const ask = async (path: string, init: RequestInit) =>
    await (await send(path, init, bindings)).json<Record<string, unknown>>()
  return {
    send: (path: string, init: RequestInit) => send(path, init, bindings),
    enroll: async (person: number) =>
      await send(
        `/admin/identities/p${person}`,
        json({ images: [image(person, 0), image(person, 1)] }, adminKey, 'PUT'),
        bindings,
      ),
    recognize: (person: number) => ask('/recognize', json({ image: image(person, 2) })),
    verify: (identity: string, person: number) =>
      ask('/verify', json({ identity, image: image(person, 2) })),
    ask,
  }
}

async function enrollAll(engine: FaceEngine): Promise<void> {
  const { enroll } = isolate(engine)
  for (const person of people) expect((await enroll(person)).status).toBe(201)
}

/** Where KV has the entries of everybody. */
async function entryCopies() {
  const { keys } = await env.IDENTITIES.list<Record<string, unknown>>({ prefix: 'gallery:' })
  return await Promise.all(
    keys.map(async ({ name, metadata }) => ({
      metadata: Object.keys(metadata!),
      value: await env.IDENTITIES.get(name),
    })),
  )
}

async function expectEverybodyFound(engine: FaceEngine): Promise<void> {
  for (const index of indexes) {
    if (index === 'packed') {
      const report = await refreshIndex(
        { ...env, INDEX: index },
        { now: new Date(), source: engine, metric: 'l2' },
      )
      expect(report).toMatchObject({ people: people.length, isComplete: true })
    }
    const { recognize } = isolate(engine, index)
    for (const person of people) {
      expect(await recognize(person)).toMatchObject({ decision: 'match', identity: `p${person}` })
    }
    expect(await recognize(stranger)).toMatchObject({ decision: 'no_match', candidates: [] })
  }
}

describe.each([64, 512])('an encoder of %i numbers', (length) => {
  let engine: FaceEngine
  beforeAll(() => {
    engine = smallEngine(smallEncoder(length))
  })

  it('gives as many', async () => {
    expect(engine.encodingLength).toBe(length)
    const request = json({ image: image(0, 0) }, adminKey)
    const { encoding } = await isolate(engine).ask('/encode', request)
    expect(encoding).toHaveLength(length)
  })

  it('finds each person in either index, and nobody else', async () => {
    await enrollAll(engine)
    await expectEverybodyFound(engine)
  })

  it('verifies each person, and nobody else', async () => {
    await enrollAll(engine)
    const { verify } = isolate(engine)
    for (const person of people) {
      for (const other of people.filter((other) => other !== person)) {
        expect(await verify(`p${person}`, other)).toMatchObject({ decision: 'no_match' })
        // Each match ends the count of failures, which would lock the person out.
        expect(await verify(`p${person}`, person)).toMatchObject({ decision: 'match' })
      }
    }
  })

  it('enrolls nobody twice', async () => {
    await enrollAll(engine)
    const again = json({ image: image(3, 2) }, adminKey, 'PUT')
    const detail = await expectProblem(
      await isolate(engine).send('/admin/identities/twin', again),
      'duplicate_person',
    )
    expect(detail).toContain('p3')
  })

  it('exports people who can be imported again, to the bit', async () => {
    await enrollAll(engine)
    const exportAll = async () =>
      await (await isolate(engine).send('/admin/export', get(adminKey))).text()
    const before = await exportAll()
    await resetStore()
    const answer = await isolate(engine).send('/admin/import', lines(before))
    expect((await answer.text()).match(/"outcome":"created"/g)).toHaveLength(people.length)
    const encodingsOf = (text: string) => text.match(/"encodings":\[[^\]]*\]/g)
    expect(encodingsOf(await exportAll())).toEqual(encodingsOf(before))
    await expectEverybodyFound(engine)
  })
})

function lines(body: string): RequestInit {
  const headers = { ...bearer(adminKey), 'Content-Type': 'application/x-ndjson' }
  return { method: 'POST', headers, body }
}

/** The same people as another network sees them, to be stored beside what is there. */
async function importBeside(running: FaceEngine, next: FaceEngine): Promise<void> {
  const body = await Promise.all(
    people.map(async (person) => {
      const { encoding } = await next.encode(smallPhoto(person, 0))
      return formatPerson({ identity: `p${person}`, model: next.model, encodings: [encoding] })
    }),
  )
  const answer = await isolate(running).send('/admin/import?secondModel=true', lines(body.join('')))
  expect((await answer.text()).match(/"outcome":"replaced"/g)).toHaveLength(people.length)
}

describe('people of two networks', () => {
  it('of 64 and 512 numbers are found by either, in either index', async () => {
    const [small, large] = [smallEngine(smallEncoder(64)), smallEngine(smallEncoder(512))]
    await enrollAll(small)
    await importBeside(small, large)
    await expectEverybodyFound(small)
    await expectEverybodyFound(large)
  })

  it('of 512 numbers each are found by either, in either index', async () => {
    const [one, two] = [smallEngine(smallEncoder(512), 1), smallEngine(smallEncoder(512), 2)]
    await enrollAll(one)
    await importBeside(one, two)
    await expectEverybodyFound(one)
    await expectEverybodyFound(two)
  })

  it('are compared with no encoding of the other', async () => {
    const [small, large] = [smallEngine(smallEncoder(64)), smallEngine(smallEncoder(512))]
    await enrollAll(small)
    const { send } = isolate(large)
    const verify = json({ identity: 'p0', image: image(0, 2) }, appKey)
    await expectProblem(await send('/verify', verify), 'model_mismatch')
    const recognize = json({ image: image(0, 2) }, appKey)
    await expectProblem(await send('/recognize', recognize), 'model_mismatch')
  })
})

describe('the copy of an entry in KV', () => {
  it('is in the metadata while it fits there, and in the value when it does not', async () => {
    const [small, large] = [smallEngine(smallEncoder(64)), smallEngine(smallEncoder(512))]
    await enrollAll(small)
    for (const copy of await entryCopies()) expect(copy).toEqual({ metadata: ['entry'], value: '' })
    await importBeside(small, large)
    for (const { metadata, value } of await entryCopies()) {
      expect(metadata).toEqual(['isInValue'])
      expect(value!.length).toBeGreaterThan(1024)
    }
  })

  it('is what a new isolate reads when the log of changes says nothing', async () => {
    const engine = smallEngine(smallEncoder(512))
    await enrollAll(engine)
    // Longer ago than the log is asked for.
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] })
    try {
      for (const person of people) {
        expect(await isolate(engine).recognize(person)).toMatchObject({ identity: `p${person}` })
      }
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('encodings of another length under the name of the network that runs', () => {
  it('are not imported', async () => {
    const engine = smallEngine(smallEncoder(64))
    const encodings = [new Float32Array(128).fill(0.1)]
    const body = formatPerson({ identity: 'ada', model: engine.model, encodings })
    const answer = await (await isolate(engine).send('/admin/import', lines(body))).text()
    expect(JSON.parse(answer.split('\n')[0]!)).toMatchObject({
      outcome: 'refused',
      code: 'invalid_request',
      detail: `field "encodings": expected 64 numbers, as ${engine.model} gives, found 128`,
    })
  })

  it('match nobody where they came in as those of the network to run next', async () => {
    const [running, next] = [smallEngine(smallEncoder(64)), smallEngine(smallEncoder(512))]
    await enrollAll(running)
    const wrong = formatPerson({
      identity: 'p0',
      model: next.model,
      encodings: [new Float32Array(128).fill(0.1)],
    })
    const answer = await isolate(running).send('/admin/import?secondModel=true', lines(wrong))
    expect(await answer.text()).toContain('"outcome":"replaced"')
    const verify = json({ identity: 'p0', image: image(0, 2) }, appKey)
    const detail = await expectProblem(
      await isolate(next).send('/verify', verify),
      'model_mismatch',
    )
    expect(detail).toBe(`The encodings of p0 have 128 numbers; those of ${next.model} have 512.`)
    await expectProblem(
      await isolate(next).send('/recognize', json({ image: image(0, 2) }, appKey)),
      'model_mismatch',
    )
  })
})
