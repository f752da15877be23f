/**
 * Attacks of somebody who holds a key of the role `app` and photos of strangers, as patient and adaptive as they like, on the
 * Worker as it is deployed. Whoever enrolled has one photo. A climber blends strangers' faces into each other and keeps
 * what brings them nearer; a sprayer tries strangers on everybody. Neither may match more often than the rate lets
 * strangers in who simply try, and the budgets have to stop them.
 */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Doubt, doubtCodes } from '../../src/decision/doubt.ts'
import { resetStore } from '../support/app/reset-store.ts'
import { base64, createTestApp, enroll, json } from '../support/app/test-app.ts'
import { seededRandom } from '../support/random.ts'
import { type Mix, type MixedPhoto, seededCalibrations, seededEngine } from './seeded-faces.ts'

const fmr = 0.001
const calibrations = seededCalibrations()
const { DETAIL: _, ...byDefault } = { DETAIL: undefined, ...env }
const people = Array.from({ length: 94 }, (_, i) => `person-${i}`)

/** As wrangler.toml sets them, counted in minutes of the test's clock. */
function limiter(allowed: number, nowMs: () => number) {
  const counts = new Map<string, number>()
  return {
    limit: async ({ key }: RateLimitOptions) => {
      const minute = `${key} ${Math.floor(nowMs() / 60_000)}`
      counts.set(minute, (counts.get(minute) ?? 0) + 1)
      return { success: counts.get(minute)! <= allowed }
    },
  }
}

interface Answer {
  readonly decision?: string
  readonly code?: string
  readonly distance?: number
  readonly retryAfterSeconds?: number
}

async function start(vars: object = {}) {
  let now = Date.UTC(2026, 10, 28)
  const nowMs = () => now
  const engine = seededEngine()
  const { send } = createTestApp({
    loadEngine: async () => engine,
    calibrations,
    now: () => new Date(now),
  })
  const bindings = {
    ...byDefault,
    KEY_WORK: limiter(600, nowMs),
    KEY_FAILURES: limiter(60, nowMs),
    DEVICE_FAILURES: limiter(10, nowMs),
    ...vars,
  }
  for (const person of people) {
    const photo: MixedPhoto = { mix: [[person, 1]] }
    await enroll(send, person, [JSON.stringify(photo)], { allowDuplicate: true })
  }
  async function verify(
    identity: string,
    mix: Mix,
    { doubt, ...fields }: { readonly doubt?: Doubt; readonly device?: string } = {},
  ): Promise<Answer> {
    now += 10
    const image = base64(JSON.stringify({ mix, doubt } satisfies MixedPhoto))
    const response = await send('/verify', json({ identity, image, ...fields }), bindings)
    const retryAfter = response.headers.get('retry-after')
    return {
      ...(await response.json<Answer>()),
      ...(retryAfter !== null && { retryAfterSeconds: Number(retryAfter) }),
    }
  }
  return {
    verify,
    wait: (seconds: number) => {
      now += seconds * 1000
    },
    elapsedSeconds: () => (now - Date.UTC(2026, 10, 28)) / 1000,
  }
}

/** More wins than this among so many tries are more than chance: 4 standard deviations, and one for small numbers. */
const mostByChance = (tries: number) => tries * fmr + 4 * Math.sqrt(tries * fmr) + 1

interface Climb {
  readonly compared: number
  readonly matches: number
  readonly distancesTold: number
  /** Why it ended. */
  readonly end: 'match' | 'disabled' | 'given up'
}

const strangers = Array.from({ length: 200 }, (_, i) => `stranger-${i}`)

/**
 * Keeps the best mix as far as distances are told, blends one more stranger in at each query, and waits whenever told to.
 *
 * @param refill called after every fourth failure in a row
 * @param doubtOf what spoils the nth photo, if anything
 */
async function climb(
  { verify, wait }: Awaited<ReturnType<typeof start>>,
  target: string,
  seed: number,
  refill?: () => Promise<void>,
  doubtOf: (query: number) => Doubt | undefined = () => undefined,
): Promise<Climb> {
  const random = seededRandom(seed)
  let best: { readonly mix: Mix; readonly distance: number } | undefined
  let [compared, distancesTold, failures] = [0, 0, 0]
  for (let query = 0; query < 500; query++) {
    const weight = 0.25 + random() * 0.35
    const stranger = strangers[Math.floor(random() * strangers.length)]!
    const kept = best?.mix.map(([person, share]) => [person, share * (1 - weight)] as const) ?? []
    const mix: Mix = query < 3 ? [[stranger, 1]] : [...kept, [stranger, weight]]
    const doubt = doubtOf(query)
    const answer = await verify(target, mix, doubt && { doubt })
    if (answer.code !== undefined) {
      if (answer.retryAfterSeconds === undefined) {
        return { compared, matches: 0, distancesTold, end: 'disabled' }
      }
      wait(answer.retryAfterSeconds)
      continue
    }
    compared++
    if (answer.decision === 'match') return { compared, matches: 1, distancesTold, end: 'match' }
    if (answer.distance !== undefined) {
      distancesTold++
      if (best === undefined || answer.distance < best.distance) {
        best = { mix, distance: answer.distance }
      }
    }
    if (++failures % 4 === 0) await refill?.()
  }
  return { compared, matches: 0, distancesTold, end: 'given up' }
}

beforeEach(() => resetStore())

