import { describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import {
  crowdingAt,
  distanceBetween,
  distanceToPerson,
  leastScale,
  type Metric,
  prepareEncoding,
  templateOf,
  unitVector,
} from '../../src/encoding/metric.ts'
import { fakeEncoding } from '../support/fake-engine.ts'
import { randomNumbers } from '../support/random.ts'

const l2: Metric = { kind: 'l2' }
const centres = [unitVector(randomNumbers(128, 901)), unitVector(randomNumbers(128, 902))]
const cohort = {
  centres,
  nearest: 1,
  floor: 0.91,
  weight: 0.5,
  usualLength: 1,
  lengthPower: 0,
}
const crowded: Metric = { kind: 'l2-cohort', cohort }
const metrics: [string, Metric][] = [
  ['l2', l2],
  ['l2-cohort', crowded],
]

const between = (metric: Metric, a: Float32Array, b: Float32Array) =>
  distanceBetween(prepareEncoding(metric, a), prepareEncoding(metric, b))
/** What the distance would be without crowding. */
const plainly = (a: Float32Array, b: Float32Array) => distance(unitVector(a), unitVector(b))
const scaled = (encoding: Float32Array, by: number) => encoding.map((value) => value * by)
const withValue = (value: number) => randomNumbers(128, 5).fill(value, 77, 78)
/** At about this distance from the centre. */
const near = (centre: Float32Array, offset: number, seed: number) => {
  const step = unitVector(randomNumbers(128, seed))
  return unitVector(centre.map((value, i) => value + offset * step[i]!))
}

describe('the distance between two faces', () => {
  it('is 0 from a photo to itself, exactly, away from crowds', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const encoding = randomNumbers(128, seed)
      for (const [, metric] of metrics) expect(between(metric, encoding, encoding)).toBe(0)
    }
  })

  it.each(metrics)('is the same in either order, in %s', (_, metric) => {
    for (let seed = 1; seed <= 100; seed++) {
      const [a, b] = [near(centres[0]!, 0.5, seed), randomNumbers(128, seed + 1000)]
      expect(between(metric, a, b)).toBe(between(metric, b, a))
    }
  })

  it('is in l2 the distance of the numbers as they are', () => {
    const [a, b] = [randomNumbers(128, 1), randomNumbers(128, 1001)]
    expect(between(l2, a, b)).toBe(distance(a, b))
    expect(between(l2, scaled(a, 3), scaled(b, 3))).toBeCloseTo(3 * distance(a, b), 4)
  })

  it('is in l2-cohort that of the unit vectors, whatever the lengths were when they do not count', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const [a, b] = [randomNumbers(128, seed), randomNumbers(128, seed + 1000)]
      const wanted = distance(unitVector(a), unitVector(b))
      for (const by of [1, 0.001, 1000]) {
        expect(between(crowded, scaled(a, by), b)).toBeCloseTo(wanted, 6)
        expect(between(crowded, a, scaled(b, by))).toBeCloseTo(wanted, 6)
      }
    }
  })

  it.each([
    ['a NaN', withValue(Number.NaN)],
    ['an infinity', withValue(Number.POSITIVE_INFINITY)],
    ['zeros', new Float32Array(128)],
    ['127 numbers', randomNumbers(127, 1)],
    ['129 numbers', randomNumbers(129, 1)],
    ['no numbers', new Float32Array(0)],
  ])('is NaN for %s, on either side or both', (_, broken) => {
    for (const [, metric] of metrics) {
      const sound = randomNumbers(128, 5)
      expect(between(metric, broken, sound)).toBeNaN()
      expect(between(metric, sound, broken)).toBeNaN()
      expect(between(metric, broken, broken)).toBeNaN()
      expect(distanceToPerson(metric, broken, [sound])).toBeNaN()
      expect(distanceToPerson(metric, sound, [broken])).toBeNaN()
    }
  })
})

describe('the distance to a person', () => {
  it('is that to the mean of their encodings, not to the nearest', () => {
    const person = [fakeEncoding('a', 0.2), fakeEncoding('a', -0.2)]
    expect(distanceToPerson(crowded, fakeEncoding('a'), person)).toBeCloseTo(0, 6)
    expect(distanceToPerson(crowded, fakeEncoding('a', 0.2), person)).toBeCloseTo(0.2, 6)
    const mean = templateOf(person)
    expect(distanceToPerson(l2, fakeEncoding('a'), person)).toBe(distance(fakeEncoding('a'), mean))
  })

  it('is NaN for a person without encodings, or with one that is broken', () => {
    const probe = fakeEncoding('a')
    expect(distanceToPerson(l2, probe, [])).toBeNaN()
    expect(distanceToPerson(l2, probe, [probe, fakeEncoding('a', Number.NaN)])).toBeNaN()
  })

  it('is NaN for a person whose encodings cancel out', () => {
    const encoding = fakeEncoding('a', 0.3)
    expect(distanceToPerson(l2, encoding, [encoding, scaled(encoding, -1)])).toBeNaN()
  })
})

