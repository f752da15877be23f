/** What of a decision is told to whom, and that what is not told cannot be had another way. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeEngine, fakeLiveness } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import {
  adminKey,
  appKey,
  base64,
  createTestApp,
  enroll,
  json,
  verify,
} from '../../support/app/test-app.ts'

/** As a Worker is deployed: nothing says how much to tell. */
const { DETAIL: _, ...byDefault } = { DETAIL: undefined, ...env }
const scores = { ...env, DETAIL: 'scores' }

type Answer = Record<string, unknown>

beforeEach(() => resetStore())

async function start(bindings: object, key = appKey) {
  const engine = createFakeEngine(undefined, fakeLiveness)
  const { send } = createTestApp({ loadEngine: async () => engine })
  const all = { ...bindings, LIVENESS: 'advise' }
  const setUp = (path: string, init: RequestInit) => send(path, init, all)
  await enroll(setUp, 'ada')
  await enroll(setUp, 'bea')
  const ask = async (path: string, body: object): Promise<Answer> => {
    const response = await send(path, json(body, key), all)
    expect(response.status).toBe(200)
    return await response.json<Answer>()
  }
  return {
    ask,
    verify: (text: string) => ask('/verify', { identity: 'ada', image: base64(text) }),
  }
}

/** Names of all that stands anywhere in an answer. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => [name, ...namesIn(part)])
}

const requests = [
  ['/verify', { identity: 'ada', image: base64('face ada 0.2') }, 'match'],
  ['/verify', { identity: 'ada', image: base64('face bea 0') }, 'no_match'],
  ['/recognize', { image: base64('face ada 0.1') }, 'match'],
  ['/recognize', { image: base64('face nobody 0') }, 'no_match'],
  ['/compare', { left: base64('face ada 0'), right: base64('face ada 0.1') }, 'match'],
  ['/compare', { left: base64('face ada 0'), right: base64('face bea 0.1') }, 'no_match'],
  ['/detect', { image: base64('face ada 0') }, undefined],
] as const

describe('an app by default', () => {
  it.each(requests)(
    'is told by %s no distance, no threshold, no score of liveness',
    async (path, body, decision) => {
      const { ask } = await start(byDefault)
      const answer = await ask(path, body)
      expect(answer.decision).toBe(decision)
      for (const name of ['distance', 'threshold', 'livenessScore']) {
        expect(namesIn(answer)).not.toContain(name)
      }
    },
  )

  it('has no field by which it could ask for them', async () => {
    const { send } = createTestApp()
    for (const field of ['detail', 'DETAIL', 'scores', 'distance']) {
      const body = { identity: 'ada', image: base64('face ada 0'), [field]: true }
      expect((await send('/verify', json(body), byDefault)).status).toBe(400)
    }
  })

  it('is told the rate, the model, whether the face looks live, and how good the photo is', async () => {
    const { verify } = await start(byDefault)
    expect(await verify('face ada 0.2')).toMatchObject({
      decision: 'match',
      calibrated: true,
      fmr: 0.001,
      liveness: 'likely_live',
      quality: { sharpness: 0.8 },
    })
  })
})

describe('an administrator', () => {
  it.each(requests.slice(0, 6))(
    'is told by %s all of it, whatever DETAIL says',
    async (path, body) => {
      const { ask } = await start(byDefault, adminKey)
      expect(namesIn(await ask(path, body))).toContain('threshold')
    },
  )
})

describe('an app with DETAIL=scores', () => {
  it('is told how near a face came twice, and afterwards only with a match, until an administrator unlocks', async () => {
    const engine = createFakeEngine()
    let nowMs = Date.UTC(2026, 10, 24)
    const { send } = createTestApp({ loadEngine: async () => engine, now: () => new Date(nowMs) })
    await enroll(send, 'ada')
    const verifyAda = (text: string) => verify({ send }, 'ada', text, scores)
    for (let i = 0; i < 2; i++) expect(await verifyAda('face ada 0.9')).toHaveProperty('distance')
    for (let i = 2; i < 5; i++)
      expect(namesIn(await verifyAda('face ada 0.9'))).not.toContain('distance')
    for (const seconds of [30, 60, 120]) {
      nowMs += seconds * 1000
      const answer = await verifyAda('face ada 0.9')
      expect(answer.decision).toBe('no_match')
      expect(namesIn(answer)).not.toContain('distance')
      expect(namesIn(answer)).not.toContain('threshold')
    }
    nowMs += 240_000
    expect(await verifyAda('face ada 0.1')).toMatchObject({
      decision: 'match',
      distance: expect.closeTo(0.1, 5),
    })
    // Once the right person has been there an attacker does not get two more.
    expect(namesIn(await verifyAda('face ada 0.9'))).not.toContain('distance')
    const unlocked = await send(
      '/admin/identities/ada/unlock',
      { method: 'POST', headers: { Authorization: `Bearer ${adminKey}` } },
      scores,
    )
    expect(unlocked.status).toBe(204)
    expect(await verifyAda('face ada 0.9')).toHaveProperty('distance')
  })

  it('is told two distances of 50 photos at once, and none for photos that could not be compared', async () => {
    const engine = createFakeEngine()
    const { send } = createTestApp({ loadEngine: async () => engine })
    await enroll(send, 'ada')
    const policy = { ...scores, LOCKOUT_AFTER: '5', ATTEMPTS_PER_HOUR: '1000' }
    const verifyAda = (text: string) => verify({ send }, 'ada', text, policy)
    const answers: Answer[] = []
    for (let i = 0; i < 10; i++) {
      answers.push(...(await Promise.all([1, 2, 3, 4].map(() => verifyAda('face ada 0.9')))))
      answers.push(await verifyAda('face ada 0.1'))
    }
    const misses = answers.filter(({ decision }) => decision === 'no_match')
    expect(misses.length).toBe(40)
    expect(misses.filter((answer) => namesIn(answer).includes('distance')).length).toBe(2)
  })

  it('with CONSISTENCY=edge, where nobody counts, is told it with a match only', async () => {
    const engine = createFakeEngine()
    const { send } = createTestApp({ loadEngine: async () => engine })
    await enroll(send, 'ada')
    const edge = { ...scores, CONSISTENCY: 'edge' }
    const verifyAda = (text: string) => verify({ send }, 'ada', text, edge)
    expect(await verifyAda('face ada 0.1')).toMatchObject({
      decision: 'match',
      distance: expect.closeTo(0.1, 5),
    })
    expect(namesIn(await verifyAda('face ada 0.9'))).not.toContain('distance')
  })
})
