/**
 * Every layer of a table forwards and, beside it, back. tfjs's own gradients want its whole tape and register for every
 * operation; here a layer is one function, its gradient the next one, and nothing is kept longer than needed.
 */

import * as tf from '@tensorflow/tfjs'
import { zerosAround } from '../../../src/network/shapes.ts'
import type { DenseLayer, Layer, LayerOf } from '../../../src/network/table.ts'
import { responseNorm, responseNormGrad } from '../backend/response-norm-kernels.ts'
import { convPass } from './conv-pass.ts'
import { type Parameters, parameter } from './parameters.ts'
import { type LayerPass, type PassOptions, toInput } from './pass.ts'
import { avgPoolPass, globalAveragePass, l2PoolPass, maxPoolPass } from './pool-pass.ts'

/** @param inputs as many as the layer reads, [batch, height, width, channels] or [batch, channels] */
export function passLayer(
  layer: Layer,
  inputs: readonly tf.Tensor[],
  parameters: Parameters,
  options: PassOptions,
): LayerPass {
  const x = inputs[0]! as tf.Tensor4D
  switch (layer.op) {
    case 'conv':
      return convPass(layer, x, parameters, options)
    case 'project':
      throw new Error(`${layer.name}: a projection is fitted to faces, not trained`)
    case 'dense':
      return densePass(layer, x as tf.Tensor as tf.Tensor2D, parameters)
    case 'maxPool':
      return maxPoolPass(layer, x)
    case 'avgPool':
      return avgPoolPass(layer, x)
    case 'l2Pool':
      return l2PoolPass(layer, x)
    case 'localResponseNorm': {
      const [output, bases] = responseNorm(x, layer)
      return {
        output,
        saved: [bases],
        backward: (dy) => toInput(responseNormGrad(dy, x, bases, layer)),
      }
    }
    case 'add':
      return addPass(layer, inputs)
    case 'appendZeros':
    case 'surroundWithZeros':
      return padPass(x, zerosAround(layer))
    case 'concat':
      return concatPass(inputs)
    case 'globalAverage':
      return globalAveragePass(x)
    case 'flatten':
      return {
        output: tf.reshape(x, [x.shape[0], -1]),
        saved: [],
        backward: (dy) => toInput(tf.reshape(dy, x.shape)),
      }
    case 'l2Normalise':
      return l2NormalisePass(x)
    case 'depthwise':
      throw new Error(`${layer.name}: depthwise convolutions cannot be trained yet`)
    case 'prelu':
    case 'relu':
    case 'gate':
    case 'enlarge':
      throw new Error(`${layer.name}: a layer of the kind ${layer.op} cannot be trained yet`)
  }
}

function densePass(layer: DenseLayer, x: tf.Tensor2D, parameters: Parameters): LayerPass {
  const filter = tf.tensor2d(parameter(parameters, `${layer.name}_w`), [layer.in, layer.out])
  const product = tf.matMul(x, filter)
  const output = layer.bias
    ? tf.add(product, tf.tensor1d(parameter(parameters, `${layer.name}_b`)))
    : product
  return {
    output,
    saved: [filter],
    backward(dy, [wantsInput]) {
      const weights = new Map([
        [`${layer.name}_w`, tf.matMul(x, dy as tf.Tensor2D, true).dataSync() as Float32Array],
      ])
      if (layer.bias) weights.set(`${layer.name}_b`, tf.sum(dy, 0).dataSync() as Float32Array)
      const dx = wantsInput ? tf.matMul(dy as tf.Tensor2D, filter, false, true) : null
      return { inputs: [dx], weights }
    },
  }
}

function addPass({ activation }: LayerOf<'add'>, inputs: readonly tf.Tensor[]): LayerPass {
  const sum = tf.addN([...inputs])
  const output = activation === 'relu' ? tf.relu(sum) : sum
  return {
    output,
    saved: [],
    backward(dy) {
      const passed =
        activation === 'relu' ? tf.mul(dy, tf.cast(tf.greater(output, 0), 'float32')) : tf.clone(dy)
      return { inputs: inputs.map(() => tf.clone(passed)), weights: new Map() }
    },
  }
}

function concatPass(inputs: readonly tf.Tensor[]): LayerPass {
  return {
    output: tf.concat([...inputs], 3),
    saved: [],
    backward(dy, wanted) {
      const [batch, height, width] = dy.shape as [number, number, number]
      let first = 0
      const gradients = inputs.map(({ shape }, i) => {
        const channels = shape[3]!
        const from = [0, 0, 0, first]
        first += channels
        return wanted[i] ? tf.slice(dy, from, [batch, height, width, channels]) : null
      })
      return { inputs: gradients, weights: new Map() }
    },
  }
}

function l2NormalisePass(x: tf.Tensor): LayerPass {
  const length = tf.sqrt(tf.sum(tf.square(x), -1, true))
  const output = tf.div(x, length)
  return {
    output,
    saved: [length],
    // What points along the output changes nothing but the length that was divided away.
    backward(dy) {
      const along = tf.mul(output, tf.sum(tf.mul(dy, output), -1, true))
      return toInput(tf.div(tf.sub(dy, along), length))
    },
  }
}

function padPass(x: tf.Tensor4D, paddings: [number, number][]): LayerPass {
  const before = paddings.map(([count]) => count)
  return {
    output: tf.pad(x, paddings),
    saved: [],
    backward: (dy) => ({ inputs: [tf.slice(dy, before, x.shape)], weights: new Map() }),
  }
}
