/** A face that is not near enough is looked at once more: what each decision makes of it. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createFakeEngine,
  type FakeEngine,
  fakeLiveness,
  fakeModel,
} from '../support/fake-engine.ts'
import { resetStore } from '../support/reset-store.ts'
import { guardOf } from '../support/stored-people.ts'
import { base64, createTestApp, enroll, json } from '../support/test-app.ts'

beforeEach(() => resetStore())

/** An app whose engine sees "first | second" in a photo at two looks, with how many second looks it took. */
async function start(people: readonly string[], bindings: object = {}) {
  const looks = { again: 0 }
  const fake = createFakeEngine(fakeModel, fakeLiveness)
  const engine: FakeEngine = {
    ...fake,
    async encode(photo, options) {
      const texts = new TextDecoder().decode(photo).split(' | ')
      const bytes = texts.map((text) => new TextEncoder().encode(text))
      const [first, second] = await Promise.all(bytes.map((each) => fake.encode(each, options)))
      if (second === undefined) return first!
      const lookAgain = () => {
        looks.again++
        return second.encoding
      }
      return { ...first!, lookAgain }
    },
  }
  const { send: sendTo } = createTestApp({ loadEngine: async () => engine })
  const send = (path: string, body: object) => sendTo(path, json(body), { ...env, ...bindings })
  const enrollAlso = async (person: string, text = `face ${person} 0`) =>
    expect((await enroll(sendTo, person, [text], { allowDuplicate: true })).status).toBe(201)
  for (const person of people) await enrollAlso(person)
  const ask = async (path: string, body: object) => {
    const response = await send(path, body)
    expect(response.status).toBe(200)
    return await response.json<Record<string, unknown>>()
  }
  const verify = (text: string, fields: object = {}) =>
    ask('/verify', { identity: 'ada', image: base64(text), ...fields })
  const recognize = (text: string) => ask('/recognize', { image: base64(text) })
  return { ask, verify, recognize, enrollAlso, looks }
}

describe('/verify', () => {
  it('matches at the second look who does not at the first, and tells the nearer distance', async () => {
    const { verify, looks } = await start(['ada'])
    expect(await verify('face ada 0.6 | face ada 0.3')).toMatchObject({
      decision: 'match',
      distance: expect.closeTo(0.3, 5),
      threshold: 0.5,
    })
    expect(looks.again).toBe(1)
    expect(await verify('face ada 0.8 | face ada 0.6')).toMatchObject({
      decision: 'no_match',
      distance: expect.closeTo(0.6, 5),
    })
    expect(await verify('face ada 0.6 | face ada 0.8')).toMatchObject({
      decision: 'no_match',
      distance: expect.closeTo(0.6, 5),
    })
  })

  it('looks once at who matches, and twice at every stranger, near or far', async () => {
    const { verify, looks } = await start(['ada'])
    await verify('face ada 0.4 | face ada 0.1')
    expect(looks.again).toBe(0)
    await verify('face ada 0.51 | face ada 0.6')
    expect(looks.again).toBe(1)
    await verify('face stranger 0 | face stranger 0.1')
    expect(looks.again).toBe(2)
  })

  it('counts one attempt, however often it looks', async () => {
    const { verify } = await start(['ada'])
    for (let i = 0; i < 4; i++) await verify('face stranger 0 | face stranger 0.1')
    expect(await verify('face ada 0.6 | face ada 0.3')).toMatchObject({ decision: 'match' })
    for (let i = 0; i < 4; i++) await verify('face stranger 0 | face stranger 0.1')
    expect(await verify('face ada 0')).toMatchObject({ decision: 'match' })
    expect(await guardOf('ada')).toBeDefined()
  })

  it('lets in nobody at the second look to whom somebody else is clearly nearer', async () => {
    const { verify, enrollAlso } = await start(['ada'])
    await enrollAlso('bea', 'face ada 0.45')
    expect(await verify('face ada 0.9 | face ada 0.45')).toMatchObject({
      decision: 'no_match',
      reason: 'nearer_to_another',
    })
  })

  it('does not look again for a way past a rival', async () => {
    const { verify, enrollAlso, looks } = await start(['ada'])
    await enrollAlso('bea', 'face ada 0.45')
    expect(await verify('face ada 0.45 | face ada 0')).toMatchObject({
      decision: 'no_match',
      reason: 'nearer_to_another',
    })
    expect(looks.again).toBe(0)
  })

  it('does not look again at a face that must not match', async () => {
    const { verify, looks } = await start(['ada'], { LIVENESS: 'require' })
    const spoof = await verify('face ada 0.6 0.1 | face ada 0.3 0.1')
    expect(spoof).toMatchObject({ decision: 'no_match', liveness: 'likely_spoof' })
    expect(looks.again).toBe(0)
  })

  it('looks again under CONSISTENCY=edge as well', async () => {
    const { verify } = await start(['ada'], { CONSISTENCY: 'edge' })
    expect(await verify('face ada 0.6 | face ada 0.3')).toMatchObject({ decision: 'match' })
  })
})

describe('/recognize', () => {
  it('finds at the second look whom the first did not find', async () => {
    const { recognize, looks } = await start(['ada', 'bea'])
    expect(await recognize('face ada 0.6 | face ada 0.2')).toMatchObject({
      decision: 'match',
      identity: 'ada',
      candidates: [{ identity: 'ada', distance: expect.closeTo(0.2, 5) }],
    })
    expect(looks.again).toBe(1)
    expect(await recognize('face stranger 0 | face stranger 0.2')).toMatchObject({
      decision: 'no_match',
      candidates: [],
    })
    expect(looks.again).toBe(2)
  })

  it('looks once at who is found, and at who could be one of two', async () => {
    const { recognize, enrollAlso, looks } = await start(['ada'])
    expect(await recognize('face ada 0.3 | face ada 0')).toMatchObject({ decision: 'match' })
    await enrollAlso('twin', 'face ada 0.01')
    expect(await recognize('face ada 0 | face ada 0.3')).toMatchObject({ decision: 'ambiguous' })
    expect(looks.again).toBe(0)
  })

  it('names nobody for a face that is refused, and does not look again', async () => {
    const { recognize, looks } = await start(['ada'], { LIVENESS: 'require' })
    const spoof = await recognize('face ada 0.6 0.1 | face ada 0.2 0.1')
    expect(spoof).toMatchObject({ decision: 'no_match', candidates: [] })
    expect(looks.again).toBe(0)
  })

  it('looks again under CONSISTENCY=edge as well', async () => {
    const { recognize } = await start(['ada'], { CONSISTENCY: 'edge' })
    expect(await recognize('face ada 0.6 | face ada 0.2')).toMatchObject({ identity: 'ada' })
  })
})

describe('/compare', () => {
  it('looks again at both photos, in either order alike', async () => {
    const { ask, looks } = await start([])
    const [left, right] = [
      base64('face ada 0 | face ada 0.2'),
      base64('face ada 0.7 | face ada 0.5'),
    ]
    const [one, other] = [
      await ask('/compare', { left, right }),
      await ask('/compare', { left: right, right: left }),
    ]
    expect(one).toMatchObject({ decision: 'match' })
    expect(one.distance).toBeLessThan(0.35)
    expect(other.distance).toBe(one.distance)
    expect(looks.again).toBe(4)
    await ask('/compare', { left, right: base64('face ada 0.1 | face ada 0.9') })
    expect(looks.again).toBe(4)
  })
})
