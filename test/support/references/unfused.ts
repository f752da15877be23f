/**
 * An independent second forward pass: a network table run layer by layer in plain tfjs
 * ops on the tensors as the CSV files hold them. Nothing is folded, nothing is fused, as one would write it first.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Activation, ConvLayer, Layer, NetworkTable } from '../../../src/network/table.ts'

/** Tensors by CSV name; filters in tfjs's order. */
export type UnfoldedTensors = ReadonlyMap<string, tf.Tensor>

/** @param input [batch, height, width, 3], already (pixel - mean) / divisor; the caller disposes of the output */
export function runUnfused(
  table: NetworkTable,
  tensors: UnfoldedTensors,
  input: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const outputs = new Map<string, tf.Tensor>()
    let previous = input
    for (const layer of table.layers) {
      const from = layer.from === undefined ? [] : [layer.from].flat()
      const inputs = from.length > 0 ? from.map((name) => outputs.get(name)!) : [previous]
      previous = apply(layer, inputs, tensors)
      outputs.set(layer.name, previous)
    }
    return previous
  })
}

function apply(layer: Layer, inputs: readonly tf.Tensor[], tensors: UnfoldedTensors): tf.Tensor {
  const x = inputs[0] as tf.Tensor4D
  const tensor = <T extends tf.Tensor>(suffix: string): T =>
    tensors.get(`${layer.name}_${suffix}`) as T
  switch (layer.op) {
    case 'conv': {
      const sum = tf.add(
        tf.conv2d(x, tensor<tf.Tensor4D>('w'), layer.stride, layer.padding),
        tensor('b'),
      )
      return activate(normalise(sum, layer, tensors), layer.activation)
    }
    case 'depthwise': {
      const product = tf.depthwiseConv2d(x, tensor<tf.Tensor4D>('w'), layer.stride, layer.padding)
      return layer.bias ? tf.add(product, tensor('b')) : product
    }
    case 'prelu':
      return tf.prelu(x, tensor('w'))
    case 'relu':
      return tf.relu(x)
    case 'gate':
      return tf.mul(x, tf.expandDims(tf.expandDims(tf.sigmoid(inputs[1]!), 1), 1))
    case 'project':
      return tf.matMul(
        x as tf.Tensor,
        tensors.get(layer.projection.name) as tf.Tensor2D,
        false,
        true,
      )
    case 'dense': {
      const product = tf.matMul(x as tf.Tensor, tensor('w'))
      const dense = layer.bias ? tf.add(product, tensor('b')) : product
      if (!layer.projection) return dense
      return tf.matMul(dense, tensors.get(layer.projection.name) as tf.Tensor2D, false, true)
    }
    case 'maxPool':
      return tf.maxPool(x, layer.size, layer.stride, layer.padding)
    case 'avgPool':
      return tf.avgPool(x, layer.size, layer.stride, layer.padding)
    case 'l2Pool': {
      const sums = tf.mul(
        tf.avgPool(tf.square(x), layer.size, layer.stride, 'valid'),
        layer.size ** 2,
      )
      return tf.sqrt(sums)
    }
    case 'localResponseNorm': {
      const { window, alpha, beta, k } = layer
      const squares = tf.square(x)
      const reach = (window - 1) / 2
      const padded = tf.pad(squares, [
        [0, 0],
        [0, 0],
        [0, 0],
        [reach, reach],
      ])
      const size = squares.shape as [number, number, number, number]
      const terms = Array.from({ length: window }, (_, i) => tf.slice(padded, [0, 0, 0, i], size))
      return tf.div(x, tf.pow(tf.add(tf.mul(tf.addN(terms), alpha / window), k), beta))
    }
    case 'add':
      return activate(
        inputs.reduce((sum, term) => tf.add(sum, term)),
        layer.activation,
      )
    case 'appendZeros':
      return tf.pad(x, [
        [0, 0],
        [0, layer.rows],
        [0, layer.columns],
        [0, layer.channels],
      ])
    case 'surroundWithZeros': {
      const { before, after } = layer
      return tf.pad(x, [
        [0, 0],
        [before, after],
        [before, after],
        [0, 0],
      ])
    }
    case 'concat':
      return tf.concat([...inputs], 3)
    case 'globalAverage':
      return tf.mean(x, [1, 2])
    case 'enlarge': {
      const [, height, width] = x.shape
      const size: [number, number] = [height * layer.factor, width * layer.factor]
      return tf.image.resizeBilinear(x, size, false, true)
    }
    case 'flatten':
      return tf.reshape(x, [x.shape[0], -1])
    case 'l2Normalise':
      return tf.div(x, tf.sqrt(tf.sum(tf.square(x), -1, true)))
  }
}

function normalise(x: tf.Tensor, { norm }: ConvLayer, tensors: UnfoldedTensors): tf.Tensor {
  if (!norm) return x
  const tensor = (suffix: string): tf.Tensor => tensors.get(`${norm.name}_${suffix}`)!
  if (norm.kind === 'scale') return tf.add(tf.mul(x, tensor('w')), tensor('b'))
  const deviation = tf.sqrt(tf.add(tensor('v'), norm.epsilon))
  return tf.add(tf.mul(tf.div(tf.sub(x, tensor('m')), deviation), tensor('w')), tensor('b'))
}

function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return tf.relu(x)
    case 'leakyRelu':
      return tf.leakyRelu(x, 0.1)
  }
}
