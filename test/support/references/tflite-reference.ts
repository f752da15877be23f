/**
 * A TensorFlow Lite graph run as it stands, operator by operator, in plain tfjs ops in float32: independent of tables, import,
 * folding and packing. What is enlarged follows the input's size, so that other sizes than the file's run too.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import {
  readTflite,
  type TfliteGraph,
  type TfliteNode,
} from '../../../scripts/weights/tflite-file.ts'

/** The detector's file, as its package ships it. */
export const detectorFile = createRequire(import.meta.url).resolve(
  '@mediapipe/face_detection/face_detection_full_range.tflite',
)

export function readDetector(): TfliteGraph {
  return readTflite(new Uint8Array(readFileSync(detectorFile)))
}

/**
 * The outputs of the graph before they are reshaped, in the order of the file. The caller disposes of them.
 *
 * @param input [batch, height, width, 3]
 */
export function runTflite(graph: TfliteGraph, input: tf.Tensor4D): tf.Tensor[] {
  const outputs = new Map<number, tf.Tensor>([[graph.inputs[0]!, input]])
  const results: tf.Tensor[] = []
  for (const node of graph.nodes) {
    const x = outputs.get(node.inputs[0]!)
    if (!x) throw new Error(`${node.op} reads tensor ${node.inputs[0]}, which nothing gave`)
    if (node.op === 'Reshape') results.push(x)
    else outputs.set(node.outputs[0]!, runNode(graph, node, x as tf.Tensor4D, outputs))
  }
  return results
}

function runNode(
  { tensors }: TfliteGraph,
  node: TfliteNode,
  x: tf.Tensor4D,
  outputs: ReadonlyMap<number, tf.Tensor>,
): tf.Tensor {
  const { stride, padding } = node
  const constant = <T extends tf.Tensor>(input: number): T => {
    const { values, shape } = tensors[node.inputs[input]!]!
    if (!values) throw new Error(`${node.op} has no constant as its input ${input}`)
    return tf.tensor(values, [...shape]) as T
  }
  const activate = (output: tf.Tensor): tf.Tensor =>
    node.activation === 'relu' ? tf.relu(output) : output
  switch (node.op) {
    case 'Conv': {
      // [out, height, width, in] in the file.
      const filter = tf.transpose(constant<tf.Tensor4D>(1), [1, 2, 3, 0])
      return activate(tf.add(tf.conv2d(x, filter, stride, padding), constant(2)))
    }
    case 'DepthwiseConv': {
      // [1, height, width, channels] in the file.
      const filter = tf.transpose(constant<tf.Tensor4D>(1), [1, 2, 3, 0])
      return activate(tf.add(tf.depthwiseConv2d(x, filter, stride, padding), constant(2)))
    }
    case 'Relu':
      return tf.relu(x)
    case 'Add':
      return activate(tf.add(x, outputs.get(node.inputs[1]!)!))
    case 'MaxPool':
      return tf.maxPool(x, stride, stride, padding)
    case 'Pad': {
      const sides = [...tensors[node.inputs[1]!]!.values!]
      const paddings = [0, 1, 2, 3].map((axis): [number, number] => [
        sides[2 * axis]!,
        sides[2 * axis + 1]!,
      ])
      return tf.pad(x, paddings)
    }
    case 'ResizeBilinear': {
      const [factor] = [...tensors[node.inputs[1]!]!.values!].map(
        (side) => side / tensors[node.inputs[0]!]!.shape[1]!,
      )
      const [, height, width] = x.shape
      return tf.image.resizeBilinear(x, [height * factor!, width * factor!], false, true)
    }
    default:
      throw new Error(`${node.op} is not run here`)
  }
}
