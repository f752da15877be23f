/** The weights of a network as tensors, for tfjs's own operations. */
import * as tf from '@tensorflow/tfjs-core'
import type { ReadLayer } from './plan/place-weights.ts'
import { filterShape } from './table.ts'

export interface LayerTensors {
  /** Filter or slopes, as tfjs wants it. */
  readonly filter: tf.Tensor
  readonly bias?: tf.Tensor1D
}

/** By the name of the layer. */
export type StockWeights = ReadonlyMap<string, LayerTensors>

export function toTensors(layers: Iterable<ReadLayer>): StockWeights {
  const tensors = new Map<string, LayerTensors>()
  try {
    for (const { layer, floats, bias } of layers) {
      tensors.set(layer.name, {
        filter: tf.tensor(floats(), filterShape(layer)),
        ...(bias && { bias: tf.tensor1d(bias) }),
      })
    }
  } catch (error) {
    disposeTensors(tensors)
    throw error
  }
  return tensors
}

export function disposeTensors(tensors: StockWeights): void {
  for (const { filter, bias } of tensors.values()) tf.dispose(bias ? [filter, bias] : filter)
}
