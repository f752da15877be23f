/**
 * The honest hard case: an attacker who has several photos of the person, as the web has them, and shows the one that suits each pose.
 * They are photos of a real head, so the relief is right; what is left is whether a drawn sequence can be answered with them at all.
 */
import type { Threshold } from '../../src/decision/thresholds.ts'
import {
  type AskedPose,
  drawBytes,
  drawPoses,
  isTurn,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { apart, passes, shippedLimits } from './measure-active.ts'
import type { MeasuredTurn, PersonFrame } from './real-turns.ts'

/** Sequences drawn for each person. */
const draws = 200

export interface WebPhotos {
  /** From so many photos of the person to so many. */
  readonly photos: readonly [least: number, most: number]
  readonly people: number
  /** Share of the sequences that some choice of the photos answers. */
  readonly answered: number
}

const groups = [
  [2, 3],
  [4, 9],
  [10, Infinity],
] as const

export function measureWebPhotos(
  frames: readonly PersonFrame[],
  turns: readonly MeasuredTurn[],
  strict: Threshold,
): WebPhotos[] {
  const byAhead = Map.groupBy(turns, ({ ahead }) => ahead)
  const byPerson = [...Map.groupBy(frames.keys(), (place) => frames[place]!.person).values()]
  return groups.map(([least, most]) => {
    const people = byPerson.filter(({ length }) => length >= least && length <= most)
    let answered = 0
    for (const own of people) {
      const random = new SeededRandom(own[0]!, 'web photos')
      for (let draw = 0; draw < draws; draw++) {
        const bytes = Uint8Array.from({ length: drawBytes }, () => random.below(256))
        if (own.some((ahead) => answers(drawPoses(bytes), ahead, byAhead.get(ahead) ?? [])))
          answered++
      }
    }
    return {
      photos: [least, most],
      people: people.length,
      answered: answered / (people.length * draws),
    }
  })

  function answers(
    asked: readonly AskedPose[],
    ahead: number,
    own: readonly MeasuredTurn[],
  ): boolean {
    const { pose } = frames[ahead]!.frame
    if (poseFaultOf('ahead', pose, pose)) return false
    // A nearer one is made of the frame ahead.
    return asked.every(
      (wanted) =>
        !isTurn(wanted) ||
        own.some(
          (turn) =>
            turn.turn === wanted &&
            passes(turn, shippedLimits) &&
            apart(frames[ahead]!.encoding, frames[turn.turned]!.encoding, strict) <=
              strict.threshold,
        ),
    )
  }
}
