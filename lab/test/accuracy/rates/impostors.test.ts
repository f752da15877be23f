import { describe, expect, it } from 'vitest'
import { distanceBetween, prepareEncoding } from '../../../../src/encoding/metrics/metric.ts'
import {
  fmrAt,
  type Impostors,
  medianDistance,
  nearShare,
  type PlacedFace,
  poolImpostors,
  scoreImpostors,
  thresholdAt,
} from '../../../accuracy/rates/impostors.ts'
import { makePeople } from '../fit/made-up-people.ts'

/** As if these were the nearest of so many pairs. */
function impostorsOf(distances: readonly number[], pairs: number): Impostors {
  const near = distances.map((distance) => ({ distance, enrolled: 0, probe: 1 }))
  return { pairs, near, histogram: new Uint32Array(200), people: [] }
}

function placed(seed: number, crowd: number, lonely: number, first = 0) {
  const faces = makePeople({ lonely, crowd, photosEach: 2, seed })
  const names = [...new Set(faces.map(({ person }) => person))]
  const number = (person: string): number => first + names.indexOf(person)
  const place = (of: 'enrolled' | 'probe'): PlacedFace[] =>
    faces.map((face) => ({
      person: number(face.person),
      place: prepareEncoding({ kind: 'l2' }, face[of]),
    }))
  return { enrolled: place('enrolled'), probes: place('probe') }
}

function everyDistance({ enrolled, probes }: ReturnType<typeof placed>): number[] {
  return enrolled.flatMap((a) =>
    probes.filter((b) => b.person !== a.person).map((b) => distanceBetween(a.place, b.place)),
  )
}

describe('scoreImpostors', () => {
  const set = placed(1, 0, 40)
  const distances = everyDistance(set).sort((a, b) => a - b)
  const impostors = scoreImpostors(set.enrolled, set.probes)

  it('counts every template against every probe of somebody else', () => {
    expect(impostors.pairs).toBe(80 * 78)
    expect(impostors.pairs).toBe(distances.length)
    expect(impostors.histogram.reduce((sum, value) => sum + value, 0)).toBe(distances.length)
  })

  it('keeps the nearest pairs, at least the promised share of them, nearest first', () => {
    expect(impostors.near.length).toBeGreaterThanOrEqual(nearShare * impostors.pairs)
    expect(impostors.near.length).toBeLessThan(impostors.pairs / 4)
    expect(impostors.near.map(({ distance }) => distance)).toEqual(
      distances.slice(0, impostors.near.length),
    )
    expect(impostors.near.every(({ enrolled, probe }) => enrolled !== probe)).toBe(true)
  })

  it('knows how many templates and probes each person has', () => {
    expect(impostors.people).toHaveLength(1)
    expect(impostors.people[0].size).toBe(40)
    expect(impostors.people[0].get(7)).toEqual({ enrolled: 2, probes: 2 })
  })

  it('the histogram counts each distance in its bin', () => {
    const expected = new Uint32Array(200)
    for (const distance of distances) expected[Math.floor(distance / 0.01)]++
    expect(impostors.histogram).toEqual(expected)
  })
})

describe('thresholdAt', () => {
  it.each([0.001, 0.003, 0.01, 0.02])(
    'lets through at most %f, and one pair more is too many',
    (fmr) => {
      const { enrolled, probes } = placed(2, 10, 30)
      const impostors = scoreImpostors(enrolled, probes)
      const threshold = thresholdAt(impostors, fmr)
      const share = fmrAt(impostors, threshold)
      expect(share).toBeLessThanOrEqual(fmr)
      expect(share + 1 / impostors.pairs).toBeGreaterThan(fmr)
    },
  )

  it('lies halfway to the first pair that is one too many', () => {
    expect(thresholdAt(impostorsOf([0.1, 0.2, 0.4], 100), 0.02)).toBeCloseTo(0.3, 12)
  })

  it('lets none of the equal distances through when all would be too many', () => {
    const impostors = impostorsOf([0.1, 0.2, 0.2, 0.2], 100)
    const threshold = thresholdAt(impostors, 0.02)
    expect(threshold).toBeLessThan(0.2)
    expect(fmrAt(impostors, threshold)).toBe(0.01)
  })

  it('lets nobody through when not even one pair is allowed', () => {
    const impostors = impostorsOf([0.1, 0.2], 50)
    expect(fmrAt(impostors, thresholdAt(impostors, 0.01))).toBe(0)
  })

  it('refuses a rate that the near pairs do not reach', () => {
    expect(() => thresholdAt(impostorsOf([0.1, 0.2], 100), 0.02)).toThrow(
      '100 pairs do not show a threshold for 0.02',
    )
  })
})

describe('fmrAt', () => {
  const impostors = impostorsOf([0.1, 0.2, 0.2, 0.3], 40)

  it.each([
    [0.05, 0],
    [0.1, 1],
    [0.15, 1],
    [0.2, 3],
    [0.3, 4],
    [0.9, 4],
  ])(
    'at %f it counts %i pairs, a distance equal to the threshold among them',
    (threshold, count) => {
      expect(fmrAt(impostors, threshold)).toBe(count / 40)
    },
  )
})

describe('poolImpostors', () => {
  const sets = [placed(3, 0, 20), placed(4, 20, 0, 20)]
  const scored = sets.map(({ enrolled, probes }) => scoreImpostors(enrolled, probes))
  const pooled = poolImpostors(scored)

  it('compares nobody across sets', () => {
    expect(pooled.pairs).toBe(scored[0].pairs + scored[1].pairs)
    expect(pooled.people).toHaveLength(2)
    const crossing = pooled.near.filter(({ enrolled, probe }) => enrolled < 20 !== probe < 20)
    expect(crossing).toEqual([])
  })

  it('keeps only what is complete: up to where every set is known', () => {
    const all = sets.flatMap(everyDistance).sort((a, b) => a - b)
    expect(pooled.near.map(({ distance }) => distance)).toEqual(all.slice(0, pooled.near.length))
    expect(pooled.near.length).toBeGreaterThan(0.01 * pooled.pairs)
  })

  it('takes nothing from a set without pairs', () => {
    const empty = scoreImpostors([], [])
    expect(poolImpostors([scored[0], empty]).near).toEqual(scored[0].near)
  })
})

describe('medianDistance', () => {
  const of = (counts: readonly (readonly [bin: number, count: number])[]): Impostors => {
    const histogram = new Uint32Array(200)
    for (const [bin, count] of counts) histogram[bin] = count
    return {
      ...impostorsOf(
        [],
        counts.reduce((sum, [, count]) => sum + count, 0),
      ),
      histogram,
    }
  }

  it('lies within its bin as far as half of the pairs reach', () => {
    expect(
      medianDistance(
        of([
          [10, 2],
          [20, 8],
          [30, 6],
        ]),
      ),
    ).toBe(0.2075)
  })

  it('of scored pairs is the median of all distances', () => {
    const set = placed(1, 0, 40)
    const distances = everyDistance(set).sort((a, b) => a - b)
    const median = distances[distances.length / 2]!
    expect(medianDistance(scoreImpostors(set.enrolled, set.probes))).toBeCloseTo(median, 2)
  })

  it('is not known where nobody was compared', () => {
    expect(medianDistance(scoreImpostors([], []))).toBeNull()
  })

  it('is not known beyond the bins', () => {
    expect(
      medianDistance(
        of([
          [10, 1],
          [199, 2],
        ]),
      ),
    ).toBeNull()
  })
})
