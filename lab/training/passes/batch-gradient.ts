/** Loss of a batch of encodings over the triplets mined from it, and its gradient for each encoding. */
import * as tf from '@tensorflow/tfjs'
import type { Triplets } from '../../learning/mining.ts'
import { tripletLoss } from '../../learning/triplet-loss.ts'

export interface BatchGradient {
  /** Mean over the triplets; 0 where there are none. */
  readonly loss: number
  /** How many triplets have a loss above 0. */
  readonly active: number
  /** [count, length] */
  readonly gradient: Float32Array
}

/** Triplets that are worked on at once: batch-all can find many, and each takes three encodings. */
const tripletsAtOnce = 4096

/**
 * @param encodings [count, length]
 * @param count rows of encodings
 */
export function batchGradient(
  encodings: Float32Array,
  count: number,
  { anchors, positives, negatives }: Triplets,
  margin: number,
): BatchGradient {
  const length = encodings.length / count
  const gradient = new Float32Array(encodings.length)
  let loss = 0
  let active = 0
  for (let first = 0; first < anchors.length; first += tripletsAtOnce) {
    const columns = [anchors, positives, negatives].map((rows) =>
      rows.subarray(first, first + tripletsAtOnce),
    )
    const tensors = columns.map((rows) =>
      tf.tensor2d(gather(encodings, rows, length), [rows.length, length]),
    )
    const { value, grads } = tf.valueAndGrads((a, p, n) =>
      tripletLoss(a as tf.Tensor2D, p as tf.Tensor2D, n as tf.Tensor2D, { margin }),
    )(tensors)
    loss += value.dataSync()[0]!
    grads.forEach((grad, side) => {
      scatterAdd(
        gradient,
        grad.dataSync() as Float32Array,
        columns[side]!,
        length,
        1 / anchors.length,
      )
    })
    active += activeOf(tensors, margin)
    tf.dispose([...tensors, value, ...grads])
  }
  return {
    loss: anchors.length > 0 ? loss / anchors.length : 0,
    active,
    gradient,
  }
}

function activeOf([a, p, n]: readonly tf.Tensor[], margin: number): number {
  return tf.tidy(() => {
    const toPositive = tf.sum(tf.square(tf.sub(a!, p!)), 1)
    const toNegative = tf.sum(tf.square(tf.sub(a!, n!)), 1)
    return tf.sum(tf.greater(tf.add(tf.sub(toPositive, toNegative), margin), 0)).dataSync()[0]!
  })
}

function gather(encodings: Float32Array, rows: Int32Array, length: number): Float32Array {
  const values = new Float32Array(rows.length * length)
  rows.forEach((row, i) => {
    values.set(encodings.subarray(row * length, (row + 1) * length), i * length)
  })
  return values
}

function scatterAdd(
  to: Float32Array,
  from: Float32Array,
  rows: Int32Array,
  length: number,
  factor: number,
): void {
  rows.forEach((row, i) => {
    for (let k = 0; k < length; k++) {
      to[row * length + k] = to[row * length + k]! + from[i * length + k]! * factor
    }
  })
}
