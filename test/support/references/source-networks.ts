/**
 * Two of the networks a second time, independent of tables, import, folding and packing: tensors straight from the weight
 * manifests of `@vladmandic/face-api`, forward passes written out in plain tfjs ops as the networks were published.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'

const modelDir = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'model',
)

export type SourceFile = 'face_recognition_model' | 'face_landmark_68_model'

export interface SourceTensor {
  readonly name: string
  /** Filters [height, width, in, out], depthwise [height, width, channels, 1]. */
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** What the file holds for a tensor that was quantised to bytes: value = min + scale * code. */
  readonly quantised?: {
    readonly codes: Uint8Array
    readonly scale: number
    readonly min: number
  }
}

/** Tensors by the names of the source, "conv32_1/conv1/conv/filters". */
export function readSource(file: SourceFile): Map<string, SourceTensor> {
  const bytes = readFileSync(join(modelDir, `${file}.bin`))
  const [{ weights }]: [{ weights: ManifestEntry[] }] = JSON.parse(
    readFileSync(join(modelDir, `${file}-weights_manifest.json`), 'utf8'),
  )
  let offset = 0
  return new Map(
    weights.map(({ name, shape, quantization }) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const length = quantization ? count : count * 4
      const part = new Uint8Array(bytes.subarray(offset, offset + length))
      offset += length
      if (!quantization) return [name, { name, shape, values: new Float32Array(part.buffer) }]
      const { scale, min } = quantization
      const values = Float32Array.from(part, (code) => code * scale + min)
      return [name, { name, shape, values, quantised: { codes: part, scale, min } }]
    }),
  )
}

interface ManifestEntry {
  readonly name: string
  readonly shape: number[]
  readonly quantization?: { readonly scale: number; readonly min: number }
}

/** Outputs by the names that the tables give to the same places. */
export type Outputs = Map<string, tf.Tensor>

/** A forward pass without anything fused or folded. The caller disposes of the outputs. */
export type Forward = (source: ReadonlyMap<string, SourceTensor>, input: tf.Tensor4D) => Outputs

/** dlib's ResNet (dnn_face_recognition_ex.cpp), as face-api.js runs it. */
export const forwardDlib: Forward = (source, input) => {
  const outputs: Outputs = new Map()
  const scaled = (x: tf.Tensor4D, name: string, stride: 1 | 2): tf.Tensor4D => {
    const padding = stride === 2 ? 'valid' : 'same'
    const sum = tf.add(
      tf.conv2d(x, tensor(source, `${name}/conv/filters`), stride, padding),
      tensor(source, `${name}/conv/bias`),
    )
    const product = tf.mul(sum, tensor(source, `${name}/scale/weights`))
    return tf.add(product, tensor(source, `${name}/scale/biases`))
  }
  const block = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const first = tf.relu(scaled(x, `${name}/conv1`, 1))
    return tf.relu(tf.add(scaled(first, `${name}/conv2`, 1), x))
  }
  const downBlock = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    let main = scaled(tf.relu(scaled(x, `${name}/conv1`, 2)), `${name}/conv2`, 1)
    let pooled = tf.avgPool(x, 2, 2, 'valid')
    const [, height, width] = pooled.shape
    if (main.shape[1] !== height) {
      main = tf.concat([main, tf.zeros([main.shape[0], 1, main.shape[2], main.shape[3]])], 1)
      main = tf.concat([main, tf.zeros([main.shape[0], height, 1, main.shape[3]])], 2)
    }
    const lacking = main.shape[3] - pooled.shape[3]
    if (lacking > 0) {
      pooled = tf.concat([pooled, tf.zeros([pooled.shape[0], height, width, lacking])], 3)
    }
    return tf.relu(tf.add(pooled, main))
  }
  let x = tf.relu(scaled(input, 'conv32_down', 2))
  x = tf.maxPool(x, 3, 2, 'valid')
  outputs.set('pool', x)
  for (const name of dlibBlocks) {
    x = /_down/.test(name) ? downBlock(x, name) : block(x, name)
    outputs.set(name, x)
  }
  const average = tf.mean(x, [1, 2])
  outputs.set('average', average)
  outputs.set('fc', tf.matMul(average as tf.Tensor2D, tensor<tf.Tensor2D>(source, 'fc')))
  return outputs
}

const dlibBlocks = [
  ...['conv32_1', 'conv32_2', 'conv32_3'],
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2'],
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
]

/** face-api.js, src/faceFeatureExtractor/denseBlock.ts and src/faceProcessor. */
export const forwardLandmarks: Forward = (source, input) => {
  const outputs: Outputs = new Map()
  let x = input
  for (let i = 0; i < 4; i++) {
    const name = `dense${i}`
    const first =
      i === 0
        ? tf.add<tf.Tensor4D>(
            tf.conv2d(x, tensor(source, 'dense0/conv0/filters'), 2, 'same'),
            tensor(source, 'dense0/conv0/bias'),
          )
        : separable(source, x, `${name}/conv0`, 2)
    const out0 = tf.relu(first)
    const out1 = separable(source, out0, `${name}/conv1`, 1)
    const in2 = tf.relu(tf.add(out0, out1))
    const out2 = separable(source, in2 as tf.Tensor4D, `${name}/conv2`, 1)
    const in3 = tf.relu(tf.add(out0, tf.add(out1, out2)))
    const out3 = separable(source, in3 as tf.Tensor4D, `${name}/conv3`, 1)
    x = tf.relu(tf.add(out0, tf.add(out1, tf.add(out2, out3))))
    outputs.set(name, x)
  }
  const flat = tf.reshape(tf.avgPool(x, [7, 7], [2, 2], 'valid'), [input.shape[0], -1])
  const product = tf.matMul(flat as tf.Tensor2D, tensor<tf.Tensor2D>(source, 'fc/weights'))
  outputs.set('fc', tf.add(product, tensor(source, 'fc/bias')))
  return outputs
}

function separable(
  source: ReadonlyMap<string, SourceTensor>,
  x: tf.Tensor4D,
  name: string,
  stride: 1 | 2,
): tf.Tensor4D {
  const depthwise = tensor<tf.Tensor4D>(source, `${name}/depthwise_filter`)
  const pointwise = tensor<tf.Tensor4D>(source, `${name}/pointwise_filter`)
  const out = tf.separableConv2d(x, depthwise, pointwise, stride, 'same')
  return tf.add(out, tensor(source, `${name}/bias`))
}

function tensor<T extends tf.Tensor>(source: ReadonlyMap<string, SourceTensor>, name: string): T {
  const found = source.get(name)
  if (!found) throw new Error(`the source has no tensor ${name}`)
  return tf.tensor(found.values, [...found.shape]) as T
}
