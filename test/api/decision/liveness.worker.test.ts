import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeEngine, fakeLiveness, fakeModel } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { base64, createTestApp, enroll, json } from '../../support/app/test-app.ts'

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await resetStore()
})

/** An app under a policy, whose engine has a liveness network unless it is said that it has none. */
function app(bindings: Record<string, unknown>, network: 'packed' | 'absent' = 'packed') {
  const engine = createFakeEngine(fakeModel, network === 'packed' ? fakeLiveness : undefined)
  const { send } = createTestApp({ loadEngine: async () => engine })
  const withPolicy = { ...env, ...bindings }
  return { engine, send: (path: string, init?: RequestInit) => send(path, init, withPolicy) }
}

async function appWithYounes(LIVENESS: string, more: Record<string, unknown> = {}) {
  const made = app({ LIVENESS, ...more })
  expect((await enroll(made.send, 'younes')).ok).toBe(true)
  return made
}

const live = 'face younes 0.2 0.9'
const spoof = 'face younes 0.2 0.1'
const deciding = [
  ['/verify', (text: string) => json({ identity: 'younes', image: base64(text) })],
  ['/recognize', (text: string) => json({ image: base64(text) })],
] as const

describe.each(deciding)('%s', (path, request) => {
  it.each([
    ['off', live, 'match', { liveness: 'not_checked' }],
    ['off', spoof, 'match', { liveness: 'not_checked' }],
    ['advise', live, 'match', { liveness: 'likely_live', livenessScore: 0.9 }],
    ['advise', spoof, 'match', { liveness: 'likely_spoof', livenessScore: 0.1 }],
    ['require', live, 'match', { liveness: 'likely_live', livenessScore: 0.9 }],
    ['require', spoof, 'no_match', { liveness: 'likely_spoof', livenessScore: 0.1 }],
  ])('under %s, %j is decided %s', async (policy, text, decision, presence) => {
    const { send } = await appWithYounes(policy)
    const response = await send(path, request(text))
    expect(response.status).toBe(200)
    const answer = await response.json<object>()
    expect(answer).toMatchObject({ decision, ...presence })
    if (policy === 'off') expect(answer).not.toHaveProperty('livenessScore')
  })

  it.each(['advise', 'require'])('a stranger who is live is no match under %s', async (policy) => {
    const { send } = await appWithYounes(policy)
    const answer = await (await send(path, request('face benoit 0 0.99'))).json()
    expect(answer).toMatchObject({ decision: 'no_match', liveness: 'likely_live' })
  })

  it.each(['nan', 'none', '1.5'])(
    'a network that scores %s is a fault of ours and never a match',
    async (score) => {
      for (const policy of ['advise', 'require']) {
        const { send } = await appWithYounes(policy)
        await expectProblem(await send(path, request(`face younes 0.2 ${score}`)), 'internal')
      }
      const { send } = await appWithYounes('off')
      const answer = await (await send(path, request(`face younes 0.2 ${score}`))).json()
      expect(answer).toMatchObject({ decision: 'match', liveness: 'not_checked' })
    },
  )

  it.each(['advise', 'require'])('without a network is not_configured under %s', async (policy) => {
    const off = app({}, 'absent')
    expect((await enroll(off.send, 'younes')).status).toBe(201)
    expect((await off.send(path, request(live))).status).toBe(200)
    const { send, engine } = app({ LIVENESS: policy }, 'absent')
    const detail = await expectProblem(await send(path, request(live)), 'not_configured')
    expect(detail).toContain(`LIVENESS is ${policy}`)
    expect(engine.encoded).toEqual([])
  })

  it('decides by the threshold that is set', async () => {
    const strict = await appWithYounes('require', { LIVENESS_THRESHOLD: '0.95' })
    expect(await (await strict.send(path, request(live))).json()).toMatchObject({
      decision: 'no_match',
      liveness: 'likely_spoof',
    })
    const lax = app({ LIVENESS: 'require', LIVENESS_THRESHOLD: 0.05 })
    expect(await (await lax.send(path, request(spoof))).json()).toMatchObject({
      decision: 'match',
      liveness: 'likely_live',
    })
  })

  it('asks for no score while it is off', async () => {
    const { send, engine } = await appWithYounes('off')
    await send(path, request(live))
    expect(engine.encoded.some(({ liveness }) => liveness)).toBe(false)
  })
})

describe('/verify under require', () => {
  it('tells how near the face is that it refuses: it is the liveness that failed', async () => {
    const { send } = await appWithYounes('require')
    const answer = await (await send('/verify', deciding[0][1](spoof))).json()
    expect(answer).toMatchObject({ distance: expect.closeTo(0.2, 6), threshold: 0.5 })
  })
})

describe('/recognize under require', () => {
  it('names nobody to a face that does not look live, not even when two are as near', async () => {
    const { send } = await appWithYounes('require')
    expect(
      (await enroll(send, 'twin', ['face younes 0.01'], { allowDuplicate: true })).status,
    ).toBe(201)
    const ask = async (text: string) => (await send('/recognize', deciding[1][1](text))).json()
    expect(await ask(live)).toMatchObject({ decision: 'ambiguous' })
    const refused = await ask(spoof)
    expect(refused).toMatchObject({ decision: 'no_match', candidates: [] })
    expect(refused).not.toHaveProperty('identity')
    expect(refused).not.toHaveProperty('distance')
  })
})

describe('answers that decide about nobody present', () => {
  it.each([
    ['off', 'not_checked'],
    ['advise', 'likely_spoof'],
    ['require', 'likely_spoof'],
  ])('/compare and /detect tell of each face under %s and refuse none', async (policy, told) => {
    const { send } = app({ LIVENESS: policy })
    const photos = { left: base64(spoof), right: base64(live) }
    const compared = await (await send('/compare', json(photos))).json()
    const toldOfLive = policy === 'off' ? 'not_checked' : 'likely_live'
    expect(compared).toMatchObject({
      decision: 'match',
      left: { liveness: told },
      right: { liveness: toldOfLive },
    })
    const detected = await (await send('/detect', json({ image: base64(spoof) }))).json()
    expect(detected).toMatchObject({ faces: [{ liveness: told }] })
  })

  it.each(['/compare', '/detect', '/health'])(
    '%s is not_configured under a policy without a network',
    async (path) => {
      const { send } = app({ LIVENESS: 'advise' }, 'absent')
      const image = base64(live)
      const requests: Record<string, RequestInit> = {
        '/compare': json({ left: image, right: image }),
        '/detect': json({ image }),
      }
      await expectProblem(await send(path, requests[path]), 'not_configured')
    },
  )

  it('/health says what is done, by which network and at which score', async () => {
    const health = async (bindings: Record<string, unknown>) =>
      (await (await app(bindings).send('/health')).json<{ liveness: object }>()).liveness
    expect(await health({})).toEqual({ policy: 'off' })
    expect(await health({ LIVENESS: 'advise' })).toEqual({ policy: 'advise', ...fakeLiveness })
    expect(await health({ LIVENESS: 'require', LIVENESS_THRESHOLD: 0.7 })).toEqual({
      policy: 'require',
      model: fakeLiveness.model,
      threshold: 0.7,
    })
  })
})
