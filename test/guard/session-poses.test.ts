import { describe, expect, it } from 'vitest'
import { type GuardState, type HourOfDraws, unguarded } from '../../src/guard/admission.ts'
import { beginTry, openSession, type Session, settleTry } from '../../src/guard/session.ts'
import {
  announcePhoto,
  areAllTold,
  countDraw,
  drawFor,
  rememberDevice,
  secondsForPose,
  secondsToSend,
  toldOf,
  usePoses,
} from '../../src/guard/session-poses.ts'
import { drawBytes } from '../../src/liveness/asked-poses.ts'

const now = Date.UTC(2026, 0, 1)
const terms = { id: 'p', identity: 'eve', audience: 'app', tries: 2, expiresMs: now + 180_000 }
const active = openSession({ ...terms, liveness: 'active' })
const random = new Uint8Array(drawBytes)
const attempt = { atMs: now, requestId: 'r', result: { code: 'face_too_blurry' as const } }

function draw(session: Session, nowMs = now): Session {
  const drawn = drawFor(session, random, nowMs)
  expect(drawn).not.toBeNull()
  return drawn!
}

describe('drawFor', () => {
  it('gives each pose its time, within that of the session', () => {
    const { poses } = draw(active)
    expect(poses!.expiresMs).toBe(now + poses!.asked.length * secondsForPose * 1000)
    expect(draw(active, now + 179_000).poses!.expiresMs).toBe(terms.expiresMs)
  })

  it('draws as often as there are tries, and never without', () => {
    const twice = draw(draw(active))
    expect(drawFor(twice, random, now)).toBeNull()
    expect(drawFor({ ...active, triesLeft: 0 }, random, now)).toBeNull()
    expect(drawFor({ ...active, triesLeft: 0, running: 1 }, random, now)).toBeNull()
    expect(drawFor(active, random, terms.expiresMs)).toBeNull()
    expect(drawFor(openSession(terms), random, now)).toBeNull()
  })
})

describe('countDraw', () => {
  const policy = { attemptsPerHour: 5 }
  const drawTimes = (state: GuardState, times: number, device?: string, nowMs = now) => {
    let guard = state
    for (let i = 0; i < times; i++) {
      const counted = countDraw(guard, device, policy, nowMs)
      if (counted.kind === 'spent') throw new Error(`spent after ${i}`)
      guard = { ...guard, draws: counted.draws }
    }
    return guard
  }
  const spent = { kind: 'spent', retryAfterMs: 3_600_000 }

  it('gives the whole hour to anybody while no device is known', () => {
    const guard = drawTimes(unguarded, 5)
    expect(countDraw(guard, 'any', policy, now)).toEqual(spent)
  })

  it('keeps the smaller half for known devices, which have all that is left', () => {
    const known = { ...unguarded, devices: ['own'] }
    const guard = drawTimes(known, 3, 'other')
    expect(countDraw(guard, 'another', policy, now)).toEqual(spent)
    expect(countDraw(guard, undefined, policy, now)).toEqual(spent)
    expect(countDraw(drawTimes(guard, 2, 'own'), 'own', policy, now)).toEqual(spent)
    expect(countDraw(drawTimes(known, 5, 'own'), 'own', policy, now)).toEqual(spent)
  })

  it('counts what was drawn before a device was known', () => {
    const guard = drawTimes(unguarded, 4)
    expect(countDraw({ ...guard, devices: ['own'] }, 'other', policy, now)).toEqual(spent)
    drawTimes({ ...guard, devices: ['own'] }, 1, 'own')
  })

  it('keeps that half however others time their draws: all have one hour', () => {
    const at = (minutes: number) => now + minutes * 60_000
    let guard = drawTimes({ ...unguarded, devices: ['own'] }, 1, 'own', at(0))
    guard = drawTimes(guard, 1, 'other', at(30))
    // Others, who began later, have drawn twice in this hour when one that began at 30 would end.
    guard = drawTimes(guard, 1, 'other', at(60))
    guard = drawTimes(guard, 1, 'other', at(89))
    guard = drawTimes(guard, 1, 'other', at(90))
    const untilEnd = { kind: 'spent', retryAfterMs: 30 * 60_000 }
    expect(countDraw(guard, 'other', policy, at(90))).toEqual(untilEnd)
    guard = drawTimes(guard, 2, 'own', at(91))
    expect(guard.draws).toEqual({ startMs: at(60), attempts: 5, byOthers: 3 })
    expect(drawTimes(guard, 1, 'own', at(120)).draws).toEqual({
      startMs: at(120),
      attempts: 1,
      byOthers: 0,
    })
  })

  it('keeps nothing of a single draw: a new phone needs one too', () => {
    const known = { ...unguarded, devices: ['own'] }
    const once = { attemptsPerHour: 1 }
    const counted = countDraw(known, 'other', once, now)
    expect(counted).toEqual({
      kind: 'counted',
      draws: { startMs: now, attempts: 1, byOthers: 1 },
    })
    const { draws } = counted as { draws: HourOfDraws }
    expect(countDraw({ ...known, draws }, 'own', once, now)).toEqual(spent)
  })
})

