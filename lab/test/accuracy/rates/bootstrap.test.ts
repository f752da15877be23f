import { describe, expect, it } from 'vitest'
import { prepareEncoding } from '../../../../src/encoding/metrics/metric.ts'
import { bootstrap, drawnThresholdAt, impostorDrawer } from '../../../accuracy/rates/bootstrap.ts'
import {
  type Impostors,
  type PlacedFace,
  poolImpostors,
  scoreImpostors,
  thresholdAt,
} from '../../../accuracy/rates/impostors.ts'
import { makePeople } from '../fit/made-up-people.ts'

const people = Array.from({ length: 200 }, (_, i) => i)

describe('bootstrap', () => {
  /** Share of the people drawn whose number is below 50: a quarter. */
  const share = (draw: (person: number) => number): number[] => [
    people.slice(0, 50).reduce((sum, person) => sum + draw(person), 0) / people.length,
  ]

  it('holds a proportion between ends that are as far apart as the binomial law says', () => {
    const [[low, high]] = bootstrap(people, share, { rounds: 1000, seed: 5 })
    expect(low).toBeLessThan(0.25)
    expect(high).toBeGreaterThan(0.25)
    const deviation = Math.sqrt((0.25 * 0.75) / 200)
    expect(high - low).toBeGreaterThan(3.92 * deviation * 0.85)
    expect(high - low).toBeLessThan(3.92 * deviation * 1.15)
  })

  it('draws as many people as there are, in every round', () => {
    const sizes: number[] = []
    const measure = (draw: (person: number) => number) => {
      sizes.push(people.reduce((sum, person) => sum + draw(person), 0))
      return [0]
    }
    bootstrap(people, measure, { rounds: 7, seed: 5 })
    expect(sizes).toEqual(new Array(7).fill(200))
  })

  it('one seed has one result, another another', () => {
    const run = (seed: number) => bootstrap(people, share, { rounds: 50, seed })
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
  })

  it('leaves out what is not a number', () => {
    let round = 0
    const measure = () => [round++ % 2 === 0 ? Number.NaN : 4]
    expect(bootstrap(people, measure, { rounds: 10, seed: 1 })).toEqual([[4, 4]])
  })

  it('has no interval without rounds', () => {
    expect(bootstrap(people, share, { rounds: 0, seed: 5 })).toEqual([])
  })
})

function placed(seed: number, first: number) {
  const faces = makePeople({ lonely: 12, crowd: 0, photosEach: 3, seed })
  const names = [...new Set(faces.map(({ person }) => person))]
  const number = (person: string): number => first + names.indexOf(person)
  const place = (of: 'enrolled' | 'probe'): PlacedFace[] =>
    faces.map((face) => ({
      person: number(face.person),
      place: prepareEncoding({ kind: 'l2' }, face[of]),
    }))
  // Not everybody has as many templates as probes.
  return { enrolled: place('enrolled').slice(4), probes: place('probe') }
}

describe('impostorDrawer', () => {
  const sets = [placed(1, 0), placed(2, 12)]
  const impostors = poolImpostors(sets.map((set) => scoreImpostors(set.enrolled, set.probes)))
  const draw = (person: number): number => person % 3

  it('weighs all pairs together as a count of them one by one does', () => {
    const drawn = impostorDrawer(impostors)(draw)
    let total = 0
    for (const { enrolled, probes } of sets) {
      for (const a of enrolled) {
        for (const b of probes) {
          if (a.person !== b.person) total += draw(a.person) * draw(b.person)
        }
      }
    }
    expect(drawn.total).toBe(total)
  })

  it('weighs a pair by the product of its two people', () => {
    const { distances, weights } = impostorDrawer(impostors)(draw)
    expect([...distances]).toEqual(impostors.near.map(({ distance }) => distance))
    expect([...weights]).toEqual(
      impostors.near.map(({ enrolled, probe }) => (enrolled % 3) * (probe % 3)),
    )
  })

  it('with everybody drawn once it is what was measured', () => {
    const { weights, total } = impostorDrawer(impostors)(() => 1)
    expect(total).toBe(impostors.pairs)
    expect(weights.every((weight) => weight === 1)).toBe(true)
  })
})

describe('drawnThresholdAt', () => {
  const made = (distances: readonly number[], pairs: number): Impostors => ({
    pairs,
    near: distances.map((distance) => ({ distance, enrolled: 0, probe: 1 })),
    histogram: new Uint32Array(200),
    people: [
      new Map([
        [0, { enrolled: pairs, probes: 0 }],
        [1, { enrolled: 0, probes: 1 }],
      ]),
    ],
  })

  it.each([0, 0.01, 0.02, 0.03])('is thresholdAt at %f when everybody is drawn once', (fmr) => {
    const impostors = made([0.1, 0.2, 0.3, 0.3, 0.4], 100)
    const drawn = impostorDrawer(impostors)(() => 1)
    expect(drawnThresholdAt(drawn, fmr)).toBeCloseTo(thresholdAt(impostors, fmr), 12)
  })

  it('is not a number when the near pairs do not reach so far', () => {
    const drawn = impostorDrawer(made([0.1, 0.2], 100))(() => 1)
    expect(drawnThresholdAt(drawn, 0.02)).toBeNaN()
  })
})
