import { describe, expect, it } from 'vitest'
import { distance } from '../../../src/encoding/distance.ts'
import {
  distanceBetween,
  distanceToPerson,
  type Metric,
  metricKinds,
  metricSchema,
  metricToJson,
  prepareEncoding,
  scanBounds,
  scannedRow,
  uncalibratedMetric,
} from '../../../src/encoding/metrics/metric.ts'
import { templateOf } from '../../../src/encoding/template.ts'
import { fakeEncoding } from '../../support/app/fake-engine.ts'
import { between, centres, cohort, crowded, near, scaled } from '../../support/faces/crowd.ts'
import { randomNumbers } from '../../support/random.ts'

const l2: Metric = { kind: 'l2' }
const metrics: [string, Metric][] = [
  ['l2', l2],
  ['l2-cohort', crowded],
]
const withValue = (value: number) => randomNumbers(128, 5).fill(value, 77, 78)

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

  it('is NaN for two encodings of different lengths that encodings may have', () => {
    for (const [, metric] of metrics) {
      expect(between(metric, randomNumbers(128, 1), randomNumbers(64, 1))).toBeNaN()
      expect(between(metric, randomNumbers(512, 1), randomNumbers(128, 1))).toBeNaN()
    }
  })
})

describe('the distance between two places', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NaN])('is NaN when one is stretched by %d', (scale) => {
    const at = (value: number) => new Float32Array(4).fill(value)
    const place = { vector: at(1), scale: 1 }
    expect(distanceBetween(place, { vector: at(2), scale })).toBeNaN()
    expect(distanceBetween({ vector: at(2), scale }, place)).toBeNaN()
    expect(distanceBetween({ ...place, scale: 1e200 }, { vector: at(2), scale: 1e200 })).toBeNaN()
    expect(distanceBetween(place, { vector: at(2), scale: 3 })).toBe(6)
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

describe('the list of metrics', () => {
  it('has the kinds that the calibration file, commands and indexes know', () => {
    expect(metricKinds).toEqual(expect.arrayContaining(metrics.map(([kind]) => kind)))
    expect(metricKinds).toContain(uncalibratedMetric.kind)
    expect(metricSchema.safeParse({ kind: 'l3' }).success).toBe(false)
  })

  it.each(metrics)('reads what it writes, in %s', (_, metric) => {
    const read = metricSchema.parse(metricToJson(metric))
    expect(metricToJson(read)).toEqual(metricToJson(metric))
    const [a, b] = [randomNumbers(128, 1), near(centres[0]!, 0.4, 2)]
    expect(between(read, a, b)).toBeCloseTo(between(metric, a, b), 2)
  })
})

describe('the bounds of a scan', () => {
  const shortened: Metric = {
    kind: 'l2-cohort',
    cohort: { ...cohort, usualLength: 1.4, lengthPower: 0.5 },
  }
  it.each([...metrics, ['l2-cohort where short encodings are nearer', shortened] as const])(
    'miss nobody within reach, and promise nobody too far, in %s',
    (_, metric) => {
      for (let seed = 1; seed <= 200; seed++) {
        const probe = near(centres[seed % 2]!, seed / 100, seed)
        const face = scaled(near(centres[seed % 2]!, 0.5, seed + 1000), 0.5 + (seed % 5) / 4)
        const apart = between(metric, probe, face)
        const { vector, reach, atLeast } = scanBounds(metric, prepareEncoding(metric, probe), apart)
        const l2Distance = distance(vector, scannedRow(metric.kind, face))
        expect(l2Distance).toBeLessThanOrEqual(reach * (1 + 1e-6))
        expect(atLeast(l2Distance)).toBeLessThanOrEqual(apart * (1 + 1e-6))
      }
    },
  )

  it('compare with templates as they are in l2, and at unit length in l2-cohort', () => {
    const template = randomNumbers(128, 1)
    expect(scannedRow('l2', template)).toEqual(template)
    expect(scannedRow('l2-cohort', template)).toEqual(prepareEncoding(crowded, template).vector)
  })
})
