/** Layers that sum a window, or the whole picture, up in one number, forwards and back. */

import * as tf from '@tensorflow/tfjs'
import type { LayerOf } from '../../../src/network/table.ts'
import { type LayerPass, toInput } from './pass.ts'

type PoolLayer = LayerOf<'maxPool' | 'avgPool'>

export function maxPoolPass({ size, stride, padding }: PoolLayer, x: tf.Tensor4D): LayerPass {
  const output = tf.maxPool(x, size, stride, padding)
  const attributes = { filterSize: size, strides: stride, pad: padding }
  return {
    output,
    saved: [],
    backward: (dy) =>
      toInput(
        tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', { dy, input: x, output }, attributes),
      ),
  }
}

export function avgPoolPass({ name, size, stride, padding }: PoolLayer, x: tf.Tensor4D): LayerPass {
  // tfjs averages over what lies in the picture, but its gradient divides by the whole window.
  if (padding !== 'valid') throw new Error(`${name}: padded averages cannot be trained`)
  return {
    output: tf.avgPool(x, size, stride, padding),
    saved: [],
    backward: (dy) => toInput(avgPoolGrad(dy, x, size, stride)),
  }
}

export function l2PoolPass({ size, stride }: LayerOf<'l2Pool'>, x: tf.Tensor4D): LayerPass {
  const means = tf.avgPool(tf.square(x), size, stride, 'valid')
  const output = tf.sqrt(tf.mul(means, size ** 2))
  return {
    output,
    saved: [],
    backward(dy) {
      // d sqrt(sum x^2) = x / sqrt(sum x^2); where all of a window is 0 the slope is taken as 0.
      const shares = tf.where(tf.greater(output, 0), tf.div(dy, output), tf.zerosLike(dy))
      const spread = avgPoolGrad(shares, x, size, stride)
      return toInput(tf.mul(tf.mul(spread, size ** 2), x))
    },
  }
}

export function globalAveragePass(x: tf.Tensor4D): LayerPass {
  const [batch, height, width, channels] = x.shape
  return {
    output: tf.mean(x, [1, 2]),
    saved: [],
    backward(dy) {
      const shares = tf.reshape(tf.div(dy, height * width), [batch, 1, 1, channels])
      return toInput(tf.tile(shares, [1, height, width, 1]))
    },
  }
}

function avgPoolGrad(dy: tf.Tensor, x: tf.Tensor, size: number, stride: number): tf.Tensor {
  const attributes = { filterSize: size, strides: stride, pad: 'valid' }
  return tf.engine().runKernel<tf.Tensor>('AvgPoolGrad', { dy, input: x }, attributes)
}
