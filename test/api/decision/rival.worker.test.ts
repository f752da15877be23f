import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { recentMs } from '../../../src/gallery/search/recent-gallery.ts'
import { createFakeEngine, fakeModel } from '../../support/app/fake-engine.ts'
import { expectProblem } from '../../support/app/problems.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { damageEntry, damageRecord, guardOf, subjectOf } from '../../support/app/stored-people.ts'
import {
  base64,
  createTestApp,
  enroll,
  json,
  madeUpCalibration,
  verify,
} from '../../support/app/test-app.ts'
import { faultyObjects } from '../../support/doubles/faulty-objects.ts'

let logged: Record<string, unknown>[]
beforeEach(async () => {
  await resetStore()
  logged = []
  for (const level of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((text) => {
      logged.push(JSON.parse(String(text)))
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
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

  it('knows a rival who was enrolled elsewhere within ten seconds, however long nobody has asked', async () => {
    const engine = createFakeEngine()
    let nowMs = Date.now()
    const here = createTestApp({
      loadEngine: async () => ({
        ...engine,
        // Networks take longer than the directory does, and meanwhile no answer is read.
        encode(...given) {
          const endMs = performance.now() + 200
          while (performance.now() < endMs);
          return engine.encode(...given)
        },
      }),
      now: () => new Date(nowMs),
    })
    expect((await enroll(here.send, 'ada', [ada])).status).toBe(201)
    expect(await verify(here, 'ada', sister)).toMatchObject({ decision: 'match' })
    const elsewhere = createTestApp()
    await enroll(elsewhere.send, 'bea', [sister], { allowDuplicate: true })
    nowMs += recentMs
    // As promised: a match waits for no directory.
    expect(await verify(here, 'ada', sister)).toMatchObject({ decision: 'match' })
    nowMs += 1
    expect(await verify(here, 'ada', sister)).toMatchObject({ reason: 'nearer_to_another' })
  })

  it('is store_unavailable when it cannot be told: nobody is let in', async () => {
    await enrollSisters()
    const broken = { ...env, DIRECTORY: faultyObjects(env.DIRECTORY, 'changesSinceTime') }
    const { send } = createTestApp()
    const response = await send('/verify', json({ identity: 'ada', image: base64(ada) }), broken)
    await expectProblem(response, 'store_unavailable')
  })
})

describe('whoever is nearer to another', () => {
  it('has not failed, however often, and locks nobody out', async () => {
    const app = await enrollSisters()
    for (let i = 0; i < 8; i++) {
      const answer = await verify(app, 'ada', sister)
      expect(answer).toMatchObject({ decision: 'no_match', reason: 'nearer_to_another' })
      expect(answer.hint).toMatch(/administrator/)
    }
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 0, hour: { attempts: 8 } })
    expect(await verify(app, 'ada', ada)).toMatchObject({ decision: 'match' })
  })

  it('forgets no failure of before: it is no match either', async () => {
    const app = await enrollSisters()
    for (let i = 0; i < 4; i++) await verify(app, 'ada', 'face stranger 0')
    await verify(app, 'ada', sister)
    expect((await guardOf('ada'))?.attempts.failures).toBe(4)
  })

  it('leaves a line that says who the two are, for an administrator to look at', async () => {
    const app = await enrollSisters()
    logged.length = 0
    await verify(app, 'ada', sister)
    expect(logged).toMatchObject([
      {
        event: 'audit',
        act: 'POST /verify',
        outcome: 'nearer_to_another',
        subjects: [subjectOf('ada'), subjectOf('bea')],
      },
      { event: 'audit', outcome: 'no_match', subject: subjectOf('ada') },
    ])
  })

  it('matches where RIVALS is off', async () => {
    const app = await enrollSisters()
    const off = { ...env, RIVALS: 'false' }
    expect(await verify(app, 'ada', sister, off)).toMatchObject({ decision: 'match' })
  })
})

/** 0.45 from ada: near enough for one claim (0.5), not in a search among ten (0.4). */
const doubtful = 'face ada 0.45'

describe('where somebody cannot be compared with', () => {
  const other = 'fake-network@ffffffff'
  /** Each leaves somebody who may be nearer than ada, and nobody else. */
  const unknown: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'because their record does not open',
      async () => {
        await enroll(createTestApp().send, 'eve', ['face ada 0.44'], { allowDuplicate: true })
        await damageRecord('eve')
      },
    ],
    [
      'because their gallery entry does not open',
      async () => {
        await enroll(createTestApp().send, 'eve', ['face eve 0'])
        await damageEntry('eve')
      },
    ],
    [
      'because another network encoded them',
      async () => {
        const calibrations = readCalibrationTable({
          format: 2,
          calibrations: [fakeModel, other].map(madeUpCalibration),
        })
        const loadEngine = async () => createFakeEngine(other)
        const { send } = createTestApp({ loadEngine, calibrations })
        await enroll(send, 'eve', ['face eve 0'])
      },
    ],
  ]

  /** By then the log of changes tells no more what a damaged copy of an entry should say. */
  function laterApp() {
    const later = new Date(Date.now() + 11 * 60_000)
    return createTestApp({ now: () => later })
  }

  it.each(unknown)('%s, the stricter threshold decides, and the log says so', async (_, happen) => {
    const healthy = createTestApp()
    await enroll(healthy.send, 'ada', [ada])
    expect(await verify(healthy, 'ada', doubtful)).toMatchObject({ decision: 'match' })
    await happen()
    const app = laterApp()
    logged.length = 0
    const answer = await verify(app, 'ada', doubtful)
    expect(answer).toMatchObject({ decision: 'no_match', reason: 'others_unknown' })
    expect(answer.hint).toMatch(/administrator/)
    expect(logged).toContainEqual(expect.objectContaining({ event: 'people_passed_over' }))
    expect((await guardOf('ada'))?.attempts.failures).toBe(0)
    expect(await verify(app, 'ada', 'face ada 0.35')).toMatchObject({ decision: 'match' })
    expect(await verify(app, 'ada', ada)).toMatchObject({ decision: 'match' })
  })

  it.each(unknown)('%s, a suspect face is held a tenth more strictly', async (_, happen) => {
    await enroll(createTestApp().send, 'ada', [ada])
    await happen()
    const app = laterApp()
    const suspect = (offset: number) => `face ada ${offset} 1 ahead suspect`
    expect(await verify(app, 'ada', 'face ada 0.38')).toMatchObject({ decision: 'match' })
    expect(await verify(app, 'ada', suspect(0.38))).toMatchObject({
      decision: 'no_match',
      reason: 'others_unknown',
    })
    expect(await verify(app, 'ada', suspect(0.35))).toMatchObject({ decision: 'match' })
    // Against photos that are known to be clear it is held as any other.
    await enroll(app.send, 'ada', ['face ada 0 1 ahead sound'], { allowDuplicate: true })
    expect(await verify(app, 'ada', suspect(0.38))).toMatchObject({ decision: 'match' })
  })
})
