/** How many calls each endpoint makes, of what, and how long it waits for them: the table in docs/performance.md. */

import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/api/endpoints.ts'
import { directoryParts } from '../../../src/identity/directory/directory-parts.ts'
import {
  importRequest,
  peopleFile,
  randomPeople,
  readText,
} from '../../support/app/people-lines.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import {
  adminKey,
  base64,
  bearer,
  createTestApp,
  enroll,
  get,
  json,
} from '../../support/app/test-app.ts'
import { staleKv } from '../../support/doubles/stale-kv.ts'
import { watchedBindings } from '../../support/doubles/watched-bindings.ts'

beforeEach(() => resetStore())

/** `METHOD /path` of every endpoint whose calls were counted. */
const counted = new Set<string>()

function count(path: string, method = 'GET'): void {
  const { pathname } = new URL(path, 'http://test')
  const called = endpoints.find(
    (endpoint) =>
      endpoint.method === method.toLowerCase() &&
      new RegExp(`^${endpoint.path.replace('{id}', '[^/]+')}$`).test(pathname),
  )
  if (called !== undefined) counted.add(`${called.method} ${called.path}`)
}

/** How many of each. */
function tally(calls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1
  return counts
}

/** An isolate that has served a request already, and whose gallery is held. */
async function start(more: object = {}, headStartMs?: number) {
  const watched = watchedBindings(more)
  const { send: sendTo } = createTestApp(headStartMs === undefined ? {} : { headStartMs })
  const send = (path: string, init: RequestInit) => sendTo(path, init, watched.bindings)
  await enroll(send, 'ada')
  await enroll(send, 'bob')
  await send('/recognize', json({ image: base64('face ada 0') }))
  await send('/verify', json({ identity: 'ada', image: base64('face ada 0') }))
  watched.takeCalls()
  return {
    ...watched,
    send: (path: string, init: RequestInit) => {
      count(path, init.method)
      return send(path, init)
    },
  }
}

/** All parts of the directory, at the same time. */
const allParts = (method: string) => Array<string>(directoryParts).fill(`DIRECTORY.${method}`)

const right = { identity: 'ada', image: base64('face ada 0.1') }
const wrong = { identity: 'ada', image: base64('face stranger 0') }

async function opened(send: (path: string, init: RequestInit) => unknown, fields: object) {
  const response = (await send('/sessions', json(fields))) as Response
  return await response.json<{ session: string; token: string }>()
}

