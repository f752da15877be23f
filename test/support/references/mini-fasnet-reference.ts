/**
 * MiniFASNet run from the tensors of its file by their names, in plain float32 operations, as minivision-ai's
 * src/model_lib/MiniFASNet.py says: independent of tables, import, folding and packing.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { State } from '../networks/mini-fasnet-state.ts'

/** By the name of the layer of ours that must give the same. */
export type Outputs = ReadonlyMap<string, Float32Array>

/** @param input [1, 80, 80, 3], BGR 0..255 */
export function runState(state: State, input: Float32Array): Outputs {
  const outputs = new Map<string, Float32Array>()
  const keep = (name: string, x: tf.Tensor): void => {
    outputs.set(name, x.dataSync() as Float32Array)
  }
  const has = (name: string): boolean => state.has(`module.${name}`)
  const tensor = (name: string): tf.Tensor => {
    const { shape, values } = state.get(`module.${name}`)!
    return tf.tensor(values, [...shape])
  }
  const conv = (x: tf.Tensor4D, name: string, stride: number, pad: number): tf.Tensor4D => {
    const filter = tensor(`${name}.weight`) as tf.Tensor4D
    return filter.shape[1] === 1 && x.shape[3] > 1
      ? tf.depthwiseConv2d(x, tf.transpose(filter, [2, 3, 0, 1]), stride, pad)
      : tf.conv2d(x, tf.transpose(filter, [2, 3, 1, 0]), stride, pad)
  }
  const norm = <T extends tf.Tensor>(x: T, name: string): T => {
    const spread = tf.sqrt(tf.add(tensor(`${name}.running_var`), 1e-5))
    const at0 = tf.div(tf.sub(x, tensor(`${name}.running_mean`)), spread)
    return tf.add(tf.mul(at0, tensor(`${name}.weight`)), tensor(`${name}.bias`)) as T
  }
  const block = (x: tf.Tensor4D, name: string, stride = 1, pad = 0): tf.Tensor4D => {
    const y = norm(conv(x, `${name}.conv`, stride, pad), `${name}.bn`)
    if (!has(`${name}.prelu.weight`)) return y
    const slopes = tensor(`${name}.prelu.weight`)
    return tf.add(tf.relu(y), tf.mul(slopes, tf.minimum(y, 0))) as tf.Tensor4D
  }
  const unit = (x: tf.Tensor4D, name: string, stride: number): tf.Tensor4D => {
    const each = block(block(x, `${name}.conv`), `${name}.conv_dw`, stride, 1)
    const y = block(each, `${name}.project`)
    const se = `${name}.se_module`
    if (!has(`${se}.fc1.weight`)) return y
    const mean = tf.mean(y, [1, 2], true) as tf.Tensor4D
    const small = tf.relu(norm(conv(mean, `${se}.fc1`, 1, 0), `${se}.bn1`))
    return tf.mul(y, tf.sigmoid(norm(conv(small, `${se}.fc2`, 1, 0), `${se}.bn2`)))
  }
  const residual = (x: tf.Tensor4D, name: string, ours: string): tf.Tensor4D => {
    let y = x
    for (let i = 0; has(`${name}.model.${i}.conv.conv.weight`); i++) {
      y = tf.add(y, unit(y, `${name}.model.${i}`, 1))
      keep(`${ours}_${i}`, y)
    }
    return y
  }
  tf.tidy(() => {
    let x = block(tf.tensor4d(input, [1, 80, 80, 3]), 'conv1', 2, 1)
    keep('conv1_prelu', x)
    x = block(x, 'conv2_dw', 1, 1)
    keep('conv2_prelu', x)
    x = residual(unit(x, 'conv_23', 2), 'conv_3', 'block3')
    x = residual(unit(x, 'conv_34', 2), 'conv_4', 'block4')
    x = residual(unit(x, 'conv_45', 2), 'conv_5', 'block5')
    x = block(x, 'conv_6_sep')
    keep('conv6_prelu', x)
    x = block(x, 'conv_6_dw')
    keep('conv7', x)
    const flat = tf.reshape(x, [1, 512])
    const features = norm(tf.matMul(flat, tensor('linear.weight'), false, true), 'bn')
    keep('features', features)
    keep('logits', tf.matMul(features, tensor('prob.weight'), false, true))
  })
  return outputs
}
