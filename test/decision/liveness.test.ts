import { describe, expect, it } from 'vitest'
import { asksForPoses, createLivenessCheck, livenessPolicies } from '../../src/decision/liveness.ts'
import { FaceError } from '../../src/errors/face-error.ts'

const network = { model: 'some-network@0', threshold: 0.3 }

describe('createLivenessCheck', () => {
  it('off asks for no score, reports not_checked and refuses nobody, with a network or without', () => {
    for (const packed of [network, undefined]) {
      const check = createLivenessCheck({ policy: 'off' }, packed)
      expect(check.isOn).toBe(false)
      expect(check.network).toBeUndefined()
      const report = check.report(undefined)
      expect(report).toEqual({ liveness: 'not_checked' })
      expect(check.refuses(report)).toBe(false)
      // Nobody asked for this score, and nothing is made of it.
      expect(check.report(0)).toEqual({ liveness: 'not_checked' })
    }
  })

  it.each(['advise', 'require'] as const)('%s without a network is not_configured', (policy) => {
    expect(() => createLivenessCheck({ policy }, undefined)).toThrow(
      new FaceError(
        'not_configured',
        `LIVENESS is ${policy}, and no liveness network is packed; "npm run liveness" packs one.`,
      ),
    )
  })

  it.each([
    [1, 'likely_live'],
    [0.3, 'likely_live'],
    [0.2999, 'likely_spoof'],
    [0, 'likely_spoof'],
  ])('a score of %d is %s at 0.3', (score, liveness) => {
    const check = createLivenessCheck({ policy: 'advise' }, network)
    expect(check.report(score)).toEqual({ liveness, livenessScore: score })
  })

  it("takes the threshold of the settings before the network's, and says which holds", () => {
    const check = createLivenessCheck({ policy: 'require', threshold: 0.8 }, network)
    expect(check.network).toEqual({ model: network.model, threshold: 0.8 })
    expect(check.report(0.79)).toMatchObject({ liveness: 'likely_spoof' })
    expect(check.report(0.8)).toMatchObject({ liveness: 'likely_live' })
  })

  it('only require refuses, and all but what is live', () => {
    const advise = createLivenessCheck({ policy: 'advise' }, network)
    const required = createLivenessCheck({ policy: 'require' }, network)
    expect(advise.refuses(advise.report(0))).toBe(false)
    expect(required.refuses(required.report(0))).toBe(true)
    expect(required.refuses(required.report(1))).toBe(false)
    expect(required.refuses({ liveness: 'not_checked' })).toBe(true)
  })

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, -0.01, 1.01])(
    'takes the score %d for a broken network, under either policy',
    (score) => {
      for (const policy of ['advise', 'require'] as const) {
        expect(() => createLivenessCheck({ policy }, network).report(score)).toThrow(
          new Error('the liveness network gave no usable score'),
        )
      }
    },
  )

  it('active alone lets nobody match without the poses of a session', () => {
    const asking = livenessPolicies.filter((policy) => asksForPoses({ policy }))
    expect(asking).toEqual(['active'])
  })
})
