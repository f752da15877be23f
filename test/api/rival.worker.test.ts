import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { faultyObjects } from '../support/faulty-objects.ts'
import { expectProblem } from '../support/problems.ts'
import { resetStore } from '../support/reset-store.ts'
import { base64, createTestApp, enroll, json } from '../support/test-app.ts'

beforeEach(async () => {
  await resetStore()
})

/** Two people 0.3 apart, as the fake engine places them: within the threshold of 0.5. */
const ada = 'face ada 0'
const sister = 'face ada 0.3'

async function enrollSisters() {
  const app = createTestApp()
  expect((await enroll(app.send, 'ada', [ada])).status).toBe(201)
  const second = await enroll(app.send, 'bea', [sister], { allowDuplicate: true })
  expect(second.status).toBe(201)
  return app
}

async function verify(app: ReturnType<typeof createTestApp>, identity: string, text: string) {
  const response = await app.send('/verify', json({ identity, image: base64(text) }))
  expect(response.status).toBe(200)
  return await response.json<Record<string, unknown>>()
}

describe('/verify where somebody else enrolled resembles the person', () => {
  it('lets neither in as the other, and says why', async () => {
    const app = await enrollSisters()
    const answer = await verify(app, 'ada', sister)
    expect(answer).toMatchObject({ decision: 'no_match', reason: 'nearer_to_another' })
    expect(answer.distance).toBeLessThan(answer.threshold as number)
    expect(JSON.stringify(answer)).not.toContain('bea')
    expect(await verify(app, 'bea', ada)).toMatchObject({ decision: 'no_match' })
  })

  it('lets each in as herself, without a reason', async () => {
    const app = await enrollSisters()
    for (const [identity, text] of [
      ['ada', ada],
      ['bea', sister],
    ] as const) {
      const answer = await verify(app, identity, text)
      expect(answer.decision).toBe('match')
      expect(answer).not.toHaveProperty('reason')
    }
  })

  it('does not refuse where the two are about as near', async () => {
    const app = await enrollSisters()
    expect(await verify(app, 'ada', 'face ada 0.16')).toMatchObject({ decision: 'match' })
  })

  it('forgets a rival who was deleted, at once', async () => {
    const app = await enrollSisters()
    await app.send('/admin/identities/bea', {
      method: 'DELETE',
      headers: { Authorization: 'Bearer test-admin-key' },
    })
    expect(await verify(app, 'ada', sister)).toMatchObject({ decision: 'match' })
  })

  it('is store_unavailable when it cannot be told: nobody is let in', async () => {
    await enrollSisters()
    const broken = { ...env, DIRECTORY: faultyObjects(env.DIRECTORY, 'changesSinceTime') }
    const { send } = createTestApp()
    const response = await send('/verify', json({ identity: 'ada', image: base64(ada) }), broken)
    await expectProblem(response, 'store_unavailable')
  })
})
