/**
 * Whole sessions answered with one photo of the person, by an attacker who knows facegate: poses are drawn as a session draws them, and for
 * each of them the photo is held anew, a few times, until it is seen in that pose. What comes out is judged as a session judges it, by all
 * of its checks. The same is done with heads that are made from one photo, which should pass.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import type { Threshold } from '../../src/decision/thresholds.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf } from '../../src/image/warp.ts'
import {
  type AskedPose,
  drawBytes,
  drawPoses,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import { judgeFrames, type SequenceJudgement } from '../../src/liveness/judge-frames.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type AttackName, drawAttack } from './attacks.ts'
import { apart } from './measure-active.ts'
import { drawMadeHead, drawShape } from './model-head.ts'
import type { Observed, Observer } from './observe.ts'
import type { PersonFrame } from './real-turns.ts'
import type { SourceFace } from './sheet.ts'

/** How often the photo is held anew for one pose. */
const holds = 10

/** Whose sessions: attacks of a kind, or heads made from one photo. */
export type SessionKind = AttackName | 'made head'

export interface SessionRun {
  readonly kind: SessionKind
  readonly sessions: number
  /** Those in which every pose was shown. */
  readonly posed: number
  readonly passed: number
  /** Of those that pass, those of the level `one_take`. */
  readonly oneTake: number
  /** What the others were refused for, and how many. */
  readonly refused: ReadonlyMap<string, number>
}

/** @param sources photos of people who look ahead */
export async function runSessions(
  observer: Observer,
  kind: SessionKind,
  sources: readonly Pick<PersonFrame, 'file'>[],
  sessions: number,
  strict: Threshold,
): Promise<SessionRun> {
  const bar = progressBar(`sessions: ${kind}`)
  bar.start(sessions)
  const refused = new Map<string, number>()
  let [posed, passed, oneTake] = [0, 0, 0]
  for (let session = 0; session < sessions; session++) {
    const { file } = sources[(session * 7919) % sources.length]!
    const { image, frame } = (await observer.seeFile(file))!
    const face = { middle: meanOf(frame.landmarks), size: frame.pose.size }
    const asked = posesOf(session)
    const draw = drawerOf(kind, image, face, session)
    const frames = holdAll(asked, (pose, hold) => observer.see(draw(pose, hold)))
    bar.step()
    if (frames !== null) posed++
    const judged = frames && judge(observer, asked, frames, strict)
    if (judged?.fault === null) {
      passed++
      if (judged.level === 'one_take') oneTake++
    } else {
      const why = judged?.fault.kind ?? 'pose'
      refused.set(why, (refused.get(why) ?? 0) + 1)
    }
  }
  bar.stop()
  return { kind, sessions, posed, passed, oneTake, refused }
}

function drawerOf(kind: SessionKind, photo: RgbImage, face: SourceFace, session: number) {
  const seedOf = (hold: number): number => session * holds + hold
  if (kind === 'made head') {
    const shape = drawShape(new SeededRandom(session, 'shape'))
    return (pose: AskedPose, hold: number) => drawMadeHead(photo, face, shape, seedOf(hold), pose)
  }
  return (pose: AskedPose, hold: number) => drawAttack(kind, photo, face, seedOf(hold), pose)
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

function judge(
  observer: Observer,
  asked: readonly AskedPose[],
  observed: readonly Observed[],
  strict: Threshold,
): SequenceJudgement {
  const encodings = observed.map((seen) => observer.encode(seen))
  return judgeFrames({
    asked,
    frames: observed.map(({ frame }) => frame),
    seen: [],
    isSamePerson: (i) => apart(encodings[0]!, encodings[i]!, strict) <= strict.threshold,
  })
}
