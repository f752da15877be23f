/** What an attempt waits for before its verdict stands. */
import { describe, expect, it } from 'vitest'
import { createSettling, type Ending } from '../../../src/people/claim/settle-attempt.ts'
import { fakeModel } from '../../support/app/fake-engine.ts'

function verdictOf(decision: 'match' | 'no_match') {
  const decided = { decision, model: fakeModel, liveness: 'not_checked' } as const
  return { counts: decision, decided, decidedMs: 7 }
}

/** @param answers of the person's object, in order */
function settlingWith(answers: readonly ('settled' | 'unknown')[], isRecorded = false) {
  const sent: Ending[] = []
  const required: string[] = []
  const settling = createSettling(
    {
      settle: async (ending) => ({ kind: answers[sent.push(ending) - 1]! }),
      requireSettled: ({ kind }) => required.push(kind),
    },
    { requestId: '01M85XZGHSMA8T3RG3MVZ4486X', isRecorded, keepAlive: () => {}, nowMs: () => 9 },
  )
  return { settling, sent, required }
}

describe('a match', () => {
  it('stands once the object has settled it', async () => {
    const { settling, sent, required } = settlingWith(['settled'])
    const verdict = verdictOf('match')
    expect(await settling.finish(settling.send(verdict, 3), 3)).toBe(verdict)
    expect(sent).toEqual([{ version: 3, outcome: 'match', result: verdict.decided, atMs: 7 }])
    expect(required).toEqual(['settled'])
  })

  it('is sent again where its end overtook its beginning', async () => {
    const { settling, sent, required } = settlingWith(['unknown', 'settled'])
    const verdict = verdictOf('match')
    expect(await settling.finish(settling.send(verdict, 3), 3)).toBe(verdict)
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect(required).toEqual(['settled'])
  })
})

describe('no match', () => {
  it.each([
    [false, []],
    [true, ['settled']],
  ])('waits for the object only where the end is recorded: %s', async (isRecorded, waited) => {
    const { settling, sent, required } = settlingWith(['settled'], isRecorded)
    await settling.finish(settling.send(verdictOf('no_match'), 3), 3)
    expect(sent).toHaveLength(1)
    expect(required).toEqual(waited)
  })

  it('is thrown that could not be compared, and counts as a fault', async () => {
    const { settling, sent } = settlingWith(['settled'])
    await expect(settling.finish({ error: new Error('broken') }, 3)).rejects.toThrow('broken')
    expect(sent).toEqual([{ version: 3, outcome: 'fault', result: { code: 'internal' }, atMs: 9 }])
  })
})
