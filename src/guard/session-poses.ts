/**
 * The poses that a session with `liveness: 'active'` asks for. They are drawn when the phone is ready, are good for one try, and
 * only for as long as a person takes to do them, so that nobody can look for photos that suit. A session has as many draws as tries;
 * photos that could not be compared may be taken again in the same poses while their time lasts. Pure: the clock and random bytes are
 * passed in.
 */
import { drawPoses } from '../liveness/asked-poses.ts'
import { type Session, statusOf } from './session.ts'

/** For each pose, the first one included. */
export const secondsForPose = 12

/** Null when the session is over, asks for no poses, or has none left. */
export function drawFor(session: Session, random: Uint8Array, nowMs: number): Session | null {
  const { liveness, draws = 0, tries, triesLeft } = session
  const isOpen = statusOf(session, nowMs) === 'open' && triesLeft > 0
  if (liveness !== 'active' || !isOpen || draws >= tries) return null
  const asked = drawPoses(random)
  const expiresMs = Math.min(session.expiresMs, nowMs + asked.length * secondsForPose * 1000)
  return { ...session, draws: draws + 1, poses: { asked, expiresMs, isUsed: false } }
}

/** Takes the poses for a try; null when there are none whose time is not over. */
export function usePoses(session: Session, nowMs: number): Session | null {
  const { poses } = session
  if (poses === undefined || poses.isUsed || poses.expiresMs <= nowMs) return null
  return { ...session, poses: { ...poses, isUsed: true } }
}
