import { expect, it } from 'vitest'
import { distance } from '../../../src/encoding/distance.ts'
import type { Metric } from '../../../src/encoding/metrics/metric.ts'
import { between, scaled } from '../../support/faces/crowd.ts'
import { randomNumbers } from '../../support/random.ts'

const l2: Metric = { kind: 'l2' }

it('l2 is the distance of the numbers as they are', () => {
  const [a, b] = [randomNumbers(128, 1), randomNumbers(128, 1001)]
  expect(between(l2, a, b)).toBe(distance(a, b))
  expect(between(l2, scaled(a, 3), scaled(b, 3))).toBeCloseTo(3 * distance(a, b), 4)
})
