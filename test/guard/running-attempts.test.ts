import { describe, expect, it } from 'vitest'
import {
  addRunning,
  findRepeated,
  type RunningAttempt,
  repeatableMs,
  replaceRunning,
} from '../../src/guard/running-attempts.ts'

const now = Date.UTC(2026, 10, 24)
const ticket = { round: 0, lockedUntilMs: 0, failures: 1, misses: 1, hourStartMs: now }
const once: RunningAttempt = { id: 'once', ticket, version: 1, beganMs: now }
const repeatable: RunningAttempt = { ...once, id: 'again', repeatsLeft: 2 }

describe('an attempt that may be sent again', () => {
  it('is found by its id while it runs, and for two minutes', () => {
    const running = [once, repeatable]
    expect(findRepeated(running, 'again', now)).toBe(repeatable)
    expect(findRepeated(running, 'again', now + repeatableMs - 1)).toBe(repeatable)
    expect(findRepeated(running, 'again', now + repeatableMs)).toBeNull()
    expect(findRepeated(running, 'another', now)).toBeNull()
  })

  it('is found by a clock that is a little behind, and not by one that is two minutes behind', () => {
    expect(findRepeated([repeatable], 'again', now - repeatableMs + 1)).toBe(repeatable)
    expect(findRepeated([repeatable], 'again', now - repeatableMs)).toBeNull()
  })

  it.each(['match', 'no_match', 'near'] as const)('is found when it ended in %s', (ended) => {
    const over = { ...repeatable, ended }
    expect(findRepeated([over], 'again', now)).toBe(over)
  })

  it.each(['unusable', 'fault'] as const)(
    'is another attempt when it ended in %s, which gave its try back',
    (ended) => {
      expect(findRepeated([{ ...repeatable, ended }], 'again', now)).toBeNull()
    },
  )

  it('keeps its place when it is put there anew', () => {
    const less = { ...repeatable, repeatsLeft: 1 }
    expect(replaceRunning([once, repeatable], less)).toEqual([once, less])
  })
})

describe('an attempt that may not be sent again', () => {
  it('is another one, whatever its id is', () => {
    expect(findRepeated([once], 'once', now)).toBeNull()
  })
})

describe('a list of attempts', () => {
  it('loses those whose end can come no more: after one minute, or two where they may be sent again', () => {
    const at = (ms: number) =>
      addRunning([once, repeatable], { ...once, id: 'new', beganMs: now + ms }).map(({ id }) => id)
    expect(at(59_999)).toEqual(['once', 'again', 'new'])
    expect(at(60_000)).toEqual(['again', 'new'])
    expect(at(repeatableMs)).toEqual(['new'])
  })

  it('has an id once', () => {
    expect(addRunning([once], { ...once, version: 2 })).toEqual([{ ...once, version: 2 }])
  })

  it('keeps the last 16 that have ended, and every one that runs', () => {
    const ended = Array.from({ length: 20 }, (_, i): RunningAttempt => {
      return { ...repeatable, id: `ended ${i}`, ended: 'no_match' }
    })
    const ids = addRunning([once, ...ended], repeatable).map(({ id }) => id)
    expect(ids).toEqual(['once', ...ended.slice(4).map(({ id }) => id), 'again'])
  })
})
