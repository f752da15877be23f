/**
 * Fits the crowding of a metric (src/identity/metric.ts) to labelled faces: how near the nearest strangers of each face
 * come, as a smooth function of where it lies. Nothing about who is the same person enters but that strangers are other
 * people. The function stands on centres that are means of many people, so that no face can be told from it.
 */
import { type Crowding, crowdingAt, templateOf, unitVector } from '../../src/identity/metric.ts'
import { SeededRandom } from '../../src/learning/seeded-random.ts'
import { ridgeRegression } from './solve.ts'

export interface LabelledFace {
  readonly person: string
  /** As at /verify: the photo as it is. */
  readonly probe: Float32Array
  /** As at enrolment: averaged with the mirror image. */
  readonly enrolled: Float32Array
}

/** Chosen on LFW, folds 1-3: docs/accuracy.md. Between 16 and 100 centres and 3 and 20 strangers little changes. */
const centreCount = 32
const nearestStrangers = 5
const weight = 1
const ridge = 0.1
/** A centre of fewer people would begin to be somebody's. */
const minPeoplePerCentre = 8
const rounds = 30
const seed = 1

/** @throws Error when there are too few people for one centre */
export function fitCrowding(faces: readonly LabelledFace[]): Crowding {
  const enrolled = faces.map((face) => unitVector(face.enrolled))
  const probes = faces.map((face) => unitVector(face.probe))
  const people = Map.groupBy(faces, ({ person }) => person)
  const templates = [...people.values()].map((photos) =>
    meanDirection(photos.map((p) => p.enrolled)),
  )
  if (templates.length < minPeoplePerCentre + nearestStrangers) {
    throw new Error(
      `${templates.length} people are too few to tell how crowded it is around a face, ` +
        `at least ${minPeoplePerCentre + nearestStrangers} are needed`,
    )
  }
  const centres = findCentres(templates)
  const places = [...enrolled, ...probes]
  const targets = places.map((place, i) =>
    nearestStrangerCosine(place, faces[i % faces.length].person, enrolled, faces),
  )
  const cosines = places.map((place) => centres.map((centre) => dot(centre, place)))
  const offset = median(cosines.map((row) => Math.max(...row)))
  const sharpness = 1 / deviation(cosines.flat())
  const rows = cosines.map((row) =>
    Float64Array.from([1, ...row.map((cosine) => Math.exp(sharpness * (cosine - offset)))]),
  )
  const [base, ...heights] = ridgeRegression(rows, targets, ridge)
  const shape = { centres, heights, base, offset, sharpness }
  const floor = median(places.map((place) => crowdingAt(shape, place)))
  return { ...shape, floor, weight }
}

function nearestStrangerCosine(
  place: Float32Array,
  person: string,
  enrolled: readonly Float32Array[],
  faces: readonly LabelledFace[],
): number {
  const nearest = new Array<number>(nearestStrangers).fill(-1)
  for (const [i, other] of enrolled.entries()) {
    if (faces[i].person === person) continue
    const cosine = dot(place, other)
    if (cosine <= nearest[0]) continue
    nearest[0] = cosine
    nearest.sort((a, b) => a - b)
  }
  return nearest.reduce((sum, cosine) => sum + cosine, 0) / nearestStrangers
}

/** Spherical k-means; a centre with too few people is given up and its people go to the others. */
function findCentres(templates: readonly Float32Array[]): Float32Array[] {
  const wanted = Math.min(centreCount, Math.floor(templates.length / minPeoplePerCentre))
  let centres = new SeededRandom(seed, 'centres').shuffled(templates).slice(0, wanted)
  for (let round = 0; round < rounds; round++)
    centres = centres.map(meanOfNearest(templates, centres))
  for (;;) {
    const groups = group(templates, centres)
    const smallest = groups.reduce(
      (least, members, k) => (members.length < groups[least].length ? k : least),
      0,
    )
    if (groups[smallest].length >= minPeoplePerCentre) return groups.map(meanDirection)
    centres = centres.filter((_, k) => k !== smallest)
  }
}

function meanOfNearest(templates: readonly Float32Array[], centres: readonly Float32Array[]) {
  const groups = group(templates, centres)
  return (centre: Float32Array, k: number) =>
    groups[k].length > 0 ? meanDirection(groups[k]) : centre
}

function group(
  templates: readonly Float32Array[],
  centres: readonly Float32Array[],
): Float32Array[][] {
  const groups: Float32Array[][] = centres.map(() => [])
  for (const template of templates) {
    let best = 0
    let bestCosine = -2
    for (const [k, centre] of centres.entries()) {
      const cosine = dot(centre, template)
      if (cosine > bestCosine) [best, bestCosine] = [k, cosine]
    }
    groups[best].push(template)
  }
  return groups
}

function meanDirection(encodings: readonly Float32Array[]): Float32Array {
  return unitVector(templateOf(encodings.map(unitVector)))
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / values.length)
}
