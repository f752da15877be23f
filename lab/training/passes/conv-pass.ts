/**
 * A convolution with what follows it, forwards and back, unfolded: filter, bias, norm and activation keep the numbers
 * that the CSV files hold. Batch normalisation takes the statistics of the batch, or those kept in `m` and `v`.
 */

import * as tf from '@tensorflow/tfjs'
import { type ConvLayer, filterShape } from '../../../src/network/table.ts'
import {
  channelStatistics,
  scaleChannels,
  scaleChannelsGrad,
  scaleChannelsSums,
  type TrainedActivation,
} from '../backend/norm-kernels.ts'
import { type Parameters, parameter } from './parameters.ts'
import type { LayerPass, PassOptions } from './pass.ts'

/** What a convolution's output goes through: x * gain + shift, and where the two come from. */
interface Scaling {
  readonly gain: Float32Array
  readonly shift: Float32Array
  /** 1 / deviation, for batch normalisation. */
  readonly inverse?: Float32Array
  /** Mean of the convolution's output without its bias, for batch normalisation. */
  readonly centre?: Float32Array
}

export function convPass(
  layer: ConvLayer,
  x: tf.Tensor,
  parameters: Parameters,
  options: PassOptions,
): LayerPass {
  const activation = trainedActivation(layer)
  const filter = tf.tensor(parameter(parameters, `${layer.name}_w`), filterShape(layer))
  const convolved = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, layer.stride, layer.padding)
  const usesBatch = layer.norm?.kind === 'batchNorm' && options.statistics === 'batch'
  const statistics = usesBatch ? channelStatistics(convolved) : null
  const scaling = scalingOf(layer, parameters, statistics)
  const output = scaleChannels(convolved, scaling.gain, scaling.shift, activation)
  if (statistics) {
    const places = convolved.size / layer.out
    noteStatistics(layer, parameters, statistics, places, options)
  }
  return {
    output,
    saved: [filter, convolved],
    backward(dy, [wantsInput]) {
      const { sum, product } = scaleChannelsSums(dy, output, convolved, activation)
      const { factors, weights } = gradients(layer, parameters, scaling, {
        sum,
        product,
        places: usesBatch ? convolved.size / layer.out : null,
      })
      const dConvolved = scaleChannelsGrad(dy, output, convolved, factors, activation)
      const attrs = { strides: layer.stride, pad: layer.padding, dataFormat: 'NHWC' }
      const dFilter = tf
        .engine()
        .runKernel<tf.Tensor>(
          'Conv2DBackpropFilter',
          { x, dy: dConvolved },
          { ...attrs, filterShape: filterShape(layer) },
        )
      weights.set(`${layer.name}_w`, dFilter.dataSync() as Float32Array)
      const dx = wantsInput
        ? tf
            .engine()
            .runKernel<tf.Tensor>(
              'Conv2DBackpropInput',
              { dy: dConvolved, filter },
              { ...attrs, inputShape: x.shape },
            )
        : null
      tf.dispose([dConvolved, dFilter])
      return { inputs: [dx], weights }
    },
  }
}

function trainedActivation({ name, activation }: ConvLayer): TrainedActivation {
  if (activation === 'leakyRelu') throw new Error(`${name}: leakyRelu cannot be trained yet`)
  return activation
}

function scalingOf(
  { name, norm, out }: ConvLayer,
  parameters: Parameters,
  statistics: { mean: Float32Array; variance: Float32Array } | null,
): Scaling {
  const bias = parameter(parameters, `${name}_b`)
  if (!norm) return { gain: new Float32Array(out).fill(1), shift: bias }
  const weight = parameter(parameters, `${norm.name}_w`)
  const offset = parameter(parameters, `${norm.name}_b`)
  if (norm.kind === 'scale') {
    return { gain: weight, shift: offset.map((value, c) => bias[c]! * weight[c]! + value) }
  }
  // The bias of the convolution moves the mean along with it, so it plays no part where the mean is the batch's own.
  const centre =
    statistics?.mean ?? parameter(parameters, `${norm.name}_m`).map((mean, c) => mean - bias[c]!)
  const variance = statistics?.variance ?? parameter(parameters, `${norm.name}_v`)
  const inverse = variance.map((value) => 1 / Math.sqrt(value + norm.epsilon))
  const gain = weight.map((value, c) => value * inverse[c]!)
  return { gain, shift: offset.map((value, c) => value - centre[c]! * gain[c]!), inverse, centre }
}

/** Hands mean and variance on as `m` and `v` hold them: the bias in the mean, the variance unbiased as in Torch. */
function noteStatistics(
  { name, norm }: ConvLayer,
  parameters: Parameters,
  { mean, variance }: { mean: Float32Array; variance: Float32Array },
  places: number,
  { onStatistics }: PassOptions,
): void {
  if (!norm || !onStatistics) return
  const bias = parameter(parameters, `${name}_b`)
  const unbiased = places > 1 ? places / (places - 1) : 1
  onStatistics(
    norm.name,
    mean.map((value, c) => value + bias[c]!),
    variance.map((value) => value * unbiased),
  )
}

/**
 * From the sums over all places to the gradients of bias and norm, and to the factors a, b, c of the gradient of the
 * convolution's output: passed * a + output * b + c.
 *
 * @param sums.places places of the batch where its own statistics were used (Ioffe, Szegedy 2015, section 3), else null
 */
function gradients(
  { name, norm, out }: ConvLayer,
  parameters: Parameters,
  { gain, inverse, centre }: Scaling,
  sums: { sum: Float32Array; product: Float32Array; places: number | null },
): {
  factors: [Float32Array, Float32Array, Float32Array]
  weights: Map<string, Float32Array>
} {
  const { sum, product, places } = sums
  const none = new Float32Array(out)
  const weights = new Map<string, Float32Array>()
  if (!places)
    weights.set(
      `${name}_b`,
      sum.map((value, c) => value * gain[c]!),
    )
  if (!norm) return { factors: [gain, none, none], weights }
  weights.set(`${norm.name}_b`, sum)
  if (norm.kind === 'scale') {
    const bias = parameter(parameters, `${name}_b`)
    weights.set(
      `${norm.name}_w`,
      product.map((value, c) => value + bias[c]! * sum[c]!),
    )
    return { factors: [gain, none, none], weights }
  }
  const dWeight = product.map((value, c) => (value - centre![c]! * sum[c]!) * inverse![c]!)
  weights.set(`${norm.name}_w`, dWeight)
  if (!places) return { factors: [gain, none, none], weights }
  const b = gain.map((value, c) => (-value * inverse![c]! * dWeight[c]!) / places)
  const constant = gain.map((value, c) => (-value * sum[c]!) / places - b[c]! * centre![c]!)
  return { factors: [gain, b, constant], weights }
}
