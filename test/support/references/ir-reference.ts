/**
 * An OpenVINO IR run as it stands, node by node, in plain tfjs ops in float32: independent of tables, import, folding and packing.
 * Pictures are [1, height, width, channels] all along, where the file has the channels first.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../../scripts/weights/graphs/onnx-file.ts'

/** By name of the node's output. @param input [1, size, size, 3], pixels 0..255 in the order of the network */
export function runIr(graph: OnnxGraph, input: tf.Tensor4D): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>()
  tf.tidy(() => {
    const outputs = new Map<string, tf.Tensor>([[graph.inputs[0]!.name, input]])
    for (const node of graph.nodes) {
      const read = node.inputs.map(
        (name) => outputs.get(name) ?? constant(graph.tensors.get(name)!),
      )
      const output = runNode(node, read as tf.Tensor4D[])
      outputs.set(node.outputs[0]!, output)
      values.set(node.outputs[0]!, output.dataSync() as Float32Array)
    }
  })
  return values
}

function runNode(node: OnnxNode, [x, y]: readonly tf.Tensor4D[]): tf.Tensor {
  switch (node.op) {
    case 'Conv': {
      const [stride] = node.ints.get('strides')!
      const [pad] = node.ints.get('pads')!
      const isGrouped = (node.ints.get('group')?.[0] ?? 1) > 1
      return isGrouped
        ? tf.depthwiseConv2d(x!, tf.transpose(y!, [1, 2, 0, 3]), stride!, pad!)
        : tf.conv2d(x!, tf.transpose(y!, [1, 2, 3, 0]), stride!, pad!)
    }
    case 'PRelu':
      return tf.add(tf.relu(x!), tf.mul(y!, tf.minimum(x!, 0)))
    case 'GlobalAveragePool':
      return tf.mean(x!, [1, 2], true)
    case 'Sigmoid':
      return tf.sigmoid(x!)
    case 'Add':
      return tf.add(x!, y!)
    case 'Mul':
      return tf.mul(x!, y!)
    default:
      throw new Error(`${node.op} is not known here`)
  }
}

/** Channels last: [out, in, height, width] as [out, height, width, in]; [n] as it is. Groups of one go into the first axis. */
function constant({ shape, values }: OnnxTensor): tf.Tensor {
  const sides = shape.length === 5 ? [shape[0]! * shape[1]!, ...shape.slice(2)] : [...shape]
  const tensor = tf.tensor(values, sides)
  return sides.length === 4 ? tf.transpose(tensor, [0, 2, 3, 1]) : tensor
}
