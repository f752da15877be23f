/** What the pass of a layer is: its output, and the way back to the gradients of inputs and weights. */
import type * as tf from '@tensorflow/tfjs'

export interface PassOptions {
  /** Batch normalisation by the statistics of the batch, or by those that are kept. */
  readonly statistics: 'batch' | 'running'
  /** Told the statistics of each batch, as `m` and `v` of the norm hold them. */
  readonly onStatistics?: (norm: string, mean: Float32Array, variance: Float32Array) => void
}

export interface Gradients {
  /** One for each input of the layer, null where it was not wanted. */
  readonly inputs: readonly (tf.Tensor | null)[]
  /** By the name of the tensor, in tfjs's order. */
  readonly weights: ReadonlyMap<string, Float32Array>
}

/** A layer that has run. Whoever holds it disposes of output and saved. */
export interface LayerPass {
  readonly output: tf.Tensor
  /** What the way back needs beside inputs and output. */
  readonly saved: readonly tf.Tensor[]
  /** @param wanted which inputs need a gradient */
  backward(dy: tf.Tensor, wanted: readonly boolean[]): Gradients
}

/** The gradient of a layer that reads one input and has no weights. */
export function toInput(gradient: tf.Tensor): Gradients {
  return { inputs: [gradient], weights: new Map() }
}
