/**
 * Halves of the people: metric and thresholds of each are fitted to the other, and a probe is held against everybody enrolled in its own.
 * Pure.
 */
import type { PersonPhoto } from '../../../scripts/photos/people.ts'
import { type Metric, prepareEncoding } from '../../../src/encoding/metrics/metric.ts'
import type { EncodedPhotos } from '../../accuracy/encoded-photos.ts'
import { fitCalibration } from '../../accuracy/fit/fit-calibration.ts'
import { metricFor } from '../../accuracy/fit/fit-metric.ts'
import { reportedRates } from '../../accuracy/measure.ts'
import { type ComparedFace, heldDistance } from '../../accuracy/rates/held-distance.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import type { Half } from './count-doubts.ts'

/** What one encoder knows of a half of the people. */
export interface Side {
  readonly metric: Metric
  readonly thresholds: Half['thresholds']
  readonly enrolled: readonly (ComparedFace & {
    readonly file: string
    readonly person: string
  })[]
}

export function dealHalves(photos: readonly PersonPhoto[], seed: number): ReadonlySet<string>[] {
  const people = [...new Set(photos.map(({ person }) => person))]
  const dealt = new SeededRandom(seed, 'halves').shuffled(people)
  return [0, 1].map((half) => new Set(dealt.filter((_, i) => i % 2 === half)))
}

/** Under metric and thresholds of everybody else. */
export function judgeHalf({ faces }: EncodedPhotos, half: ReadonlySet<string>): Side {
  const others = faces.filter(({ person }) => !half.has(person))
  const kind = metricFor(new Set(others.map(({ person }) => person)).size)
  const { metric, verification } = fitCalibration(others, kind, {
    intervals: false,
    several: false,
  })
  return {
    metric,
    thresholds: verification.filter(({ fmr }) => reportedRates.some((rate) => rate === fmr)),
    enrolled: faces
      .filter(({ person, enrollable }) => half.has(person) && enrollable)
      .map(({ file, person, enrolled, suspicion }) => ({
        file,
        person,
        place: prepareEncoding(metric, enrolled),
        suspicion,
      })),
  }
}

export interface Tried {
  readonly person: string
  /** The file that is enrolled. */
  readonly enrolled: string
  /** The file that is spoilt. */
  readonly probe: string
}

/** People of whom two photos are sound enough to be enrolled with every encoder. */
export function choosePeople(
  photos: readonly PersonPhoto[],
  sides: readonly Side[],
  count: number,
): Tried[] {
  const files = sides.map(({ enrolled }) => new Set(enrolled.map(({ file }) => file)))
  return [...Map.groupBy(photos, ({ person }) => person)]
    .flatMap(([person, own]): Tried[] => {
      const [enrolled, probe] = own.filter(({ file }) => files.every((some) => some.has(file)))
      return enrolled && probe ? [{ person, enrolled: enrolled.file, probe: probe.file }] : []
    })
    .slice(0, count)
}

/** From one probe to everybody enrolled. */
export function apart({ enrolled }: Side, one: Tried, probe: ComparedFace) {
  const own = enrolled.find(({ file }) => file === one.enrolled)!
  return {
    own: heldDistance(own, probe),
    others: Float32Array.from(enrolled, (face) =>
      face.person === one.person ? Number.NaN : heldDistance(face, probe),
    ),
  }
}
