/**
 * The tensors that the FaceNet exercise checks its triplet loss with, number for number: `tf.random_normal([3, 128], mean,
 * stddev, seed=1)` under `tf.set_random_seed(1)`, for anchor, positive and negative.
 */
import * as tf from '@tensorflow/tfjs'
import { tensorflowNormals } from './tensorflow-normals.ts'

const shape: [number, number] = [3, 128]
const seed = 1

export interface Triplets {
  readonly anchors: tf.Tensor2D
  readonly positives: tf.Tensor2D
  readonly negatives: tf.Tensor2D
}

export function exerciseTriplets(): Triplets {
  // All three have one seed, so the numbers behind them are the same.
  const normals = tensorflowNormals(shape[0] * shape[1], seed, seed)
  const drawn = (mean: number, deviation: number): tf.Tensor2D =>
    tf.tensor2d(
      normals.map((value) => value * deviation + mean),
      shape,
    )
  return { anchors: drawn(6, 0.1), positives: drawn(1, 1), negatives: drawn(3, 4) }
}
