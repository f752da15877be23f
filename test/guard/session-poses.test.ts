import { describe, expect, it } from 'vitest'
import { beginTry, openSession, type Session, settleTry } from '../../src/guard/session.ts'
import { drawFor, secondsForPose, usePoses } from '../../src/guard/session-poses.ts'
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
    expect(drawFor(active, random, terms.expiresMs)).toBeNull()
    expect(drawFor(openSession(terms), random, now)).toBeNull()
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
})
