/** What /docs shows is what the Worker answers: asked again, the real bundle gives the same, but for the last digits. */
import { beforeAll, describe, expect, it } from 'vitest'
import { recordAnswers } from '../../../scripts/contract/record-answers.ts'
import recorded from '../../../src/site/recorded-answers.json' with { type: 'json' }
import type { RecordedAnswers } from '../../../src/site/recordings.ts'

const kept = recorded as RecordedAnswers
let fresh: RecordedAnswers
beforeAll(async () => {
  fresh = await recordAnswers()
})

/** Another processor may round otherwise: a box by a pixel or two, a distance in its third digit. */
const tolerance = (a: number, b: number) => 0.01 + 0.02 * Math.max(Math.abs(a), Math.abs(b))

/** Where the two differ; empty when they are the same. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= tolerance(a, b) ? [] : [`${path}: ${a} and ${b}`]
  }
  if (!(a instanceof Object && b instanceof Object))
    return a === b ? [] : [`${path}: ${a} and ${b}`]
  const [inA, inB] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  const names = [...new Set([...inA.keys(), ...inB.keys()])]
  return names.flatMap((name) => differences(inA.get(name), inB.get(name), `${path}.${name}`))
}

describe('the recorded answers', () => {
  it('are of the network and version that run; if not: npm run write-recorded-answers', () => {
    expect(kept.model).toBe(fresh.model)
    expect(kept.version).toBe(fresh.version)
  })

  it('are as many as are asked for today', () => {
    const titles = ({ recordings }: RecordedAnswers) =>
      recordings.map(({ operationId, title }) => `${operationId}: ${title}`)
    expect(titles(kept)).toEqual(titles(fresh))
  })

  it.each(kept.recordings.map((recording, i) => [recording.operationId, recording.title, i]))(
    '%s, %s: are what the Worker answers today',
    (_operation, _title, i) => {
      const [then, now] = [kept.recordings[i]!, fresh.recordings[i]!]
      expect(now.status).toBe(then.status)
      expect(differences(then, now, 'answer')).toEqual([])
    },
  )

  it('would be found to differ: a distance, a word, a field more', () => {
    const answer = { distance: 0.28, decision: 'match' }
    expect(differences(answer, { ...answer, distance: 0.281 }, 'a')).toEqual([])
    expect(differences(answer, { ...answer, distance: 0.31 }, 'a')).toHaveLength(1)
    expect(differences(answer, { ...answer, decision: 'no_match' }, 'a')).toHaveLength(1)
    expect(differences(answer, { ...answer, reason: 'none' }, 'a')).toHaveLength(1)
  })
})
