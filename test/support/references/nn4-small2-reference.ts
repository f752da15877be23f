/**
 * nn4.small2 a second time, as `tf.layers`, straight from its publication (cmusatyalab/openface, nn4.small2.def.lua; Torch's
 * nn.SpatialCrossMapLRN and nn.SpatialLPPooling; dpnn's nn.Inception) and from what the exercise's notebook does instead.
 * Nothing of our table, folding, packing or kernels is in it, and nothing is fused or folded. For tfjs's CPU backend.
 */
import * as tf from '@tensorflow/tfjs'

export type ReferenceVariant = 'openface' | 'exercise'

type Symbolic = tf.SymbolicTensor

/** A layer without weights, by what it does to its input. */
class Formula extends tf.layers.Layer {
  static className = 'Formula'
  readonly #formula: (x: tf.Tensor4D) => tf.Tensor

  constructor(formula: (x: tf.Tensor4D) => tf.Tensor) {
    super({})
    this.#formula = formula
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      this.#formula((Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D),
    )
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape
  }
}

/** The rest of the shapes is right already; only this one changes height and width. */
class LpPooling extends Formula {
  override computeOutputShape([batch, height, width, channels]: number[]): tf.Shape {
    return [batch!, Math.floor((height! - 3) / 3) + 1, Math.floor((width! - 3) / 3) + 1, channels!]
  }
}

export interface Reference {
  /** Names of the outputs, in the order of the table's layers that they are compared with. */
  readonly names: readonly string[]
  /** @param input [batch, 96, 96, 3], 0..1; the caller disposes of the outputs */
  run(input: tf.Tensor4D): tf.Tensor[]
}

