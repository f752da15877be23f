/**
 * Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), with alpha divided by the window
 * as in Torch's SpatialCrossMapLRN. In operations that tfjs's WASM backend has: it has no such kernel itself.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Layer } from './table.ts'

export type LocalResponseNormLayer = Extract<Layer, { op: 'localResponseNorm' }>

/** @param x [batch, height, width, channels] */
export function localResponseNorm(
  x: tf.Tensor4D,
  { window, alpha, beta, k }: LocalResponseNormLayer,
): tf.Tensor {
  const reach = (window - 1) / 2
  const squares = tf.pad(tf.square(x), [
    [0, 0],
    [0, 0],
    [0, 0],
    [reach, reach],
  ])
  const terms = Array.from({ length: window }, (_, i) => tf.slice(squares, [0, 0, 0, i], x.shape))
  return tf.mul(x, tf.pow(tf.add(tf.mul(tf.addN(terms), alpha / window), k), -beta))
}
