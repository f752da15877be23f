/** A claim that is compared with the copy in KV alone. */
import { describe, expect, it } from 'vitest'
import { compareCopy } from '../../../src/people/claim/compare-copy.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'

const record = {
  identity: 'ada',
  version: 3,
  model: fakeModel,
  encodings: [fakeEncoding('ada')],
  createdAt: '2026-11-28T00:00:00.000Z',
  updatedAt: '2026-11-28T00:00:00.000Z',
}
const verdict = {
  counts: 'match',
  decided: { decision: 'match', model: fakeModel, liveness: 'not_checked' },
  decidedMs: 0,
} as const
/** No object is asked. */
const admitted = (): never => expect.unreachable()
const unknown = expect.objectContaining({ code: 'identity_not_found' })

describe('compareCopy', () => {
  it('judges by the copy, and knows no number of misses', async () => {
    const judged: unknown[] = []
    const attempted = await compareCopy({ findCopy: async () => record }, 'ada', {
      admitted,
      look: async (known) => known,
      judge: async (look, found) => {
        judged.push(look, found)
        return verdict
      },
    })
    expect(attempted).toEqual({ verdict, misses: Number.POSITIVE_INFINITY })
    expect(judged).toEqual([record, { kind: 'enrolled', version: 3, record }])
  })

  it('looks at no photo of somebody who is known at once not to be enrolled', async () => {
    const work = { admitted, look: () => expect.unreachable(), judge: () => expect.unreachable() }
    const never = compareCopy({ findCopy: async () => null }, 'eve', work)
    await expect(never).rejects.toEqual(unknown)
  })

  it('judges nobody whose copy turns out later not to be there', async () => {
    const copy = Promise.withResolvers<null>()
    const late = compareCopy({ findCopy: () => copy.promise }, 'eve', {
      admitted,
      look: async (known) => {
        copy.resolve(null)
        return known
      },
      judge: () => expect.unreachable(),
    })
    await expect(late).rejects.toEqual(unknown)
  })
})
