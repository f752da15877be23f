/**
 * The search for rivals of a claim by several probes, and a crowd that cannot be told; what a rival and a crowd are, and what the answer then
 * says, is in test/api/decision.
 */

import { describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import { judgeClaim } from '../../../src/people/claim/judge-claim.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'

const ada = fakeEncoding('ada')
const [first, mean] = [fakeEncoding('ada', 0.2), fakeEncoding('ada', 0.3)]
const record = {
  identity: 'ada',
  version: 1,
  model: fakeModel,
  encodings: [ada],
  createdAt: '2026-11-28T00:00:00.000Z',
  updatedAt: '2026-11-28T00:00:00.000Z',
}
const threshold = {
  model: fakeModel,
  threshold: 0.5,
  metric: { kind: 'l2' as const },
  fmr: 0.001,
  calibrated: true,
}

/** One other person is enrolled, who is nearest to one of the probes only. */
function viewWhereBob(isNearestTo: Float32Array | undefined) {
  return {
    people: 1,
    peopleOfOtherModels: 0,
    unreadableEntries: 0,
    search: async (probe: Float32Array) => ({
      people: probe === isNearestTo ? [{ identity: 'bob', distance: 0 }] : [],
      unreadable: [],
    }),
    sample: () => expect.unreachable(),
    requireRoomFor: () => expect.unreachable(),
  }
}

/** Both searches must have begun before either goes on. */
function sourcesWhereBob(isNearestTo: Float32Array | undefined) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let opened = 0
  return {
    rivals: true,
    requestId: '01M85XZGHSMA8T3RG3MVZ4486X',
    thresholds: {
      covers: () => true,
      verification: () => threshold,
      together: () => expect.unreachable(),
      identification: () => threshold,
      duplicate: () => expect.unreachable(),
      ownRate: () => 0.001,
      missed: () => null,
      strangersApart: () => null,
    },
    gallery: {
      async open() {
        if (++opened === 2) resolve()
        await promise
        return viewWhereBob(isNearestTo)
      },
    },
  }
}

describe('a claim by two probes', () => {
  const claim = { record, probes: [first, mean], mayMatch: true }

  it('matches where nobody is nearer to either, and looks for both at once', async () => {
    const judged = await judgeClaim(sourcesWhereBob(undefined), claim)
    expect(judged).toMatchObject({ decision: 'match', counts: 'match' })
  })

  it.each([
    ['first', first],
    ['second', mean],
  ])('is refused where somebody is nearer to the %s', async (_, probe) => {
    const judged = await judgeClaim(sourcesWhereBob(probe), claim)
    expect(judged).toMatchObject({
      decision: 'no_match',
      reason: 'nearer_to_another',
      rival: 'bob',
    })
  })
})

describe('a claim whose crowd cannot be told', () => {
  /** Within the threshold of the rate, not within the strictest. */
  const claim = { record, probes: [first], mayMatch: true }

  function sourcesWhereOpeningFails(times: number) {
    const { thresholds, ...sources } = sourcesWhereBob(undefined)
    let opened = 0
    return {
      ...sources,
      thresholds: {
        ...thresholds,
        verification: (_: string, { crowd = 1 }: { readonly crowd?: number }) =>
          crowd === Number.POSITIVE_INFINITY ? { ...threshold, threshold: 0.1 } : threshold,
        strangersApart: () => ({ metric: threshold.metric, near: 0.6, usual: 1.4 }),
      },
      gallery: {
        async open() {
          if (++opened <= times) throw new FaceError('store_unavailable', 'The index is away.')
          return { ...viewWhereBob(undefined), sample: () => [] }
        },
      },
    }
  }

  it('is not answered, although rivals could be looked for a moment later', async () => {
    const judged = judgeClaim(sourcesWhereOpeningFails(1), claim)
    await expect(judged).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The index is away.',
    })
    const told = await judgeClaim(sourcesWhereOpeningFails(0), claim)
    expect(told).toMatchObject({ decision: 'match', counts: 'match' })
  })
})

describe('a claim at a stricter rate than that of the service', () => {
  const { thresholds, ...rest } = sourcesWhereBob(undefined)
  const sources = {
    ...rest,
    rivals: false,
    thresholds: {
      ...thresholds,
      verification: (_: string, { asked }: { readonly asked?: number | undefined }) =>
        asked === undefined ? threshold : { ...threshold, fmr: asked, threshold: 0.25 },
    },
  }

  it.each([
    [0.2, 'match', 'match'],
    [0.4, 'no_match', 'near'],
    [0.6, 'no_match', 'no_match'],
  ])(
    'of a face at %f is %s, and counts by the service’s rate: %s',
    async (apart, decision, counts) => {
      const claim = { record, probes: [fakeEncoding('ada', apart)], mayMatch: true, fmr: 1e-4 }
      expect(await judgeClaim(sources, claim)).toMatchObject({ decision, counts })
      const refused = await judgeClaim(sources, { ...claim, mayMatch: false })
      expect(refused).toMatchObject({ decision: 'no_match', counts: 'no_match' })
    },
  )
})

describe('a claim to be somebody whose template is none', () => {
  const shorter = new Float32Array(64).fill(1 / 8)

  it.each([
    [
      'cancel each other out',
      [ada, ada.map((value) => -value)],
      'the encodings cancel each other out',
    ],
    ['are of no length', [new Float32Array(128)], 'encoding 1 has the length'],
    ['are of another length', [ada, shorter], 'the encodings cancel each other out'],
    ['are fewer numbers', [shorter], 'no distance to its encodings can be measured'],
  ])('is record_unreadable where its encodings %s', async (_, encodings, message) => {
    const claim = { record: { ...record, encodings }, probes: [first], mayMatch: true }
    await expect(judgeClaim(sourcesWhereBob(undefined), claim)).rejects.toMatchObject({
      code: 'record_unreadable',
      message: expect.stringContaining(message),
    })
  })
})
