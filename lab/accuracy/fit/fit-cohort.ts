/**
 * Fits the cohort of a metric (src/encoding/metrics/l2-cohort.ts) to labelled faces: directions around which strangers lie, and what
 * is usual there. Nothing about who is the same person enters but that strangers are other people. Each direction is the
 * mean of several people who resemble each other, and there are so much fewer directions than people that nobody's own can
 * be worked out from them.
 */

import { lengthOf, unitVector } from '../../../src/encoding/direction.ts'
import { directionFromText, directionToText } from '../../../src/encoding/direction-text.ts'
import { type Cohort, crowdingAt } from '../../../src/encoding/metrics/l2-cohort.ts'
import { templateOf } from '../../../src/encoding/template.ts'
import type { Suspicion } from '../../../src/gate/judge-face.ts'
import { median } from '../../../src/lib/median.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

export interface LabelledFace {
  readonly person: string
  /** As at /verify: the photo as it is. */
  readonly probe: Float32Array
  /** As at enrollment: averaged with the mirror image. */
  readonly enrolled: Float32Array
  /** How suspect it is, as a probe and as enrolled (decision/doubt.ts). */
  readonly suspicion?: Suspicion
}

/** Chosen on LFW, folds 1-3: docs/accuracy.md. Between 200 and 800 centres of 5 to 12 people little changes. */
const mostCentres = 400
const peoplePerCentre = 8
const peopleForOneCentre = 3
const nearest = 3
const lengthPower = 0.25

const leastPeople = nearest * peopleForOneCentre

/**
 * @param weight of the crowding (fit-weight.ts)
 * @param draw another one takes other centres
 * @throws Error when there are too few people
 */
export function fitCohort(faces: readonly LabelledFace[], weight = 1, draw = 1): Cohort {
  const people = [...Map.groupBy(faces, ({ person }) => person)]
  if (people.length < Math.max(leastPeople, peoplePerCentre + 1)) {
    throw new Error(
      `${people.length} people are too few to tell how crowded it is around a face, ` +
        `at least ${Math.max(leastPeople, peoplePerCentre + 1)} are needed`,
    )
  }
  const directions = people.map(([, photos]) => meanDirection(photos.map((p) => p.enrolled)))
  const count = Math.min(mostCentres, Math.floor(people.length / peopleForOneCentre))
  const seeds = new SeededRandom(draw, 'centres').shuffled(directions).slice(0, count)
  const groups = seeds.map((direction) => nearestPeople(direction, directions))
  const centres = groups.map((members) => rounded(meanDirection(members.map(at(directions)))))
  const groupsOf = new Map<number, number[]>()
  for (const [i, members] of groups.entries()) {
    for (const member of members) groupsOf.set(member, [...(groupsOf.get(member) ?? []), i])
  }
  const crowding = people.flatMap(([, photos], person) => {
    // Without this person in any centre: as for somebody who was not there when the cohort was fitted.
    const others = [...centres]
    for (const i of groupsOf.get(person) ?? []) {
      others[i] = meanDirection(groups[i]!.filter((one) => one !== person).map(at(directions)))
    }
    return photos
      .flatMap(({ enrolled, probe }) => [enrolled, probe])
      .map((face) => crowdingAt({ centres: others, nearest }, directionOf(face)))
  })
  const lengths = faces.flatMap(({ enrolled, probe }) => [enrolled, probe]).map(lengthOf)
  const floor = median(crowding)
  return { centres, nearest, floor, weight, usualLength: median(lengths), lengthPower }
}

/** Indexes of the people around a direction, whoever gave it included. */
function nearestPeople(direction: Float32Array, directions: readonly Float32Array[]): number[] {
  const nearest: number[] = []
  const cosines: number[] = []
  for (const [person, other] of directions.entries()) {
    const cosine = dot(direction, other)
    let place = nearest.length
    while (place > 0 && cosines[place - 1]! < cosine) place--
    if (place === peoplePerCentre) continue
    nearest.splice(place, 0, person)
    cosines.splice(place, 0, cosine)
    nearest.length = cosines.length = Math.min(nearest.length, peoplePerCentre)
  }
  return nearest
}

/** As the file of the calibration holds it, so that thresholds are measured with what will run. */
function rounded(direction: Float32Array): Float32Array {
  return directionFromText(directionToText(direction))!
}

function meanDirection(encodings: readonly Float32Array[]): Float32Array {
  return unitVector(templateOf(encodings.map(directionOf)))
}

/** Kept as long as the encoding is: a calibration fits a cohort to the same faces sixty times. */
const knownDirections = new WeakMap<Float32Array, Float32Array>()

function directionOf(encoding: Float32Array): Float32Array {
  const known = knownDirections.get(encoding)
  if (known !== undefined) return known
  const direction = unitVector(encoding)
  knownDirections.set(encoding, direction)
  return direction
}

function at<T>(values: readonly T[]) {
  return (index: number): T => values[index]!
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