describe('the calls of', () => {
  const work = 'KEY_WORK.limit'
  const attempt = ['PERSON.begin', 'KV.get', 'PERSON.settle']

  it('a match of /verify: one object, twice, and a copy', async () => {
    const { send, takeCalls } = await start()
    await send('/verify', json(right))
    expect(takeCalls()).toEqual([work, ...attempt])
  })

  it('a no_match: the same, and the count of the key', async () => {
    const { send, takeCalls } = await start()
    await send('/verify', json(wrong))
    expect(takeCalls()).toEqual([work, ...attempt, 'KEY_FAILURES.limit'])
  })

  it('a refusal: one', async () => {
    const { send, takeCalls } = await start()
    for (let i = 0; i < 5; i++) await send('/verify', json(wrong))
    takeCalls()
    await send('/verify', json(right))
    expect(takeCalls()).toEqual([work, 'PERSON.begin', 'KV.get'])
  })

  it('/verify with the token of a session: the same as without', async () => {
    const { send, takeCalls } = await start()
    const { session, token } = await opened(send, { identity: 'ada' })
    expect(takeCalls()).toEqual([work, 'PERSON.openSession'])
    await send('/verify', json({ image: right.image }, token))
    expect(takeCalls().sort()).toEqual([work, ...attempt].sort())
    await send(`/sessions/${session}`, get('test-app-key'))
    expect(takeCalls()).toEqual(['PERSON.readSession'])
    await send(`/sessions/${session}`, { method: 'DELETE', headers: bearer('test-app-key') })
    expect(takeCalls()).toEqual(['PERSON.readSession', 'PERSON.forgetSession'])
  })

  it('/verify where KV has no copy yet: the object is asked for the record', async () => {
    const { send, takeCalls } = await start({ IDENTITIES: staleKv(env.IDENTITIES).kv })
    const answer = await send('/verify', json(right))
    expect(takeCalls()).toEqual([work, 'PERSON.begin', 'PERSON.read', 'PERSON.settle'])
    expect(await answer.json()).toMatchObject({ decision: 'match' })
  })

  it('/verify where the copy is of before: what came of it counts for nothing', async () => {
    const late = staleKv(env.IDENTITIES)
    const { send, takeCalls } = await start({ IDENTITIES: late.kv })
    await late.catchUp()
    await enroll(send, 'ada', ['face newcomer 0'])
    takeCalls()
    const asked = ['PERSON.begin', 'PERSON.read', 'PERSON.settle']
    expect(await (await send('/verify', json(right))).json()).toMatchObject({
      decision: 'no_match',
    })
    expect(takeCalls().filter((call) => call.startsWith('PERSON'))).toEqual(asked)
    const newcomer = { ...right, image: base64('face newcomer 0.1') }
    expect(await (await send('/verify', json(newcomer))).json()).toMatchObject({
      decision: 'match',
    })
    expect(takeCalls().filter((call) => call.startsWith('PERSON'))).toEqual(asked)
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 0 })
  })

  it('/verify where the copy is of before, and the object is far: its outcome is sent, and counts for nothing', async () => {
    const late = staleKv(env.IDENTITIES)
    const { send, takeCalls, setDelay } = await start({ IDENTITIES: late.kv }, 5)
    await late.catchUp()
    await enroll(send, 'ada', ['face newcomer 0'])
    takeCalls()
    setDelay(200)
    const newcomer = { ...right, image: base64('face newcomer 0.1') }
    expect(await (await send('/verify', json(newcomer))).json()).toMatchObject({
      decision: 'match',
    })
    expect(await (await send('/verify', json(right))).json()).toMatchObject({
      decision: 'no_match',
    })
    const settled = takeCalls().filter((call) => call === 'PERSON.settle')
    expect(settled).toHaveLength(4)
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 1 })
  })

  it('/verify with CONSISTENCY=edge: a copy, and no object', async () => {
    const { send, takeCalls } = await start({ CONSISTENCY: 'edge' })
    const answer = await send('/verify', json(right))
    expect(takeCalls()).toEqual([work, 'KV.get'])
    expect(await answer.json()).toMatchObject({ decision: 'match', consistency: 'edge' })
  })

  it('/recognize: the copies of who is near and whoever is named; the directory before nobody is', async () => {
    const { send, takeCalls } = await start()
    await send('/recognize', json({ image: right.image }))
    expect(takeCalls()).toEqual([work, 'KV.get', 'PERSON.read'])
    await send('/recognize', json({ image: wrong.image }))
    expect(takeCalls()).toEqual([work, ...allParts('changesSince'), 'KEY_FAILURES.limit'])
  })

  it('/recognize with CONSISTENCY=edge: copies', async () => {
    const { send, takeCalls } = await start({ CONSISTENCY: 'edge' })
    const answer = await send('/recognize', json({ image: right.image }))
    expect(takeCalls()).toEqual([work, 'KV.get'])
    expect(await answer.json()).toMatchObject({ identity: 'ada', consistency: 'edge' })
  })

  it.each([
    ['POST', '/compare', { left: right.image, right: right.image }, [work, work]],
    ['POST', '/detect', { image: right.image }, [work]],
    ['POST', '/challenge', { identity: 'ada' }, [work, 'PERSON.issueChallenge']],
  ])('%s %s', async (method, path, body, calls) => {
    const { send, takeCalls } = await start()
    await send(path, json(body, 'test-app-key', method))
    expect(takeCalls()).toEqual(calls)
  })

  it.each([
    ['POST', '/encode', { image: right.image }, []],
    ['GET', '/admin/identities/ada', undefined, ['PERSON.read']],
    ['GET', '/admin/identities', undefined, allParts('people')],
    ['PATCH', '/admin/identities/ada', { name: 'Ada' }, ['PERSON.read', 'PERSON.commit']],
    ['DELETE', '/admin/identities/ada', undefined, ['PERSON.commit']],
    ['POST', '/admin/identities/ada/unlock', undefined, ['PERSON.unlock']],
    [
      'PUT',
      '/admin/identities/new',
      { image: base64('face new 0') },
      ['PERSON.read', ...allParts('changesSince'), 'PERSON.commit'],
    ],
  ])('%s %s', async (method, path, body, calls) => {
    const { send, takeCalls } = await start()
    const init = { method, headers: bearer(adminKey) }
    await send(path, body === undefined ? init : json(body, adminKey, method))
    expect(takeCalls()).toEqual(calls)
  })

  const post = { method: 'POST', headers: bearer(adminKey) }

  it('photos added: those of a change, and the directory for duplicates', async () => {
    const { send, takeCalls } = await start()
    const more = json({ image: base64('face ada 0.1') }, adminKey)
    expect((await send('/admin/identities/ada/images', more)).status).toBe(200)
    const calls = [
      'PERSON.read',
      ...allParts('changesSince'),
      'KV.get',
      'PERSON.read',
      'PERSON.commit',
    ]
    expect(takeCalls()).toEqual(calls)
  })

  it('poses: the object that keeps the session', async () => {
    const { send, takeCalls } = await start()
    const fields = { identity: 'ada', liveness: 'active', poses: 'one_by_one' }
    const { token } = await opened(send, fields)
    takeCalls()
    expect((await send('/poses', json({}, token))).status).toBe(200)
    expect(takeCalls()).toEqual(['PERSON.drawPoses'])
    const photoSha256 = 'a'.repeat(64)
    expect((await send('/poses/next', json({ photoSha256 }, token))).status).toBe(200)
    expect(takeCalls()).toEqual(['PERSON.announcePhoto'])
  })

  it('walks over many people: the directory and the copies once a hundred, objects once or twice a person', async () => {
    const { send, takeCalls } = await start()
    const people = randomPeople(150)
    const imported = await send('/admin/import', importRequest(peopleFile(people)))
    expect(await readText(imported)).toContain('"created":150')
    // Before the first line, and for each of four windows of fifty lines, header and closing line included.
    const searches = 5
    expect(tally(takeCalls())).toEqual({
      'DIRECTORY.changesSince': searches * directoryParts,
      'PERSON.read': people.length,
      'PERSON.commit': people.length,
    })
    const exported = await send('/admin/export', get(adminKey))
    expect(await readText(exported)).toContain('"people":152')
    // Two pages of the directory, some parts of it asked twice.
    const walked = tally(takeCalls())
    expect(Object.keys(walked).sort()).toEqual(['DIRECTORY.people', 'KV.get'])
    expect(walked['KV.get']).toBe(2)
    expect(walked['DIRECTORY.people']).toBeGreaterThanOrEqual(2 * directoryParts)
    expect(walked['DIRECTORY.people']).toBeLessThanOrEqual(3 * directoryParts)
    expect((await send('/admin/prune-models', post)).status).toBe(200)
    expect(tally(takeCalls())).toEqual({ 'DIRECTORY.people': directoryParts })
    expect((await send('/admin/re-encrypt', post)).status).toBe(200)
    // A page, and the empty one that ends them.
    expect(tally(takeCalls())).toEqual({ 'DIRECTORY.entries': 2 * directoryParts })
  })

  it('/admin/re-encrypt with another key: each person read and stored', async () => {
    const other = `new:${btoa('another key of 32 bytes for test')},${env.TEMPLATE_KEYS}`
    const { send, takeCalls } = await start()
    const { send: sendTo } = createTestApp()
    const { bindings, takeCalls: takeOthers } = watchedBindings({ TEMPLATE_KEYS: other })
    takeCalls()
    expect((await sendTo('/admin/re-encrypt', post, bindings)).status).toBe(200)
    expect(tally(takeOthers())).toEqual({
      'DIRECTORY.entries': 2 * directoryParts,
      'PERSON.read': 2,
      'PERSON.commit': 2,
    })
    expect((await send('/admin/identities/ada', get(adminKey))).status).toBe(503)
  })

  it('/health and the contract: none', async () => {
    const { send, takeCalls } = await start()
    for (const path of ['/health', '/openapi.json', '/.well-known/jwks.json']) await send(path, {})
    expect(takeCalls()).toEqual([])
  })
})

