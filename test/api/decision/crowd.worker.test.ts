import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { readCalibrationTable } from '../../../src/decision/calibration-table.ts'
import { fakeModel } from '../../support/app/fake-engine.ts'
import { resetStore } from '../../support/app/reset-store.ts'
import { guardOf } from '../../support/app/stored-people.ts'
import { createTestApp, enroll, madeUpCalibration, verify } from '../../support/app/test-app.ts'

beforeEach(resetStore)

/** Strangers are usually 1.4 apart; 0.6 is the threshold of 0.01, and 0.5 that of 0.001. */
const calibrations = readCalibrationTable({
  format: 2,
  calibrations: [{ ...madeUpCalibration(fakeModel), usualDistance: 1.4 }],
})
const service = { ...env, FMR: '0.01' }

/** 0.55 from ada: within 0.6, not within 0.5. */
const stranger = 'face ada 0.55'
/** Some 0.6 from that stranger. */
const ofOnePlace = ['face ada 1.11', 'face ada 1.12', 'face ada 1.13', 'face ada 1.14']
const ofEverywhere = ['face zoe 0', 'face tom 0', 'face kim 0', 'face lee 0']

async function appWith(others: readonly string[]) {
  const app = createTestApp({ calibrations })
  const send = (path: string, init: RequestInit) => app.send(path, init, service)
  expect((await enroll(send, 'ada')).status).toBe(201)
  for (const [i, photo] of others.entries()) {
    const enrolled = await enroll(send, `other-${i}`, [photo], { allowDuplicate: true })
    expect(enrolled.status).toBe(201)
  }
  return app
}

const verifyAda = (
  app: ReturnType<typeof createTestApp>,
  text: string,
  bindings: object = service,
) => verify(app, 'ada', text, bindings)

describe('/verify of a face whom the others enrolled crowd', () => {
  it('takes a stricter threshold, says which, and still the rate that was asked for', async () => {
    const answer = await verifyAda(await appWith(ofOnePlace), stranger)
    expect(answer).toMatchObject({ decision: 'no_match', threshold: 0.5, fmr: 0.01 })
    expect(answer).not.toHaveProperty('reason')
  })

  it('counts it as failed', async () => {
    const app = await appWith(ofOnePlace)
    await verifyAda(app, stranger)
    await verifyAda(app, stranger)
    expect((await guardOf('ada'))?.attempts).toMatchObject({ failures: 2 })
  })

  it('takes the usual one among strangers from everywhere, and where nobody else is enrolled', async () => {
    const usual = { decision: 'match', threshold: 0.6 }
    expect(await verifyAda(await appWith(ofEverywhere), stranger)).toMatchObject(usual)
    await resetStore()
    expect(await verifyAda(await appWith([]), stranger)).toMatchObject(usual)
  })

  it('lets in whoever is within the strictest threshold', async () => {
    const app = await appWith(ofOnePlace)
    expect(await verifyAda(app, 'face ada 0.49')).toMatchObject({
      decision: 'match',
      threshold: 0.6,
    })
  })

  it('looks at nobody else where RIVALS is off', async () => {
    const app = await appWith(ofOnePlace)
    const off = { ...service, RIVALS: 'false' }
    expect(await verifyAda(app, stranger, off)).toMatchObject({ decision: 'match', threshold: 0.6 })
  })
})
