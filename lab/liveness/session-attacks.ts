/**
 * Whole sessions answered with one photo of the person, by an attacker who knows facegate: poses are drawn as a session draws them, and for
 * each of them the photo is held anew, a few times, until it is seen in that pose. What comes out is judged as a session judges it, by all
 * of its checks. The same is done with heads that are made from one photo, which should pass.
 */
import type { Threshold, TogetherLimits } from '../../src/decision/thresholds.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import {
  type AskedPose,
  drawBytes,
  drawPoses,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import type { LivenessLevel, SequenceFault } from '../../src/liveness/judge-frames.ts'
import { meanOfPoses } from '../../src/people/claim/look-at-frames.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type Range, type Source, sourcesAt } from './attack-turns.ts'
import { type AttackName, drawAttack, type SourcePhoto } from './drawn/attacks.ts'
import { drawMadeHead, drawShape } from './drawn/model-head.ts'
import { apart } from './measure-active.ts'
import type { Observed, Observer } from './observe.ts'
import { judgeTaken, type TakenSession } from './taken-session.ts'

/** How often the photo is held anew for one pose. */
const holds = 10

/** Whose sessions: attacks of a kind, or heads made from one photo. */
export type SessionKind = AttackName | 'made head'

export interface SessionRun {
  readonly kind: SessionKind
  readonly sessions: number
  /** Those in which every pose was shown. */
  readonly taken: readonly TakenSession[]
  readonly passed: number
  /** Of those that pass, those of the level `one_take`. */
  readonly oneTake: number
  /** What the others were refused for, and how many. */
  readonly refused: ReadonlyMap<string, number>
}

/** Within which distances photos are of one person. */
export interface SessionLimits {
  readonly together: TogetherLimits
  /** Of the photo ahead, and the mean of all, from the one that is attacked, as if the person was enrolled with it. */
  readonly enrolled: Threshold
}

/** @param sources photos of people who look ahead */
export async function runSessions(
  observer: Observer,
  kind: SessionKind,
  sources: readonly Source[],
  { from, to }: Range,
  limits: SessionLimits,
): Promise<SessionRun> {
  const refused = new Map<string, number>()
  const taken: TakenSession[] = []
  let [passed, oneTake] = [0, 0]
  for (let seed = from; seed < to; seed++) {
    const at = (seed * 7919) % sources.length
    const [photo, attacker] = await sourcesAt(observer, sources, at)
    const asked = posesOf(seed)
    const shots = takeShots(observer, kind, [photo, attacker], seed)?.map((seen) => ({
      frame: seen.frame,
      encoding: observer.encode(seen),
    }))
    const session = shots && { fold: sources[at]!.fold, asked, shots }
    if (session) taken.push(session)
    const outcome = session ? outcomeOf(session, observer.encode(photo.seen), limits) : 'pose'
    if (outcome === 'relief' || outcome === 'one_take') passed++
    else refused.set(outcome, (refused.get(outcome) ?? 0) + 1)
    if (outcome === 'one_take') oneTake++
  }
  return { kind, sessions: to - from, taken, passed, oneTake, refused }
}

/** @param runs of one kind, at least one */
export function joinSessions(runs: readonly SessionRun[]): SessionRun {
  const sum = (count: (run: SessionRun) => number): number =>
    runs.reduce((all, run) => all + count(run), 0)
  const refused = new Map<string, number>()
  for (const [why, count] of runs.flatMap((run) => [...run.refused])) {
    refused.set(why, (refused.get(why) ?? 0) + count)
  }
  return {
    kind: runs[0]!.kind,
    sessions: sum(({ sessions }) => sessions),
    taken: runs.flatMap(({ taken }) => taken),
    passed: sum(({ passed }) => passed),
    oneTake: sum(({ oneTake }) => oneTake),
    refused,
  }
}

/** The photos of sessions of made heads in which every pose is shown, each taken twice: as many as are found among so many sessions. */
export async function takeTwice(
  observer: Observer,
  sources: readonly Source[],
  { from, to }: Range,
): Promise<(readonly [first: Observed[], second: Observed[]])[]> {
  const pairs: (readonly [Observed[], Observed[]])[] = []
  for (let seed = from; seed < to; seed++) {
    const photos = await sourcesAt(observer, sources, (seed * 7919) % sources.length)
    const first = takeShots(observer, 'made head', photos, seed)
    const second = first && takeShots(observer, 'made head', photos, seed, holds)
    if (first && second) pairs.push([first, second])
  }
  return pairs
}

/** @param firstHold another one for other photos of the same */
function takeShots(
  observer: Observer,
  kind: SessionKind,
  [photo, attacker]: readonly [photo: SourcePhoto, attacker: SourcePhoto],
  seed: number,
  firstHold = 0,
): Observed[] | null {
  const draw = drawerOf(kind, photo, attacker, seed)
  return holdAll(posesOf(seed), (pose, hold) => observer.see(draw(pose, firstHold + hold)))
}

/** The level that was reached, or what it is refused for. */
function outcomeOf(
  session: TakenSession,
  enrolled: Float32Array,
  limits: SessionLimits,
): LivenessLevel | SequenceFault['kind'] | 'no_match' {
  const judged = judgeTaken(session, limits.together)
  if (judged.fault !== null) return judged.fault.kind
  const encodings = session.shots.map(({ encoding }) => encoding)
  const probes = [encodings[0]!, meanOfPoses(session.asked, encodings)]
  const isThem = probes.every(
    (probe) => apart(probe, enrolled, limits.enrolled) <= limits.enrolled.threshold,
  )
  return isThem ? judged.level : 'no_match'
}

function drawerOf(
  kind: SessionKind,
  photo: SourcePhoto,
  attacker: SourcePhoto,
  session: number,
): (pose: AskedPose, hold: number) => RgbImage {
  const seedOf = (hold: number): number => session * holds + hold
  if (kind === 'made head') {
    const shape = drawShape(new SeededRandom(session, 'shape'))
    return (pose, hold) => drawMadeHead(photo.photo, photo.face, shape, seedOf(hold), pose)
  }
  return (pose, hold) => drawAttack(kind, photo, attacker, seedOf(hold), pose)
}

function posesOf(session: number): AskedPose[] {
  const random = new SeededRandom(session, 'poses')
  return drawPoses(Uint8Array.from({ length: drawBytes }, () => random.below(256)))
}

/** A frame for each pose, or null where one was not reached. */
function holdAll(
  asked: readonly AskedPose[],
  see: (pose: AskedPose, hold: number) => Observed | null,
): Observed[] | null {
  const frames: Observed[] = []
  for (const pose of asked) {
    let found: Observed | undefined
    for (let hold = 0; hold < holds && found === undefined; hold++) {
      const seen = see(pose, hold)
      const first = frames[0] ?? seen
      if (seen && first && !poseFaultOf(pose, first.frame.pose, seen.frame.pose)) found = seen
    }
    if (found === undefined) return null
    frames.push(found)
  }
  return frames
}
