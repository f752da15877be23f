/** Drawn attacks with one photo each, through the networks: how many get as far as the pose that was asked for, and what is measured then. */
import { progressBar } from '../../scripts/front/progress.ts'
import { meanOf } from '../../src/image/warp.ts'
import { poseFaultOf, type Turn, turns } from '../../src/liveness/asked-poses.ts'
import { measureTurn } from '../../src/liveness/turn.ts'
import { type AttackName, attackKinds, drawAttack, type SourcePhoto } from './drawn/attacks.ts'
import type { Observed, Observer } from './observe.ts'
import type { PersonFrame, ShownTurn } from './real-turns.ts'

export interface AttackRun {
  readonly name: AttackName
  readonly presented: number
  /** Presentations in which one of the frames showed no face that could be compared. */
  readonly faceless: number
  /** Those whose second frame shows a pose that may be asked for, as the first shows a face ahead. */
  readonly posed: readonly AttackTurn[]
}

export interface AttackTurn extends ShownTurn {
  /** Encodings of both frames. */
  readonly encodings: readonly [ahead: Float32Array, turned: Float32Array]
}

/** Turned frames for each frame ahead. */
const turnedFrames = 5

/** @param count presentations of a kind whose share is 1 */
export async function runAttack(
  observer: Observer,
  name: AttackName,
  sources: readonly PersonFrame[],
  count: number,
): Promise<AttackRun> {
  const presented = Math.ceil((count * attackKinds[name].share) / turnedFrames) * turnedFrames
  const bar = progressBar(name)
  bar.start(presented)
  let faceless = 0
  const posed: AttackTurn[] = []
  for (let seed = 0; seed < presented; seed += turnedFrames) {
    const at = (seed * 7919) % sources.length
    const { fold } = sources[at]!
    const [photo, attacker] = await sourcesAt(observer, sources, at)
    const ahead = observer.see(drawAttack(name, photo, attacker, seed, 'ahead'))
    for (let i = 0; i < turnedFrames; i++) {
      bar.step()
      const turned = ahead && observer.see(drawAttack(name, photo, attacker, seed + i, 'turned'))
      if (!ahead || !turned) {
        faceless++
        continue
      }
      const turn = turnShown(ahead, turned)
      if (turn === undefined) continue
      posed.push({
        fold,
        turn,
        measures: measureTurn(ahead.frame, turned.frame, turn),
        encodings: [observer.encode(ahead), observer.encode(turned)],
      })
    }
  }
  bar.stop()
  return { name, presented, faceless, posed }
}

/** The photo of the person who is attacked, and one of the attacker: somebody else, where there are several. */
export async function sourcesAt(
  observer: Observer,
  sources: readonly Pick<PersonFrame, 'file'>[],
  at: number,
): Promise<readonly [photo: SeenSource, attacker: SeenSource]> {
  const other = (at + Math.floor(sources.length / 2)) % sources.length
  return [
    await sourceOf(observer, sources[at]!.file),
    await sourceOf(observer, sources[other]!.file),
  ]
}

interface SeenSource extends SourcePhoto {
  readonly seen: Observed
}

async function sourceOf(observer: Observer, file: string): Promise<SeenSource> {
  const seen = (await observer.seeFile(file))!
  const { image: photo, frame } = seen
  return { photo, face: { middle: meanOf(frame.landmarks), size: frame.pose.size }, seen }
}

/** Whatever might have been asked for, the attacker is given. */
function turnShown(ahead: Observed, turned: Observed): Turn | undefined {
  if (poseFaultOf('ahead', ahead.frame.pose, ahead.frame.pose)) return undefined
  return turns.find((asked) => !poseFaultOf(asked, ahead.frame.pose, turned.frame.pose))
}
