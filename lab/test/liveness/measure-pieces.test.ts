import { describe, expect, it } from 'vitest'
import { type AttackRun, joinRuns, presentationsOf } from '../../liveness/attack-turns.ts'
import { attackNames } from '../../liveness/drawn/attacks.ts'
import type { Keep } from '../../liveness/kept-pieces.ts'
import { measurePieces } from '../../liveness/measure-pieces.ts'
import { joinAgain } from '../../liveness/sent-again.ts'
import { joinSessions, type SessionRun } from '../../liveness/session-attacks.ts'

const run = (presented: number, faceless: number): AttackRun => ({
  name: 'folded',
  presented,
  faceless,
  posed: [],
})

const sessions = (passed: number, flat: number): SessionRun => ({
  kind: 'folded',
  sessions: passed + flat,
  taken: [],
  passed,
  oneTake: passed - 1,
  refused: new Map([['flat', flat]]),
})

describe('pieces of one kind', () => {
  it('are joined to one', () => {
    expect(joinRuns([run(250, 3), run(50, 4)])).toEqual(run(300, 7))
    expect(joinSessions([sessions(4, 6), sessions(2, 1)])).toMatchObject({
      kind: 'folded',
      sessions: 13,
      passed: 6,
      oneTake: 4,
      refused: new Map([['flat', 7]]),
    })
    const again = joinAgain([
      [
        ['cropped', { count: 1, of: 2 }],
        ['new photos', { count: 0, of: 2 }],
      ],
      [
        ['cropped', { count: 3, of: 3 }],
        ['new photos', { count: 1, of: 4 }],
      ],
    ])
    expect(again).toEqual([
      ['cropped', { count: 4, of: 5 }],
      ['new photos', { count: 1, of: 6 }],
    ])
  })
})

describe('measurePieces', () => {
  it('takes what was kept, each presentation once, and measures nothing then', async () => {
    const names: string[] = []
    const keep: Keep = async (name) => {
      names.push(name)
      if (name.startsWith('one turn')) return run(1, 0) as never
      if (name.startsWith('sessions')) return sessions(2, 1) as never
      return [['cropped', { count: 1, of: 1 }]] as never
    }
    const { runs, again } = await measurePieces({ any: [], ahead: [] }, 1000, keep)
    expect(runs).toHaveLength(attackNames.length)
    const flat = names.filter((name) => name.startsWith('one turn, flat print'))
    expect(flat).toEqual([0, 250, 500, 750].map((from) => `one turn, flat print ${from}`))
    const cut = names.filter((name) => name.startsWith('one turn, mask, nose cut out'))
    expect(cut).toEqual(['one turn, mask, nose cut out 0'])
    expect(names.filter((name) => name.startsWith('sessions, folded'))).toHaveLength(2)
    expect(names.filter((name) => name.startsWith('sessions, made head'))).toHaveLength(5)
    expect(again).toEqual([['cropped', { count: 3, of: 3 }]])
    expect(new Set(names).size).toBe(names.length)
  })

  it('asks for whole frames ahead with all of their turned ones', () => {
    for (const name of attackNames) expect(presentationsOf(name, 7) % 5).toBe(0)
    expect(presentationsOf('flat print', 5000)).toBe(5000)
    expect(presentationsOf('folded', 5000)).toBe(2000)
  })
})
