import { beforeAll, describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../../test/support/random.ts'
import { mineTriplets } from '../../../learning/mining.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'
import { startTrainBackend } from '../../../training/backend/train-backend.ts'
import { batchGradient } from '../../../training/passes/batch-gradient.ts'

beforeAll(startTrainBackend)

const labels = Array.from({ length: 48 }, (_, i) => i % 8)
const encodings = randomNumbers(48 * 6, 1)
const random = new SeededRandom(1)

describe('batchGradient', () => {
  it('is the mean over triplets, as finite differences have it, also of more than fit at once', () => {
    const triplets = mineTriplets('all', { encodings, labels, margin: 1, random })
    expect(triplets.anchors.length).toBeGreaterThan(8192)
    const { loss, active, gradient } = batchGradient(encodings, 48, triplets, 1)
    expect(loss).toBeGreaterThan(0)
    expect(active).toBeLessThan(triplets.anchors.length)
    const step = 0.01
    for (const place of [0, 57, 287]) {
      const [up, down] = [step, -step].map((distance) => {
        const moved = encodings.slice()
        moved[place] = moved[place]! + distance
        return batchGradient(moved, 48, triplets, 1).loss
      })
      expect(gradient[place]).toBeCloseTo((up! - down!) / (2 * step), 3)
    }
  })

  it('is 0 without triplets', () => {
    const none = mineTriplets('all', {
      encodings,
      labels: labels.map((_, i) => i),
      margin: 1,
      random,
    })
    const { loss, active, gradient } = batchGradient(encodings, 48, none, 1)
    expect([loss, active]).toEqual([0, 0])
    expect(gradient.every((value) => value === 0)).toBe(true)
  })
})