async function climbAll(
  vars: object,
  refillBy?: (target: string) => Mix,
  doubtOf?: (query: number) => Doubt | undefined,
) {
  const app = await start(vars)
  const climbs: Climb[] = []
  // Whoever is not disabled goes on to the last query: ten of them send as many as all the others.
  const pairs = refillBy ? 10 : 20
  for (let pair = 0; pair < pairs; pair++) {
    const target = people[pair * 4]!
    const right = refillBy?.(target)
    const refill = right && (async () => void (await app.verify(target, right)))
    climbs.push(await climb(app, target, pair + 1, refill, doubtOf))
  }
  const sum = (of: 'compared' | 'matches' | 'distancesTold') =>
    climbs.reduce((total, one) => total + one[of], 0)
  const result = {
    pairs: climbs.length,
    compared: sum('compared'),
    matches: sum('matches'),
    distancesTold: sum('distancesTold'),
    disabled: climbs.filter(({ end }) => end === 'disabled').length,
    days: Math.round(app.elapsedSeconds() / 86_400),
  }
  console.log(JSON.stringify({ attack: 'climber', vars, ...result }))
  return result
}

describe('a climber, 10 or 20 pairs, up to 500 queries each, waiting out every lockout', () => {
  it('by default learns nothing from an answer, and is disabled after 50 failures', async () => {
    const { compared, matches, distancesTold, disabled } = await climbAll({})
    expect(distancesTold).toBe(0)
    expect(disabled).toBe(20 - matches)
    expect(compared).toBeLessThanOrEqual(20 * 50)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)

  it('under DETAIL=scores is told two distances a person, and is disabled after 50 failures', async () => {
    const { compared, matches, distancesTold, disabled } = await climbAll({ DETAIL: 'scores' })
    expect(distancesTold).toBeLessThanOrEqual(20 * 2)
    expect(disabled).toBe(20 - matches)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)

  it('by default gains nothing by photos that the gate doubts, and is disabled as early', async () => {
    const doubtOf = (query: number) => doubtCodes[query % doubtCodes.length]
    const { compared, matches, distancesTold, disabled } = await climbAll({}, undefined, doubtOf)
    expect(distancesTold).toBe(0)
    expect(disabled).toBe(20 - matches)
    expect(compared).toBeLessThanOrEqual(20 * 50)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)

  it('under DETAIL=scores gains nothing by making every other photo doubtful', async () => {
    const doubtOf = (query: number) => (query % 2 === 0 ? 'face_shaken' : undefined)
    const scores = { DETAIL: 'scores' }
    const { compared, matches, distancesTold, disabled } = await climbAll(
      scores,
      undefined,
      doubtOf,
    )
    expect(distancesTold).toBeLessThanOrEqual(20 * 2)
    expect(disabled).toBe(20 - matches)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)

  it('by default gains nothing while the right person unlocks after every fourth failure', async () => {
    const { compared, matches, distancesTold } = await climbAll({}, (target) => [[target, 1]])
    expect(distancesTold).toBe(0)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)

  it('under DETAIL=scores gains no more than two distances by that', async () => {
    const scores = { DETAIL: 'scores' }
    const { compared, matches, distancesTold } = await climbAll(scores, (target) => [[target, 1]])
    expect(distancesTold).toBeLessThanOrEqual(10 * 2)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)
})

describe('a sprayer, 20 strangers on 94 people', () => {
  const tries = strangers
    .slice(0, 20)
    .flatMap((stranger) => people.map((person) => [person, stranger] as const))

  it.each([{}, { DETAIL: 'scores' }])(
    'is stopped by the budget of the key within a minute: %j',
    async (vars) => {
      const { verify } = await start(vars)
      const answers: Answer[] = []
      for (const [person, stranger] of tries) answers.push(await verify(person, [[stranger, 1]]))
      const compared = answers.filter(({ decision }) => decision !== undefined)
      const minutes = Math.ceil((tries.length * 10) / 60_000) + 1
      expect(compared.length).toBeLessThanOrEqual(60 * minutes)
      expect(answers.at(-1)).toMatchObject({ code: 'rate_limited' })
      const matches = compared.filter(({ decision }) => decision === 'match').length
      expect(matches).toBeLessThanOrEqual(mostByChance(compared.length))
    },
    300_000,
  )

  it('that names its device is stopped by that budget before', async () => {
    const { verify } = await start()
    const answers: Answer[] = []
    for (const [person, stranger] of tries.slice(0, 100)) {
      answers.push(await verify(person, [[stranger, 1]], { device: 'one-phone' }))
    }
    expect(answers.filter(({ decision }) => decision !== undefined).length).toBeLessThanOrEqual(11)
  }, 300_000)

  it('that waits as long as it is told takes half an hour, and gets in as often as the rate says', async () => {
    const { verify, wait, elapsedSeconds } = await start()
    let [compared, matches] = [0, 0]
    for (const [person, stranger] of tries) {
      for (let answered = false; !answered; ) {
        const answer = await verify(person, [[stranger, 1]])
        answered = answer.decision !== undefined || answer.code === 'locked_out'
        if (answer.decision !== undefined) compared++
        if (answer.decision === 'match') matches++
        if (!answered) wait(answer.retryAfterSeconds ?? 60)
      }
    }
    const seconds = elapsedSeconds()
    console.log(JSON.stringify({ attack: 'sprayer', compared, matches, seconds }))
    expect(compared).toBeLessThan(tries.length)
    expect(seconds).toBeGreaterThan((compared / 60 - 2) * 60)
    expect(matches).toBeLessThanOrEqual(mostByChance(compared))
  }, 300_000)
})
