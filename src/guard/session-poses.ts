/**
 * The poses that a session with `liveness: 'active'` asks for. They are drawn when the phone is ready, and are valid for one try and
 * only as long as a person needs to do them, so that nobody can search for suitable photos. A session has as many draws as tries, and a
 * person as many in an hour as attempts, whichever session asks: else another session would be another chance. Half of them are kept for
 * devices by which the person matched, so that whoever opens sessions for them does not keep the person out.
 *
 * Told at once, they have the time of all of them, and photos that could not be compared may be taken again while it lasts. Told one by
 * one, each has its own, and the next is told when the photo of the last one is announced by its hash: then that photo must be sent,
 * whatever comes next. Pure: the clock and random bytes are passed in.
 */
import { type AskedPose, drawPoses } from '../liveness/asked-poses.ts'
import type { GuardState, HourOfDraws } from './admission.ts'
import { countInHour, type Spent, spentUntilEnd } from './attempts.ts'
import type { LockoutPolicy } from './policy.ts'
import { type DrawnPoses, type Session, statusOf } from './session.ts'

/** For each pose, the first one included. */
export const secondsForPose = 12
/** For sending photos that are all announced. */
export const secondsToSend = 30
/** Devices of a person that are remembered. */
const mostDevices = 4

/** Null when the session is over, asks for no poses, or has none left. */
export function drawFor(session: Session, random: Uint8Array, nowMs: number): Session | null {
  const { liveness, poseTelling, draws = 0, tries, triesLeft } = session
  const isOpen = statusOf(session, nowMs) === 'open' && triesLeft > 0
  if (liveness !== 'active' || !isOpen || draws >= tries) return null
  const asked = drawPoses(random)
  const isOneByOne = poseTelling === 'one_by_one'
  const seconds = secondsForPose * (isOneByOne ? 1 : asked.length)
  const poses = { asked, expiresMs: endOf(session, seconds, nowMs), isUsed: false }
  return { ...session, draws: draws + 1, poses: isOneByOne ? { ...poses, announced: [] } : poses }
}

/**
 * One more draw in the hour, which all devices share: two hours of their own could be timed apart, and what is kept in one be drawn in
 * the other.
 *
 * @param device of the session; absent when its backend named none
 */
export function countDraw(
  { draws, devices = [] }: GuardState,
  device: string | undefined,
  policy: Pick<LockoutPolicy, 'attemptsPerHour'>,
  nowMs: number,
): { readonly kind: 'counted'; readonly draws: HourOfDraws } | Spent {
  const counted = countInHour(draws, policy, nowMs)
  if (counted.kind === 'spent') return counted
  const { hour } = counted
  const byOthers = hour.startMs === draws?.startMs ? draws.byOthers : 0
  if (device !== undefined && devices.includes(device)) {
    return { kind: 'counted', draws: { ...hour, byOthers } }
  }
  // For nobody, while there is no such device. Of a single draw nothing can be kept: a new phone needs one too.
  const { attemptsPerHour = Number.POSITIVE_INFINITY } = policy
  const share = devices.length === 0 ? attemptsPerHour : Math.ceil(attemptsPerHour / 2)
  if (byOthers >= share) return spentUntilEnd(hour, nowMs)
  return { kind: 'counted', draws: { ...hour, byOthers: byOthers + 1 } }
}

/** The devices of a person after a match by poses. */
export function rememberDevice(
  devices: readonly string[] | undefined,
  { device, liveness }: Pick<Session, 'device' | 'liveness'>,
): readonly string[] | undefined {
  if (device === undefined || liveness !== 'active') return devices
  return [...(devices ?? []).filter((known) => known !== device), device].slice(-mostDevices)
}

/**
 * Holds the photo of the pose that was told last to its hash; the next pose is told from then on. The same one again changes nothing: its
 * answer was lost. Null when there is no pose to announce a photo for, or its time is over.
 */
export function announcePhoto(session: Session, photo: string, nowMs: number): Session | null {
  const { poses } = session
  if (poses?.announced === undefined || poses.isUsed || poses.expiresMs <= nowMs) return null
  if (statusOf(session, nowMs) !== 'open') return null
  if (photo === poses.announced.at(-1)) return session
  if (poses.announced.length === poses.asked.length) return null
  const announced = [...poses.announced, photo]
  const seconds = announced.length === poses.asked.length ? secondsToSend : secondsForPose
  return { ...session, poses: { ...poses, announced, expiresMs: endOf(session, seconds, nowMs) } }
}

/** What the phone may know of them by now. */
export function toldOf({ asked, announced }: DrawnPoses): readonly AskedPose[] {
  return announced === undefined ? asked : asked.slice(0, announced.length + 1)
}

/** Whether there is nothing more to tell, and the photos may be sent. */
export function areAllTold({ asked, announced }: DrawnPoses): boolean {
  return announced === undefined || announced.length === asked.length
}

/** Takes the poses for a try; null when there are none whose time is not over. */
export function usePoses(session: Session, nowMs: number): Session | null {
  const { poses } = session
  if (poses === undefined || poses.isUsed || poses.expiresMs <= nowMs) return null
  return areAllTold(poses) ? { ...session, poses: { ...poses, isUsed: true } } : null
}

function endOf({ expiresMs }: Session, seconds: number, nowMs: number): number {
  return Math.min(expiresMs, nowMs + seconds * 1000)
}