describe('a template', () => {
  const encodings = Array.from({ length: 10 }, (_, i) => randomNumbers(128, i + 1))

  it('is the mean, number by number', () => {
    const mean = encodings[0]!.map(
      (_, i) => encodings.reduce((sum, one) => sum + one[i]!, 0) / encodings.length,
    )
    expect(distance(templateOf(encodings), mean)).toBeLessThan(1e-5)
  })

  it('does not depend on the order', () => {
    expect(distance(templateOf(encodings), templateOf(encodings.toReversed()))).toBeLessThan(1e-6)
  })

  it('of one encoding is that encoding', () => {
    expect(templateOf([encodings[0]!])).toEqual(encodings[0])
  })

  it('of none is not an encoding', () => {
    expect(templateOf([]).every(Number.isNaN)).toBe(true)
  })
})

describe('crowding', () => {
  it('is the mean cosine to the nearest centres', () => {
    expect(crowdingAt(cohort, centres[0]!)).toBeCloseTo(1, 6)
    expect(crowdingAt(cohort, near(centres[1]!, 0.2, 8))).toBeCloseTo(0.98, 2)
    const between = unitVector(centres[0]!.map((value, i) => value + centres[1]![i]!))
    const [a, b] = centres.map((centre) => 1 - plainly(centre, between) ** 2 / 2)
    expect(crowdingAt({ centres, nearest: 2 }, between)).toBeCloseTo((a! + b!) / 2, 6)
    expect(crowdingAt({ centres, nearest: 1 }, between)).toBeCloseTo(Math.max(a!, b!), 6)
  })

  it('moves a face in a crowd away from all others, by what is above the floor', () => {
    const place = prepareEncoding(crowded, centres[0]!)
    expect(place.shift).toBeCloseTo(0.5 * (1 - 0.91), 5)
    for (const other of [near(centres[0]!, 0.4, 3), randomNumbers(128, 4)]) {
      const plain = plainly(centres[0]!, other)
      const moved = between(crowded, centres[0]!, other)
      const shifts = place.shift + prepareEncoding(crowded, other).shift
      expect(moved).toBeGreaterThan(plain)
      expect(moved ** 2).toBeCloseTo(plain ** 2 + shifts, 6)
    }
  })

  it('moves two faces in one crowd apart even where they are the same', () => {
    expect(between(crowded, centres[0]!, centres[0]!)).toBeCloseTo(Math.sqrt(2 * 0.045), 4)
  })

  it('leaves faces below the floor where plain L2 has them, and brings nobody nearer', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const [lonely, other] = [randomNumbers(128, seed), randomNumbers(128, seed + 1000)]
      expect(crowdingAt(cohort, unitVector(lonely))).toBeLessThan(cohort.floor)
      expect(between(crowded, lonely, other)).toBe(plainly(lonely, other))
      const inside = near(centres[seed % 2]!, seed / 200, seed)
      expect(prepareEncoding(crowded, inside).shift).toBeGreaterThanOrEqual(0)
      expect(between(crowded, inside, other)).toBeGreaterThanOrEqual(plainly(inside, other))
    }
  })

  it('counts by its weight, and not at all at a weight of 0', () => {
    const shiftAt = (weight: number) =>
      prepareEncoding({ kind: 'l2-cohort', cohort: { ...cohort, weight } }, centres[0]!).shift
    expect(shiftAt(1)).toBeCloseTo(2 * shiftAt(0.5), 9)
    expect(shiftAt(0)).toBe(0)
  })

  it('that is not a number leaves everybody at NaN', () => {
    const metric: Metric = { kind: 'l2-cohort', cohort: { ...cohort, floor: Number.NaN } }
    expect(between(metric, fakeEncoding('a'), fakeEncoding('a'))).toBeNaN()
  })
})

describe('the length of an encoding', () => {
  const lengthened: Metric = {
    kind: 'l2-cohort',
    cohort: { ...cohort, usualLength: 1.4, lengthPower: 0.5 },
  }
  const [a, b] = [near(centres[0]!, 0.9, 21), near(centres[0]!, 0.9, 22)]

  it('makes a distance longer when it is longer than usual, and shorter when it is shorter', () => {
    const usual = between(lengthened, scaled(a, 1.4), scaled(b, 1.4))
    expect(usual).toBeCloseTo(plainly(a, b), 5)
    expect(between(lengthened, scaled(a, 1.5), scaled(b, 1.4))).toBeCloseTo(
      usual * (1.5 / 1.4) ** 0.25,
      5,
    )
    expect(between(lengthened, scaled(a, 1.3), scaled(b, 1.4))).toBeLessThan(usual)
  })

  it('changes a distance by no more than six in a hundred a face, however short or long', () => {
    const usual = between(lengthened, scaled(a, 1.4), scaled(b, 1.4))
    expect(between(lengthened, scaled(a, 1e-3), scaled(b, 1.4))).toBeCloseTo(usual * leastScale, 5)
    expect(between(lengthened, scaled(a, 1e3), scaled(b, 1.4))).toBeCloseTo(usual * 1.06, 5)
  })
})