/** @param csv by the names of the CSV files, convolutions [out, in, height, width], dense [out, in] */
export function buildReference(
  variant: ReferenceVariant,
  csv: ReadonlyMap<string, Float32Array>,
): Reference {
  const outputs: [name: string, output: Symbolic][] = []
  const remember = (name: string, x: Symbolic): Symbolic => {
    outputs.push([name, x])
    return x
  }
  const values = (name: string): Float32Array => {
    const found = csv.get(name)
    if (!found) throw new Error(`the reference wants ${name}`)
    return found
  }
  const apply = (layer: tf.layers.Layer, x: Symbolic): Symbolic => layer.apply(x) as Symbolic

  const zeros = (x: Symbolic, before: number, after: number): Symbolic => {
    const sides: [number, number] = [before, after]
    const padding: [[number, number], [number, number]] = [sides, sides]
    return before + after === 0 ? x : apply(tf.layers.zeroPadding2d({ padding }), x)
  }

  /** Convolution with bias, batch normalisation, relu: three layers. */
  const convolve = (
    x: Symbolic,
    name: string,
    norm: string,
    out: number,
    kernel: number,
    stride = 1,
    epsilon = 1e-5,
  ): Symbolic => {
    const channels = x.shape[3]!
    const margin = Math.floor(kernel / 2)
    const convolution = tf.layers.conv2d({ filters: out, kernelSize: kernel, strides: stride })
    let y = apply(convolution, zeros(x, margin, margin))
    convolution.setWeights([
      tf.transpose(tf.tensor4d(values(`${name}_w`), [out, channels, kernel, kernel]), [2, 3, 1, 0]),
      tf.tensor1d(values(`${name}_b`)),
    ])
    const normalisation = tf.layers.batchNormalization({ epsilon })
    y = apply(normalisation, y)
    // Gamma, beta, moving mean, moving variance.
    normalisation.setWeights(
      ['w', 'b', 'm', 'v'].map((part) => tf.tensor1d(values(`${norm}_${part}`))),
    )
    return remember(name, apply(tf.layers.activation({ activation: 'relu' }), y))
  }

  // All inputs of these pools are at least zero, so zeros around them are as good as Torch's minus infinity.
  const maxPool = (x: Symbolic, margin: number): Symbolic =>
    apply(tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }), zeros(x, margin, margin))

  const otherPool = (x: Symbolic): Symbolic =>
    variant === 'exercise'
      ? apply(tf.layers.averagePooling2d({ poolSize: 3, strides: 3 }), x)
      : apply(
          // nn.Square, nn.SpatialAveragePooling, nn.MulConstant(9), nn.Sqrt
          new LpPooling((y) => tf.sqrt(tf.mul(tf.avgPool(tf.pow(y, 2), 3, 3, 'valid'), 9))),
          x,
        )

  const normalise = (x: Symbolic, name: string): Symbolic =>
    variant === 'exercise'
      ? x
      : remember(
          name,
          // Torch divides alpha by the window of 5; tfjs takes the reach of the window to either side.
          apply(new Formula((y) => tf.localResponseNormalization(y, 2, 1, 1e-4 / 5, 0.75)), x),
        )

  /** nn.Inception: branches, each centred in zeros to the size of the largest, concatenated. */
  const inception = (
    x: Symbolic,
    name: string,
    kernels: readonly number[],
    stride: number,
    outputSize: readonly number[],
    reduceSize: readonly (number | null)[],
    pool: (x: Symbolic) => Symbolic,
  ): Symbolic => {
    const prefix = `inception_${name}`
    const branches = kernels.map((kernel, i) => {
      const branch = `${prefix}_${kernel}x${kernel}`
      const reduced = convolve(x, `${branch}_conv1`, `${branch}_bn1`, reduceSize[i]!, 1)
      return convolve(reduced, `${branch}_conv2`, `${branch}_bn2`, outputSize[i]!, kernel, stride)
    })
    const [poolSize, pointSize] = reduceSize.slice(kernels.length)
    const pooled = remember(`${prefix}_pool`, pool(x))
    branches.push(
      poolSize ? convolve(pooled, `${prefix}_pool_conv`, `${prefix}_pool_bn`, poolSize, 1) : pooled,
    )
    if (pointSize) {
      branches.push(convolve(x, `${prefix}_1x1_conv`, `${prefix}_1x1_bn`, pointSize, 1))
    }
    const side = Math.max(...branches.map(({ shape }) => shape[1]!))
    const centred = branches.map((branch) => {
      const lacking = side - branch.shape[1]!
      const before = Math.floor(lacking / 2)
      return zeros(branch, before, lacking - before)
    })
    return remember(prefix, tf.layers.concatenate({ axis: 3 }).apply(centred) as Symbolic)
  }

  const input = tf.input({ shape: [96, 96, 3] })
  let x = convolve(input, 'conv1', 'bn1', 64, 7, 2, variant === 'exercise' ? 1e-3 : 1e-5)
  x = remember('pool1', maxPool(x, 1))
  x = normalise(x, 'norm1')
  x = convolve(x, 'conv2', 'bn2', 64, 1)
  x = convolve(x, 'conv3', 'bn3', 192, 3)
  x = normalise(x, 'norm2')
  x = remember('pool2', maxPool(x, 1))
  const plainMax = (y: Symbolic): Symbolic => maxPool(y, 0)
  x = inception(x, '3a', [3, 5], 1, [128, 32], [96, 16, 32, 64], plainMax)
  x = inception(x, '3b', [3, 5], 1, [128, 64], [96, 32, 64, 64], otherPool)
  x = inception(x, '3c', [3, 5], 2, [256, 64], [128, 32, null, null], plainMax)
  x = inception(x, '4a', [3, 5], 1, [192, 64], [96, 32, 128, 256], otherPool)
  x = inception(x, '4e', [3, 5], 2, [256, 128], [160, 64, null, null], plainMax)
  x = inception(x, '5a', [3], 1, [384], [96, 96, 256], otherPool)
  x = inception(x, '5b', [3], 1, [384], [96, 96, 256], plainMax)
  x = apply(tf.layers.averagePooling2d({ poolSize: 3, strides: 1 }), x)
  x = remember('average', apply(tf.layers.flatten(), x))
  const dense = tf.layers.dense({ units: 128 })
  x = remember('dense', apply(dense, x))
  dense.setWeights([
    tf.transpose(tf.tensor2d(values('dense_w'), [128, 736])),
    tf.tensor1d(values('dense_b')),
  ])
  remember('unit', apply(new Formula((y) => tf.div(y, tf.norm(y, 2, 1, true))), x))

  const model = tf.model({ inputs: input, outputs: outputs.map(([, output]) => output) })
  return {
    names: outputs.map(([name]) => name),
    run: (picture) => model.predict(picture) as tf.Tensor[],
  }
}
