import { describe, expect, it } from 'vitest'
import { faultIn } from '../../../scripts/start/local-worker.ts'

describe('why the Worker did not start', () => {
  it('is code and detail of its answer', () => {
    const detail = 'LIVENESS is advise, and no liveness network is packed'
    const problem = { type: 'urn:facegate:error:not_configured', status: 503, hint: 'Tell them.' }
    const answer = JSON.stringify({ ...problem, code: 'not_configured', detail })
    expect(faultIn(answer)).toBe(`not_configured: ${detail}`)
  })

  it.each(['', 'Internal Server Error', '{"ok":false}', '"text"', 'null'])(
    'is the answer itself where that is no problem: %j',
    (answer) => {
      expect(faultIn(answer)).toBe(answer)
    },
  )
})
