/**
 * The photos that a session was answered with, and what is made of them by somebody who has them: sent in another order, one of them twice or
 * mirrored, one of another person. Judged by all checks of a session. Pure.
 */
import type { TogetherLimits } from '../../src/decision/thresholds.ts'
import { type AskedPose, isTurn } from '../../src/liveness/asked-poses.ts'
import { mirrorChip } from '../../src/liveness/copies.ts'
import { facePrintOf } from '../../src/liveness/frames/face-print.ts'
import type { Frame } from '../../src/liveness/frames/frame.ts'
import { judgeFrames, type SequenceJudgement } from '../../src/liveness/judge-frames.ts'
import { measureTurn } from '../../src/liveness/turn.ts'
import { apart, type Counted } from './measure-active.ts'
import type { ShownTurn } from './real-turns.ts'

export interface TakenSession {
  /** Of the person. */
  readonly fold: number
  readonly asked: readonly AskedPose[]
  /** One for each pose. */
  readonly shots: readonly Shot[]
}

export interface Shot {
  readonly frame: Frame
  readonly encoding: Float32Array
}

export function judgeTaken(
  { asked, shots }: Pick<TakenSession, 'asked' | 'shots'>,
  limits: TogetherLimits,
): SequenceJudgement {
  const [first] = shots
  return judgeFrames({
    asked,
    frames: shots.map(({ frame }) => frame),
    seen: [],
    distances: shots.map(({ encoding }) => apart(first!.encoding, encoding, limits)),
    limits,
  })
}

export function turnsOf({ fold, asked, shots }: TakenSession): ShownTurn[] {
  return asked.flatMap((turn, i) =>
    isTurn(turn)
      ? [{ fold, turn, measures: measureTurn(shots[0]!.frame, shots[i]!.frame, turn) }]
      : [],
  )
}

/** What of the tampered sessions passes. @param sessions of live people, who pass or not */
export function judgeTampered(
  sessions: readonly TakenSession[],
  limits: TogetherLimits,
): (readonly [what: string, counted: Counted])[] {
  const count = (made: readonly TakenSession[]): Counted => ({
    count: made.filter((session) => judgeTaken(session, limits).fault === null).length,
    of: made.length,
  })
  return [
    ['photos of a session in another order', count(sessions.flatMap(inOtherOrders))],
    ['one photo of a session twice', count(sessions.flatMap(withOneTwice))],
    ['a photo to one side, mirrored for the other', count(sessions.flatMap(withMirrored))],
    ['one turned photo of another person', count(swapped(sessions, 1))],
    ['all turned photos of another person', count(swapped(sessions, Infinity))],
  ]
}

function inOtherOrders(session: TakenSession): TakenSession[] {
  return ordersOf(session.shots)
    .slice(1)
    .map((shots) => ({ ...session, shots }))
}

/** The given order first. */
function ordersOf<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((first, i) => ordersOf(list.toSpliced(i, 1)).map((rest) => [first, ...rest]))
}

function withOneTwice(session: TakenSession): TakenSession[] {
  const { shots } = session
  return shots.flatMap((_, to) =>
    shots.flatMap((shot, from) =>
      from === to ? [] : [{ ...session, shots: shots.with(to, shot) }],
    ),
  )
}

/** Where one side was asked for, the other is sent, mirrored. */
function withMirrored(session: TakenSession): TakenSession[] {
  const { asked, shots } = session
  const [left, right] = [asked.indexOf('left'), asked.indexOf('right')]
  if (left < 0 || right < 0) return []
  return [
    { ...session, shots: shots.with(left, mirror(shots[right]!)) },
    { ...session, shots: shots.with(right, mirror(shots[left]!)) },
  ]
}

/** Right and left of the landmarks change places. */
function mirror({ frame, encoding }: Shot): Shot {
  const chip = mirrorChip(frame.chip)
  const { yaw, roll } = frame.pose
  const landmarks = mirrored.map((from) => {
    const [x, y] = frame.landmarks[from]!
    return [-x, y] as const
  })
  const pose = { ...frame.pose, yaw: -yaw, roll: -roll }
  return { frame: { landmarks, pose, chip, print: facePrintOf(chip) }, encoding }
}

const pairsBack = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => to - i)

/** By the numbers of the 68 landmarks. */
const mirrored: readonly number[] = [
  ...pairsBack(0, 16),
  ...pairsBack(17, 26),
  ...[27, 28, 29, 30],
  ...pairsBack(31, 35),
  ...[45, 44, 43, 42, 47, 46],
  ...[39, 38, 37, 36, 41, 40],
  ...pairsBack(48, 54),
  ...pairsBack(55, 59),
  ...pairsBack(60, 64),
  ...pairsBack(65, 67),
]

/** Photos of the next few sessions, of other people, in the same poses. */
function swapped(sessions: readonly TakenSession[], most: number): TakenSession[] {
  return sessions.flatMap((own, i) =>
    [1, 2, 3, 4, 5].flatMap((step) => {
      const other = sessions[(i + step) % sessions.length]!
      const places = own.asked
        .flatMap((pose, place) => {
          const from = other.asked.indexOf(pose)
          return isTurn(pose) && from >= 0 ? [{ place, from }] : []
        })
        .slice(0, most)
      const turns = own.asked.filter(isTurn).length
      if (places.length < Math.min(most, turns)) return []
      const shots = places.reduce<readonly Shot[]>(
        (made, { place, from }) => made.with(place, other.shots[from]!),
        own.shots,
      )
      return [{ ...own, shots }]
    }),
  )
}
