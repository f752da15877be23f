import { describe, expect, it } from 'vitest'
import { unitVector } from '../../../src/encoding/direction.ts'
import { distance } from '../../../src/encoding/distance.ts'
import { crowdingAt } from '../../../src/encoding/metrics/l2-cohort.ts'
import { type Metric, prepareEncoding } from '../../../src/encoding/metrics/metric.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import {
  between,
  centres,
  cohort,
  crowded,
  near,
  plainly,
  scaled,
} from '../../support/faces/crowd.ts'
import { randomNumbers } from '../../support/random.ts'

it('the distance is that of the unit vectors, whatever the lengths were when they do not count', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const [a, b] = [randomNumbers(128, seed), randomNumbers(128, seed + 1000)]
    const wanted = distance(unitVector(a), unitVector(b))
    for (const by of [1, 0.001, 1000]) {
      expect(between(crowded, scaled(a, by), b)).toBeCloseTo(wanted, 6)
      expect(between(crowded, a, scaled(b, by))).toBeCloseTo(wanted, 6)
    }
  }
})

it('an encoding of another length than the cohort is at no distance from anybody', () => {
  const other = randomNumbers(64, 1)
  expect(between(crowded, other, other)).toBeNaN()
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
    expect(place.scale).toBeCloseTo(Math.exp(0.5 * (1 - 0.91)), 5)
    for (const other of [near(centres[0]!, 0.4, 3), randomNumbers(128, 4)]) {
      const plain = plainly(centres[0]!, other)
      const moved = between(crowded, centres[0]!, other)
      expect(moved).toBeGreaterThan(plain)
      expect(moved).toBeCloseTo(plain * place.scale * prepareEncoding(crowded, other).scale, 6)
    }
  })

  it('leaves a photo at distance 0 from itself, in the thickest crowd too', () => {
    for (const weight of [0.5, 5, 20]) {
      const metric: Metric = { kind: 'l2-cohort', cohort: { ...cohort, weight } }
      expect(between(metric, centres[0]!, centres[0]!)).toBe(0)
      expect(between(metric, scaled(centres[0]!, 1.3), centres[0]!)).toBeLessThan(1e-6)
    }
  })

  it('leaves faces below the floor where plain L2 has them, and brings nobody nearer', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const [lonely, other] = [randomNumbers(128, seed), randomNumbers(128, seed + 1000)]
      expect(crowdingAt(cohort, unitVector(lonely))).toBeLessThan(cohort.floor)
      expect(between(crowded, lonely, other)).toBe(plainly(lonely, other))
      const inside = near(centres[seed % 2]!, seed / 200, seed)
      expect(prepareEncoding(crowded, inside).scale).toBeGreaterThanOrEqual(1)
      expect(between(crowded, inside, other)).toBeGreaterThanOrEqual(plainly(inside, other))
    }
  })

  it('counts by its weight, and not at all at a weight of 0', () => {
    const scaleAt = (weight: number) =>
      prepareEncoding({ kind: 'l2-cohort', cohort: { ...cohort, weight } }, centres[0]!).scale
    expect(scaleAt(1)).toBeCloseTo(scaleAt(0.5) ** 2, 9)
    expect(scaleAt(0)).toBe(1)
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
    expect(between(lengthened, scaled(a, 1e-3), scaled(b, 1.4))).toBeCloseTo(usual * 0.94, 5)
    expect(between(lengthened, scaled(a, 1e3), scaled(b, 1.4))).toBeCloseTo(usual * 1.06, 5)
  })
})
