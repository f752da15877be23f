import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomNumbers } from '../../../test/support/random.ts'
import { exerciseTriplets } from '../../learning/exercise-triplets.ts'
import { tripletLoss } from '../../learning/triplet-loss.ts'

beforeAll(() => tf.setBackend('cpu'))

const rows = (...values: number[][]): tf.Tensor2D => tf.tensor2d(values)
const numberIn = (loss: tf.Scalar): number => loss.dataSync()[0]!

describe('tripletLoss', () => {
  it("gives the exercise's published 528.143 for its inputs", () => {
    const { anchors, positives, negatives } = exerciseTriplets()
    const loss = tripletLoss(anchors, positives, negatives)
    expect(numberIn(loss)).toBeCloseTo(528.143, 3)
  })

  it('sums squared distances, plus the margin of 0.2, over the triplets that are active', () => {
    const anchors = rows([0, 0], [0, 0], [1, 1])
    const positives = rows([1, 0], [3, 4], [1, 1])
    const negatives = rows([0, 2], [0, 1], [1, 2])
    // 1 - 4 + 0.2 < 0; 25 - 1 + 0.2 = 24.2; 0 - 1 + 0.2 < 0
    expect(numberIn(tripletLoss(anchors, positives, negatives))).toBeCloseTo(24.2, 5)
  })

  it('averages over all triplets, also those that are not active', () => {
    const anchors = rows([0, 0], [0, 0])
    const positives = rows([1, 0], [3, 4])
    const negatives = rows([0, 2], [0, 1])
    const loss = tripletLoss(anchors, positives, negatives, { reduction: 'mean' })
    expect(numberIn(loss)).toBeCloseTo(12.1, 5)
  })

  it('takes another margin', () => {
    const [a, p, n] = [rows([0, 0]), rows([1, 0]), rows([0, 2])]
    expect(numberIn(tripletLoss(a, p, n, { margin: 5 }))).toBeCloseTo(2, 6)
    expect(numberIn(tripletLoss(a, p, n, { margin: 3 }))).toBe(0)
  })

  it('is the margin, and its gradient finite, where all three are equal', () => {
    const same = rows([0.5, -0.5], [0, 0])
    const { value, grads } = tf.valueAndGrads((a, p, n) =>
      tripletLoss(a as tf.Tensor2D, p as tf.Tensor2D, n as tf.Tensor2D),
    )([same, tf.clone(same), tf.clone(same)])
    expect(numberIn(value as tf.Scalar)).toBeCloseTo(0.4, 6)
    for (const grad of grads) expect(Array.from(grad.dataSync())).toEqual([0, 0, 0, 0])
  })

  it.each(['sum', 'mean'] as const)(
    'has the gradient that finite differences give, %s',
    (reduction) => {
      const shape: [number, number] = [5, 8]
      const inputs = [1, 2, 3].map((seed) => randomNumbers(40, seed))
      // A large margin, so that all are active but the first, which is not by far.
      inputs[2]!.fill(9, 0, 8)
      const lossOf = (sides: readonly Float32Array[]): tf.Scalar => {
        const [a, p, n] = sides.map((values) => tf.tensor2d(values, shape)) as [
          tf.Tensor2D,
          tf.Tensor2D,
          tf.Tensor2D,
        ]
        return tripletLoss(a, p, n, { margin: 20, reduction })
      }
      const grads = tf.grads((a, p, n) =>
        tripletLoss(a as tf.Tensor2D, p as tf.Tensor2D, n as tf.Tensor2D, {
          margin: 20,
          reduction,
        }),
      )(inputs.map((values) => tf.tensor2d(values, shape)))
      const step = 0.01
      for (const [side, values] of inputs.entries()) {
        const got = grads[side]!.dataSync()
        values.forEach((value, i) => {
          const moved = [value + step, value - step].map((changed) => {
            const copy = inputs.map((input) => input.slice())
            copy[side]![i] = changed
            return numberIn(lossOf(copy))
          })
          expect(got[i]).toBeCloseTo((moved[0]! - moved[1]!) / (2 * step), 1)
        })
      }
      expect(Array.from(grads[0]!.dataSync().subarray(0, 8))).toEqual(Array(8).fill(0))
      expect(Math.abs(grads[0]!.dataSync()[8]!)).toBeGreaterThan(0)
    },
  )

  it('refuses shapes that differ, and an empty batch', () => {
    expect(() => tripletLoss(rows([1, 2]), rows([1, 2]), rows([1, 2], [3, 4]))).toThrow(
      'anchors, positives and negatives are [1, 2], [1, 2], [2, 2]; expected one shape [batch, length]',
    )
    const none = tf.zeros<tf.Rank.R2>([0, 2])
    expect(() => tripletLoss(none, none, none)).toThrow('expected one shape [batch, length]')
  })
})
