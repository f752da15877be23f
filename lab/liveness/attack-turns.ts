/** Drawn attacks with one photo each, through the networks: how many get as far as the pose that was asked for, and what is measured then. */
import { meanOf } from '../../src/image/similarity.ts'
import { poseFaultOf, type Turn, turns } from '../../src/liveness/asked-poses.ts'
import { measureTurn } from '../../src/liveness/turn.ts'
import { type AttackName, attackKinds, drawAttack, type SourcePhoto } from './drawn/attacks.ts'
import type { Observed, Observer } from './observe.ts'
import type { LabelledFile, ShownTurn } from './real-turns.ts'

/** A photo of a person who is attacked. */
export type Source = Pick<LabelledFile, 'file' | 'fold'>

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

/** @param count of a kind whose share is 1 */
export function presentationsOf(name: AttackName, count: number): number {
  return Math.ceil((count * attackKinds[name].share) / turnedFrames) * turnedFrames
}

/** Presentations by their numbers. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** @param range both ends multiples of the turned frames for each frame ahead */
export async function runAttack(
  observer: Observer,
  name: AttackName,
  sources: readonly Source[],
  { from, to }: Range,
): Promise<AttackRun> {
  let faceless = 0
  const posed: AttackTurn[] = []
  for (let seed = from; seed < to; seed += turnedFrames) {
    const at = (seed * 7919) % sources.length
    const { fold } = sources[at]!
    const [photo, attacker] = await sourcesAt(observer, sources, at)
    const ahead = observer.see(drawAttack(name, photo, attacker, seed, 'ahead'))
    for (let i = 0; i < turnedFrames; i++) {
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
  return { name, presented: to - from, faceless, posed }
}

/** @param runs of one kind, at least one */
export function joinRuns(runs: readonly AttackRun[]): AttackRun {
  const sum = (count: (run: AttackRun) => number): number =>
    runs.reduce((all, run) => all + count(run), 0)
  return {
    name: runs[0]!.name,
    presented: sum(({ presented }) => presented),
    faceless: sum(({ faceless }) => faceless),
    posed: runs.flatMap(({ posed }) => posed),
  }
}

/** The photo of the person who is attacked, and one of the attacker: somebody else, where there are several. */
export async function sourcesAt(
  observer: Observer,
  sources: readonly Source[],
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
