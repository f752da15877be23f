/** What is compared of an attempt that its object refuses; the rest of an attempt is in test/api/storage and test/api/guard. */
import { describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import { runAttempt } from '../../../src/people/claim/run-attempt.ts'
import { fakeEncoding, fakeModel } from '../../support/app/fake-engine.ts'

const record = {
  identity: 'ada',
  version: 3,
  model: fakeModel,
  encodings: [fakeEncoding('ada')],
  createdAt: '2026-11-28T00:00:00.000Z',
  updatedAt: '2026-11-28T00:00:00.000Z',
}

describe('an attempt that is refused while its photo is looked at', () => {
  it('compares nothing: the time of a comparison would tell what came of it', async () => {
    const answer = Promise.withResolvers<never>()
    const called: string[] = []
    const attempt = runAttempt(
      {
        begin: () => answer.promise,
        settle: () => expect.unreachable(),
        requireSettled: () => expect.unreachable(),
      },
      {
        admitted: () => expect.unreachable(),
        async look(known) {
          called.push(`look at ${known}`)
          answer.reject(new FaceError('locked_out', 'Too many.'))
          await new Promise((resolve) => setTimeout(resolve))
          return 'seen'
        },
        async judge() {
          called.push('judge')
          return expect.unreachable()
        },
      },
      {
        store: { findCopy: async () => record, find: () => expect.unreachable() },
        identity: 'ada',
        requestId: '01M85XZGHSMA8T3RG3MVZ4486X',
        isRecorded: false,
        headStartMs: 1,
        keepAlive: () => expect.unreachable(),
        nowMs: () => 0,
      },
    )
    await expect(attempt).rejects.toMatchObject({ code: 'locked_out', message: 'Too many.' })
    expect(called).toEqual(['look at null'])
  })
})
