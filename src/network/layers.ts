/** One row of a table -> one call of a tfjs operation, convolution, bias and activation fused: what runs where no plan does. */
import * as tf from '@tensorflow/tfjs-core'
import { localResponseNorm } from './local-response-norm.ts'
import { zerosAround } from './shapes.ts'
import type { LayerTensors } from './stock-weights.ts'
import { type ConvLayer, type DepthwiseLayer, type Layer, slopeOf } from './table.ts'

/** @param inputs as many as the layer reads, [batch, height, width, channels] or [batch, channels] */
export function applyLayer(
  layer: Layer,
  inputs: tf.Tensor[],
  weights: LayerTensors | undefined,
): tf.Tensor {
  const x = inputs[0] as tf.Tensor4D
  switch (layer.op) {
    case 'conv':
      return convolve(layer, x, weights!)
    case 'depthwise':
      return convolveDepthwise(layer, x, weights!)
    case 'prelu':
      return tf.prelu(x, weights!.filter)
    case 'dense':
    case 'project':
      return tf.fused.matMul({
        a: x as tf.Tensor,
        b: weights!.filter,
        ...(weights!.bias ? { bias: weights!.bias } : {}),
      })
    case 'maxPool':
      return tf.maxPool(x, layer.size, layer.stride, layer.padding)
    case 'avgPool':
      return tf.avgPool(x, layer.size, layer.stride, layer.padding)
    case 'l2Pool': {
      const means = tf.avgPool(tf.square(x), layer.size, layer.stride, 'valid')
      return tf.sqrt(tf.mul(means, layer.size ** 2))
    }
    case 'localResponseNorm':
      return localResponseNorm(x, layer)
    case 'add': {
      const sum = inputs.length === 2 ? tf.add(inputs[0]!, inputs[1]!) : tf.addN(inputs)
      return layer.activation === 'relu' ? tf.relu(sum) : sum
    }
    case 'appendZeros':
    case 'surroundWithZeros':
      return tf.pad(x, zerosAround(layer))
    case 'concat':
      return tf.concat(inputs, 3)
    case 'globalAverage':
      return tf.mean(x, [1, 2])
    case 'relu':
      return tf.relu(x)
    case 'gate': {
      const [batch, channels] = inputs[1]!.shape as [number, number]
      const gates = inputs[1]!
      const squashed = layer.squash === 'clamp' ? tf.clipByValue(gates, 0, 1) : tf.sigmoid(gates)
      return tf.mul(x, tf.reshape(squashed, [batch, 1, 1, channels]))
    }
    case 'enlarge': {
      const [, height, width] = x.shape
      const size = [height * layer.factor, width * layer.factor]
      // Not tf.image.resizeBilinear: with that comes every operation of tf.image.
      return tf
        .engine()
        .runKernel(
          tf.ResizeBilinear,
          { images: x },
          { alignCorners: false, halfPixelCenters: true, size },
        )
    }
    case 'flatten':
      return tf.reshape(x, [x.shape[0], -1])
    case 'l2Normalise':
      return tf.div(x, tf.norm(x, 'euclidean', -1, true))
  }
}

function convolveDepthwise(
  { stride, padding }: DepthwiseLayer,
  x: tf.Tensor4D,
  weights: LayerTensors,
): tf.Tensor {
  const filter = weights.filter as tf.Tensor4D
  const { bias } = weights
  if (!bias) return tf.depthwiseConv2d(x, filter, stride, padding)
  return tf.fused.depthwiseConv2d({ x, filter, strides: stride, pad: padding, bias })
}

function convolve(layer: ConvLayer, x: tf.Tensor4D, { filter, bias }: LayerTensors): tf.Tensor {
  return tf.fused.conv2d({
    x,
    filter: filter as tf.Tensor4D,
    strides: layer.stride,
    pad: layer.padding,
    ...(bias ? { bias } : {}),
    ...(layer.activation === 'relu' ? { activation: 'relu' } : {}),
    ...(layer.activation === 'leakyRelu'
      ? { activation: 'leakyrelu', leakyreluAlpha: slopeOf.leakyRelu }
      : {}),
  })
}
