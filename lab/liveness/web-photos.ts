/**
 * The honest hard case: an attacker who has several photos of the person, as the web has them, and shows the one that suits each pose.
 * They are photos of a real head, so the relief is right; what is left is whether a drawn sequence can be answered with them at all.
 */
import type { TogetherLimits } from '../../src/decision/thresholds.ts'
import {
  type AskedPose,
  drawBytes,
  drawPoses,
  isTurn,
  poseFaultOf,
} from '../../src/liveness/asked-poses.ts'
import { showOnePerson } from '../../src/liveness/one-person.ts'
import { areOneTake } from '../../src/liveness/turn-limits.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { apart, passes, shippedLimits } from './measure-active.ts'
import type { MeasuredTurn, PersonFrame } from './real-turns.ts'

/** Sequences drawn for each person. */
const draws = 200

export interface WebPhotos {
  /** From so many photos of the person to so many. */
  readonly photos: readonly [least: number, most: number]
  readonly people: number
  /** Shares of the sequences that some choice of the photos answers. */
  readonly atOnce: number
  /** The photo that looks ahead is chosen before the rest is known. */
  readonly oneByOne: number
  /** Told at once, and only `one_take` matches. */
  readonly oneTake: number
  /** Told one by one, and only `one_take` matches. */
  readonly both: number
}

const groups = [
  [2, 3],
  [4, 9],
  [10, Infinity],
] as const

export function measureWebPhotos(
  frames: readonly PersonFrame[],
  turns: readonly MeasuredTurn[],
  limits: TogetherLimits,
): WebPhotos[] {
  const distanceOf = ({ ahead, turned }: MeasuredTurn): number =>
    apart(frames[ahead]!.encoding, frames[turned]!.encoding, limits)
  const fitting = turns.filter((turn) => passes(turn, shippedLimits))
  const byPerson = [...Map.groupBy(frames.keys(), (place) => frames[place]!.person).values()]
  return groups.map(([least, most]) => {
    const people = byPerson.filter(({ length }) => length >= least && length <= most)
    const any = shares(people, fitting)
    const strictest = shares(
      people,
      fitting.filter(({ measures }) => areOneTake(measures)),
    )
    return {
      photos: [least, most],
      people: people.length,
      ...any,
      oneTake: strictest.atOnce,
      both: strictest.oneByOne,
    }
  })

  /** @param fitting turned photos that pass beside one that looks ahead */
  function shares(people: readonly (readonly number[])[], fitting: readonly MeasuredTurn[]) {
    const turnsOf = Map.groupBy(fitting, ({ ahead }) => ahead)
    let [atOnce, oneByOne] = [0, 0]
    for (const own of people) {
      const sequences = sequencesFor(own[0]!)
      const answered = own
        .filter((ahead) => looksAhead(frames[ahead]!))
        .map((ahead) => {
          // Of several photos that show a turn the one that is nearest to the frame ahead; a nearer one is made of that.
          const shown = new Map<AskedPose, number>()
          for (const turn of turnsOf.get(ahead) ?? []) {
            shown.set(turn.turn, Math.min(distanceOf(turn), shown.get(turn.turn) ?? Infinity))
          }
          return sequences.map((asked) => {
            const distances = asked.map((pose) =>
              isTurn(pose) ? (shown.get(pose) ?? Infinity) : 0,
            )
            return showOnePerson(asked, distances, limits)
          })
        })
      atOnce += sequences.filter((_, i) => answered.some((by) => by[i])).length
      oneByOne += Math.max(0, ...answered.map((by) => by.filter(Boolean).length))
    }
    const all = people.length * draws
    return { atOnce: atOnce / all, oneByOne: oneByOne / all }
  }
}

function sequencesFor(seed: number): AskedPose[][] {
  const random = new SeededRandom(seed, 'web photos')
  return Array.from({ length: draws }, () =>
    drawPoses(Uint8Array.from({ length: drawBytes }, () => random.below(256))),
  )
}

function looksAhead({ frame: { pose } }: PersonFrame): boolean {
  return poseFaultOf('ahead', pose, pose) === null
}
