/**
 * Real heads that turn: pairs of photos of one person of which one looks ahead and the other as a session would ask for, taken on
 * different days. Expression and light differ too, so what they are refused for is an upper bound for one person before one camera.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import { poseFaultOf, type Turn, turns } from '../../src/liveness/asked-poses.ts'
import type { Frame } from '../../src/liveness/frames/frame.ts'
import { measureTurn, type TurnMeasures } from '../../src/liveness/turn.ts'
import type { Observer } from './observe.ts'

export interface PersonFrame {
  readonly file: string
  readonly person: string
  readonly fold: number
  readonly frame: Frame
  readonly encoding: Float32Array
}

/** One turned frame beside one that looks ahead. */
export interface ShownTurn {
  /** Of the person. */
  readonly fold: number
  readonly turn: Turn
  readonly measures: TurnMeasures
}

export interface MeasuredTurn extends ShownTurn {
  /** Place of the frame ahead, and of the turned one, in the list of frames. */
  readonly ahead: number
  readonly turned: number
}

export interface LabelledFile {
  readonly file: string
  readonly person: string
  readonly fold: number
}

export async function observePeople(
  observer: Observer,
  files: readonly LabelledFile[],
): Promise<PersonFrame[]> {
  const bar = progressBar('looking at photos')
  bar.start(files.length)
  const frames: PersonFrame[] = []
  for (const labelled of files) {
    const seen = await observer.seeFile(labelled.file)
    bar.step()
    if (seen === null) continue
    frames.push({ ...labelled, frame: seen.frame, encoding: observer.encode(seen) })
  }
  bar.stop()
  return frames
}

export function measureRealTurns(frames: readonly PersonFrame[]): MeasuredTurn[] {
  const places = Map.groupBy(frames.keys(), (place) => frames[place]!.person)
  const bar = progressBar('measuring turns')
  bar.start(places.size)
  const measured: MeasuredTurn[] = []
  for (const own of places.values()) {
    for (const ahead of own) {
      const first = frames[ahead]!
      if (poseFaultOf('ahead', first.frame.pose, first.frame.pose)) continue
      for (const turned of own) {
        const { frame } = frames[turned]!
        const turn = turns.find((asked) => !poseFaultOf(asked, first.frame.pose, frame.pose))
        if (turn === undefined || turned === ahead) continue
        const measures = measureTurn(first.frame, frame, turn)
        measured.push({ fold: first.fold, turn, ahead, turned, measures })
      }
    }
    bar.step()
  }
  bar.stop()
  return measured
}