describe('where every object is 600 ms away', () => {
  const delayMs = 600

  async function timed(act: () => unknown): Promise<number> {
    const startMs = performance.now()
    await act()
    return performance.now() - startMs
  }

  it.each([
    ['a match', right],
    ['a no_match', wrong],
  ])('%s waits for one delay, not for two', async (_, body) => {
    const { send, setDelay } = await start({}, 5)
    setDelay(delayMs)
    const ms = await timed(() => send('/verify', json(body)))
    expect(ms).toBeGreaterThan(delayMs * 0.9)
    expect(ms).toBeLessThan(delayMs * 1.8)
  })

  it('a match of which KV finds the copy late, but before the object answers, waits for one and a little', async () => {
    const late = new Proxy(env.IDENTITIES, {
      get(kv, name) {
        const method: unknown = Reflect.get(kv, name, kv)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          if (name === 'get') await scheduler.wait(200)
          return await Reflect.apply(method, kv, given)
        }
      },
    })
    const { send, setDelay } = await start({ IDENTITIES: late }, 5)
    setDelay(delayMs)
    const startMs = performance.now()
    const answer = await send('/verify', json(right))
    expect(performance.now() - startMs).toBeLessThan(delayMs * 1.8)
    expect(await answer.json()).toMatchObject({ decision: 'match' })
  })

  it('a match within a session waits for one', async () => {
    const { send, setDelay } = await start({}, 5)
    const { token } = await opened(send, { identity: 'ada' })
    setDelay(delayMs)
    const ms = await timed(() => send('/verify', json({ image: right.image }, token)))
    expect(ms).toBeLessThan(delayMs * 1.8)
  })

  it('/recognize waits for one when it names somebody, and for the directory alone when nobody is near', async () => {
    const { send, setDelay } = await start({}, 5)
    setDelay(delayMs)
    for (const image of [right.image, wrong.image]) {
      const ms = await timed(() => send('/recognize', json({ image })))
      expect(ms).toBeGreaterThan(delayMs * 0.9)
      expect(ms).toBeLessThan(delayMs * 1.8)
    }
  })

  it('a refusal comes with the answer of the object, however long the comparison would take', async () => {
    const { send, setDelay } = await start({}, 5)
    for (let i = 0; i < 5; i++) await send('/verify', json(wrong))
    // From now on a match would wait for the directory, and a no_match would not.
    await enroll(send, 'new')
    setDelay(delayMs)
    const startMs = performance.now()
    const refused = await send('/verify', json(right))
    expect(performance.now() - startMs).toBeLessThan(delayMs * 1.8)
    expect(await refused.json()).toMatchObject({ code: 'locked_out' })
  })

  it('CONSISTENCY=edge waits for none', async () => {
    const { send, setDelay } = await start({ CONSISTENCY: 'edge' }, 5)
    setDelay(delayMs)
    expect(await timed(() => send('/verify', json(right)))).toBeLessThan(delayMs * 0.9)
    expect(await timed(() => send('/recognize', json({ image: right.image })))).toBeLessThan(
      delayMs * 0.9,
    )
  })
})

it('the calls of every endpoint are counted above', () => {
  const all = endpoints.map(({ method, path }) => `${method} ${path}`)
  expect([...counted].sort()).toEqual(all.sort())
})
