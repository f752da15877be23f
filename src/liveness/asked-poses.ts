/**
 * The poses that a session may ask for, and whether a frame shows the one that was asked for. A sequence begins ahead and has two turns at
 * least, one of them to the side, since that shows best whether it is a head that turns; nothing is asked for twice. Pure: random
 * bytes are passed in.
 */
import type { Point } from '../image/similarity.ts'
import type { HeadPose } from './frames/head-pose.ts'

export const turns = ['left', 'right', 'up', 'down'] as const
export type Turn = (typeof turns)[number]
export const askedPoses = ['ahead', ...turns, 'nearer'] as const
export type AskedPose = (typeof askedPoses)[number]

/** What a frame falls short of: more of it, or less. */
export type PoseFault = 'not_ahead' | 'too_little' | 'too_much'

/** Degrees by which the first frame may look aside, and up or down. */
const ahead = { yaw: 12, pitch: 20 } as const
/** Degrees from the first frame on, and those by which it may turn in the other direction too. */
const turned = {
  side: { least: 15, most: 35, aslant: 12 },
  nod: { least: 12, most: 30, aslant: 12 },
} as const
/** How much larger the face is than in the first frame. */
const nearer = { least: 1.25, most: 2.5 } as const

export function isTurn(pose: AskedPose): pose is Turn {
  return pose !== 'ahead' && pose !== 'nearer'
}

export function isSideways(turn: Turn): boolean {
  return turn === 'left' || turn === 'right'
}

/** Where the nose goes in the upright photo: left and right are the person's own. */
export function directionOf(turn: Turn): Point {
  return directions[turn]
}

const directions: Readonly<Record<Turn, Point>> = {
  left: [1, 0],
  right: [-1, 0],
  up: [0, -1],
  down: [0, 1],
}

/** Degrees by which the head has turned as asked, and by which it has turned across. */
export function turnBetween(
  from: HeadPose,
  to: HeadPose,
  turn: Turn,
): { readonly degrees: number; readonly aslant: number } {
  const [aside, upwards] = [to.yaw - from.yaw, to.pitch - from.pitch]
  const [along, across] = isSideways(turn) ? [aside, upwards] : [upwards, aside]
  const sign = turn === 'left' || turn === 'up' ? 1 : -1
  return { degrees: sign * along, aslant: Math.abs(across) }
}

/** Null when the frame shows what was asked for. @param first pose of the frame ahead */
export function poseFaultOf(asked: AskedPose, first: HeadPose, pose: HeadPose): PoseFault | null {
  if (asked === 'ahead') return looksAhead(pose) ? null : 'not_ahead'
  if (asked === 'nearer') {
    const { degrees, aslant } = turnBetween(first, pose, 'left')
    const isStill = Math.abs(degrees) <= ahead.yaw && aslant <= ahead.pitch
    return isStill ? within(pose.size / first.size, nearer) : 'not_ahead'
  }
  const limits = isSideways(asked) ? turned.side : turned.nod
  const { degrees, aslant } = turnBetween(first, pose, asked)
  return within(degrees, limits) ?? (aslant <= limits.aslant ? null : 'too_much')
}

function looksAhead({ yaw, pitch }: HeadPose): boolean {
  return Math.abs(yaw) <= ahead.yaw && Math.abs(pitch) <= ahead.pitch
}

/** NaN is too little. */
function within(value: number, { least, most }: { least: number; most: number }): PoseFault | null {
  if (!(value >= least)) return 'too_little'
  return value <= most ? null : 'too_much'
}

/** Random bytes that drawing a sequence takes. */
export const drawBytes = 8

/** Of a sequence. */
export const mostPoses = 4

/** Ahead, then two or three others. */
export function drawPoses(random: Uint8Array): AskedPose[] {
  // A byte each; 256 is no multiple of 3, which favours nobody by more than a hundredth.
  const pick = <T>(from: T[], byte: number): T => from.splice(byte % from.length, 1)[0]!
  const side = pick<AskedPose>(['left', 'right'], random[0]!)
  const rest: AskedPose[] = turns.filter((turn) => turn !== side)
  const others = [pick(rest, random[1]!)]
  if (random[2]! % 2 === 0) others.push(pick([...rest, 'nearer'], random[3]!))
  others.splice(random[4]! % (others.length + 1), 0, side)
  return ['ahead', ...others]
}
