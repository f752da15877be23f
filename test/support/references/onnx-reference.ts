/**
 * An ONNX graph run as it stands, node by node, in plain tfjs ops: independent of tables, import, folding and packing. Pictures
 * are [batch, height, width, channels] all along, where ONNX has the channels first.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { OnnxGraph, OnnxNode } from '../../../scripts/weights/graphs/onnx-file.ts'

export interface ReferenceOutput {
  readonly op: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * The output of every node that computes something, in the order in which they run.
 *
 * @param input [1, size, size, 3]
 */
export function runOnnx(graph: OnnxGraph, input: tf.Tensor4D): ReferenceOutput[] {
  const found: ReferenceOutput[] = []
  tf.tidy(() => {
    const outputs = new Map<string, tf.Tensor>([['input', input]])
    for (const node of graph.nodes) {
      const x = outputs.get(node.inputs[0] ?? '')
      // The shape of the flattened tensor is computed from constants, and known.
      if (!x || node.op === 'Shape') continue
      const output = runNode(graph, node, x, outputs)
      outputs.set(node.outputs[0]!, output)
      if (node.op === 'Reshape') continue
      found.push({
        op: node.op,
        shape: output.shape,
        values: output.dataSync() as Float32Array,
      })
    }
  })
  return found
}

function runNode(
  graph: OnnxGraph,
  node: OnnxNode,
  x: tf.Tensor,
  outputs: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor {
  const tensor = (input: number): tf.Tensor => {
    const found = graph.tensors.get(node.inputs[input]!)
    if (!found) throw new Error(`${node.op} has no tensor ${node.inputs[input]}`)
    return tf.tensor(found.values, [...found.shape])
  }
  const other = (): tf.Tensor => outputs.get(node.inputs[1]!)!
  switch (node.op) {
    case 'Conv': {
      const [group] = node.ints.get('group')!
      const [stride] = node.ints.get('strides')!
      const [pad] = node.ints.get('pads')!
      const filter = tensor(1) as tf.Tensor4D
      const picture = x as tf.Tensor4D
      const product =
        group === 1
          ? tf.conv2d(picture, tf.transpose(filter, [2, 3, 1, 0]), stride!, pad!)
          : tf.depthwiseConv2d(picture, tf.transpose(filter, [2, 3, 0, 1]), stride!, pad!)
      return tf.add(product, tensor(2))
    }
    case 'PRelu': {
      const slopes = tf.reshape(tensor(1), [-1])
      return tf.add(tf.relu(x), tf.mul(slopes, tf.minimum(x, 0)))
    }
    case 'BatchNormalization': {
      const epsilon = node.floats.get('epsilon')!
      const spread = tf.sqrt(tf.add(tensor(4), epsilon))
      return tf.add(tf.mul(tf.div(tf.sub(x, tensor(3)), spread), tensor(1)), tensor(2))
    }
    case 'GlobalAveragePool':
      return tf.mean(x, [1, 2], true)
    case 'Add':
      return tf.add(x, other())
    case 'Mul':
      return tf.mul(x, other())
    case 'Relu':
      return tf.relu(x)
    case 'Sigmoid':
      return tf.sigmoid(x)
    case 'Reshape':
      return tf.reshape(x, [1, -1])
    case 'MatMul':
      return tf.matMul(x as tf.Tensor2D, tensor(1) as tf.Tensor2D)
    default:
      throw new Error(`${node.op} is not known here`)
  }
}
