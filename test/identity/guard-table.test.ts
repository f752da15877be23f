import { describe, expect, it } from 'vitest'
import { unguarded } from '../../src/guard/admission.ts'
import { countDraw } from '../../src/guard/session-poses.ts'
import { createGuardTable } from '../../src/identity/guard-table.ts'

const now = Date.UTC(2026, 0, 1)
const minutes = (count: number) => count * 60_000

/** A table whose object holds this. */
function tableOf(guard: object) {
  const stored = new Map<string, unknown>([['guard', guard]])
  return createGuardTable(stored as unknown as SyncKvStorage)
}

describe('a guard that was stored when others drew in an hour of their own', () => {
  const draws = { startMs: now, attempts: 4 }
  const drawsOfOthers = { startMs: now + minutes(20), attempts: 3 }
  const devices = ['own']
  const policy = { attemptsPerHour: 5 }

  it('is read as one hour, in which all that was spent is spent until the later end', () => {
    const guard = tableOf({ ...unguarded, draws, drawsOfOthers, devices }).state()
    expect(guard).toEqual({
      ...unguarded,
      devices,
      draws: { startMs: drawsOfOthers.startMs, attempts: 4, byOthers: 4 },
    })
    const nowMs = now + minutes(79)
    expect(countDraw(guard, 'other', policy, nowMs)).toEqual({
      kind: 'spent',
      retryAfterMs: minutes(1),
    })
    expect(countDraw(guard, 'own', policy, nowMs).kind).toBe('counted')
  })

  it('counts more by others than there are in the newer hour', () => {
    const late = { startMs: now + minutes(30), attempts: 1 }
    const guard = tableOf({ ...unguarded, draws: late, drawsOfOthers, devices }).state()
    expect(guard.draws).toEqual({ startMs: late.startMs, attempts: 1, byOthers: 3 })
  })

  it('is left as it is without draws, or with one hour', () => {
    expect(tableOf({ ...unguarded, devices }).state()).toEqual({ ...unguarded, devices })
    const one = { ...unguarded, draws: { ...draws, byOthers: 2 } }
    expect(tableOf(one).state()).toEqual(one)
  })
})