describe('rememberDevice', () => {
  it('keeps the last four that matched by poses, and no other', () => {
    let devices: readonly string[] | undefined
    for (const device of ['a', 'b', 'a', 'c', 'd', 'e']) {
      devices = rememberDevice(devices, { device, liveness: 'active' })
    }
    expect(devices).toEqual(['a', 'c', 'd', 'e'])
    expect(rememberDevice(devices, { device: 'f' })).toBe(devices)
    expect(rememberDevice(undefined, { liveness: 'active' })).toBeUndefined()
  })
})

describe('usePoses', () => {
  it('takes them once, and not after their time', () => {
    const drawn = draw(active)
    const used = usePoses(drawn, now)
    expect(used).not.toBeNull()
    expect(usePoses(used!, now)).toBeNull()
    expect(usePoses(drawn, drawn.poses!.expiresMs)).toBeNull()
    expect(usePoses(active, now)).toBeNull()
  })

  it('gets them back when nothing was compared, and not from under another try', () => {
    const begun = beginTry(usePoses(draw(active), now)!, now)!
    const back = settleTry(begun, 'unusable', attempt, now)!
    expect(usePoses(back, now)).not.toBeNull()
    const compared = settleTry(begun, 'no_match', attempt, now)!
    expect(usePoses(compared, now)).toBeNull()
    const two = beginTry(begun, now)!
    expect(usePoses(settleTry(two, 'unusable', attempt, now)!, now)).toBeNull()
  })

  it('does not get those back that were drawn and compared while a try with older ones ran', () => {
    const older = beginTry(usePoses(draw(active), now)!, now)!
    const both = beginTry(usePoses(draw(older), now)!, now)!
    const compared = settleTry(both, 'no_match', attempt, now, 2)!
    expect(usePoses(settleTry(compared, 'unusable', attempt, now, 1)!, now)).toBeNull()
  })
})

describe('poses that are told one by one', () => {
  const session = openSession({ ...terms, liveness: 'active', poseTelling: 'one_by_one' })
  const hash = (place: number): string => `${place}`.repeat(64)

  it('have their own time each, and the next is told when a photo is announced', () => {
    let drawn = draw(session)
    const { asked } = drawn.poses!
    let nowMs = now
    for (const [place] of asked.entries()) {
      expect(toldOf(drawn.poses!)).toEqual(asked.slice(0, place + 1))
      expect(areAllTold(drawn.poses!)).toBe(false)
      expect(drawn.poses!.expiresMs).toBe(nowMs + secondsForPose * 1000)
      expect(usePoses(drawn, nowMs)).toBeNull()
      nowMs += 5000
      drawn = announcePhoto(drawn, hash(place), nowMs)!
    }
    expect(toldOf(drawn.poses!)).toEqual(asked)
    expect(areAllTold(drawn.poses!)).toBe(true)
    expect(drawn.poses!.expiresMs).toBe(nowMs + secondsToSend * 1000)
    expect(usePoses(drawn, nowMs)!.poses!.announced).toEqual(asked.map((_, place) => hash(place)))
    expect(announcePhoto(drawn, hash(9), nowMs)).toBeNull()
  })

  it('take no photo after their time, none once they are used, and none where they are told at once', () => {
    const drawn = draw(session)
    expect(announcePhoto(drawn, hash(0), drawn.poses!.expiresMs)).toBeNull()
    expect(announcePhoto(draw(active), hash(0), now)).toBeNull()
    expect(announcePhoto(session, hash(0), now)).toBeNull()
    const used = { ...drawn, poses: { ...drawn.poses!, isUsed: true } }
    expect(announcePhoto(used, hash(0), now)).toBeNull()
    const ended = { ...drawn, triesLeft: 0 }
    expect(announcePhoto(ended, hash(0), now)).toBeNull()
  })

  it('are told no further by the same photo again, whose answer was lost', () => {
    const once = announcePhoto(draw(session), hash(0), now)!
    expect(announcePhoto(once, hash(0), now + 1000)).toEqual(once)
    expect(announcePhoto(once, hash(1), now + 1000)!.poses!.announced).toHaveLength(2)
  })
})
