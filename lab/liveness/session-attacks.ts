/**
 * Whole sessions answered with one photo of the person, by an attacker who knows facegate: poses are drawn as a session draws them, and for
 * each of them the photo is held anew until it seems to be in that pose, a few times. What comes out is judged as a session judges it,
 * by all of its checks. The same is done with heads that are made from one photo, which should pass.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import type { Threshold } from '../../src/decision/thresholds.ts'
import { meanOf } from '../../src/image/warp.ts'
import {
  type AskedPose,
  drawBytes,
  drawPoses,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import { judgeFrames } from '../../src/liveness/judge-frames.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type AttackName, drawAttack } from './attacks.ts'
import { apart } from './measure-active.ts'
import type { Observed, Observer } from './observe.ts'
import type { PersonFrame } from './real-turns.ts'

/** How often the photo is held anew for one pose. */
const holds = 10

export interface SessionRun {
  readonly sessions: number
  readonly passed: number
  /** Sessions in which every pose could be shown at all. */
  readonly posed: number
  /** By what the others were refused for. */
  readonly refused: ReadonlyMap<string, number>
}

/** Draws a frame in which somebody may see that pose; `hold` fixes it. */
type Draw = (pose: AskedPose, hold: number) => Observed | null

export async function runSessions(
  observer: Observer,
  name: AttackName,
  sources: readonly PersonFrame[],
  sessions: number,
  strict: Threshold,
): Promise<SessionRun> {
  const bar = progressBar(`sessions: ${name}`)
  bar.start(sessions)
  const refused = new Map<string, number>()
  let [passed, posed] = [0, 0]
  for (let session = 0; session < sessions; session++) {
    const { file } = sources[(session * 7919) % sources.length]!
    const { image, frame } = (await observer.seeFile(file))!
    const face = { middle: meanOf(frame.landmarks), size: frame.pose.size }
    const asked = posesOf(session)
    const frames = holdAll(asked, (pose, hold) =>
      observer.see(drawAttack(name, image, face, session * 100 + hold, pose)),
    )
    bar.step()
    if (frames !== null) posed++
    const fault = frames === null ? 'pose' : judge(observer, asked, frames, strict)
    if (fault === null) passed++
    else refused.set(fault, (refused.get(fault) ?? 0) + 1)
  }
  bar.stop()
  return { sessions, passed, posed, refused }
}

function posesOf(session: number): AskedPose[] {
  const random = new SeededRandom(session, 'poses')
  return drawPoses(Uint8Array.from({ length: drawBytes }, () => random.below(256)))
}

/** A frame for each pose, or null where one was not reached. */
function holdAll(asked: readonly AskedPose[], draw: Draw): Observed[] | null {
  const frames: Observed[] = []
  for (const pose of asked) {
    let found: Observed | undefined
    for (let hold = 0; hold < holds && found === undefined; hold++) {
      const seen = draw(pose, hold)
      const first = frames[0]?.frame.pose ?? seen?.frame.pose
      if (seen && first && !poseFaultOf(pose, first, seen.frame.pose)) found = seen
    }
    if (found === undefined) return null
    frames.push(found)
  }
  return frames
}

/** What a session would refuse them for; null where they pass. */
function judge(
  observer: Observer,
  asked: readonly AskedPose[],
  observed: readonly Observed[],
  strict: Threshold,
): string | null {
  const encodings = observed.map((seen) => observer.encode(seen))
  const { fault } = judgeFrames({
    asked,
    frames: observed.map(({ frame }) => frame),
    seen: [],
    isSamePerson: (i) => apart(encodings[0]!, encodings[i]!, strict) <= strict.threshold,
  })
  return fault?.kind ?? null
}
