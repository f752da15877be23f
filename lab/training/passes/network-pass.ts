/**
 * A table forwards and back, whole or from a named layer on. What lies before that layer does not change while the rest is
 * trained; the outputs of it that are still read (the "cut") are the inputs here.
 */

import * as tf from '@tensorflow/tfjs'
import { type Layer, type NetworkTable, readsOf } from '../../../src/network/table.ts'
import { passLayer } from './layer-pass.ts'
import type { Parameters } from './parameters.ts'
import type { LayerPass, PassOptions } from './pass.ts'

/** The layers from `first` up to, without, `end`. */
export interface Range {
  readonly first: number
  readonly end: number
}

/** @throws Error when the table has no such layer */
export function layersFrom(table: NetworkTable, layer: string | null): Range {
  const first = layer === null ? 0 : table.layers.findIndex(({ name }) => name === layer)
  if (first < 0) {
    const names = table.layers.map(({ name }) => name).join(', ')
    throw new Error(`${table.name} has no layer "${layer}"; it has ${names}`)
  }
  return { first, end: table.layers.length }
}

/** Outputs from before the range that layers of it read, in the order in which they are first read. */
export function cutOf(table: NetworkTable, { first, end }: Range): string[] {
  const inside = new Set(table.layers.slice(first, end).map(({ name }) => name))
  const reads = table.layers.slice(first, end).flatMap((_, i) => readsOf(table, first + i))
  return [...new Set(reads)].filter((name) => !inside.has(name))
}

/** A range of layers that has run. */
export interface NetworkPass {
  /** Of the last layer; disposed of by `finish`. */
  readonly output: tf.Tensor
  /**
   * Gradients of all tensors of the range by name. Run at most once, before `finish`.
   *
   * @param dy gradient of the output
   */
  backward(dy: tf.Tensor): Map<string, Float32Array>
  /** Gives back everything but the inputs. */
  finish(): void
}

/** @param inputs the cut, by name; not disposed of */
export function passNetwork(
  table: NetworkTable,
  range: Range,
  inputs: ReadonlyMap<string, tf.Tensor>,
  parameters: Parameters,
  options: PassOptions,
): NetworkPass {
  const outputs = new Map(inputs)
  const passes = new Map<number, LayerPass>()
  for (let index = range.first; index < range.end; index++) {
    const layer = table.layers[index]!
    const pass = runTidy(layer, outputsOf(table, index, outputs), parameters, options)
    passes.set(index, pass)
    outputs.set(layer.name, pass.output)
  }
  const finish = (): void => {
    for (const { output, saved } of passes.values()) tf.dispose([output, ...saved])
    passes.clear()
  }
  return {
    output: passes.get(range.end - 1)!.output,
    backward: (dy) => goBack(table, range, inputs, passes, dy),
    finish,
  }
}

/**
 * The same without a way back: an output lives no longer than it is read.
 *
 * @param wanted names of outputs
 * @returns those outputs, to be disposed of by the caller
 */
export function runLayers(
  table: NetworkTable,
  range: Range,
  inputs: ReadonlyMap<string, tf.Tensor>,
  parameters: Parameters,
  options: PassOptions,
  wanted: readonly string[],
): tf.Tensor[] {
  const lastRead = new Map<string, number>()
  for (let index = range.first; index < range.end; index++) {
    for (const name of readsOf(table, index)) lastRead.set(name, index)
  }
  const outputs = new Map(inputs)
  for (let index = range.first; index < range.end; index++) {
    const layer = table.layers[index]!
    const pass = runTidy(layer, outputsOf(table, index, outputs), parameters, options)
    tf.dispose([...pass.saved])
    outputs.set(layer.name, pass.output)
    for (const name of readsOf(table, index)) {
      if (lastRead.get(name) !== index || inputs.has(name) || wanted.includes(name)) continue
      outputs.get(name)?.dispose()
      outputs.delete(name)
    }
  }
  return wanted.map((name) => outputs.get(name)!)
}

/** Only output and saved survive the layer. */
function runTidy(
  layer: Layer,
  inputs: tf.Tensor[],
  parameters: Parameters,
  options: PassOptions,
): LayerPass {
  let pass: LayerPass | undefined
  tf.tidy(() => {
    pass = passLayer(layer, inputs, parameters, options)
    return [pass.output, ...pass.saved]
  })
  return pass!
}

function outputsOf(
  table: NetworkTable,
  index: number,
  outputs: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor[] {
  return readsOf(table, index).map((name) => {
    const output = outputs.get(name)
    if (!output) throw new Error(`${table.layers[index]!.name} reads ${name}, which has not run`)
    return output
  })
}

function goBack(
  table: NetworkTable,
  range: Range,
  inputs: ReadonlyMap<string, tf.Tensor>,
  passes: Map<number, LayerPass>,
  dy: tf.Tensor,
): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>()
  const gradients = new Map([[table.layers[range.end - 1]!.name, tf.clone(dy)]])
  for (let index = range.end - 1; index >= range.first; index--) {
    const { name } = table.layers[index]!
    const pass = passes.get(index)!
    const gradient = gradients.get(name)
    // An output that nothing reads teaches nothing.
    if (!gradient) continue
    const reads = readsOf(table, index)
    tf.tidy(() => {
      const back = pass.backward(
        gradient,
        reads.map((read) => !inputs.has(read)),
      )
      for (const [tensor, values] of back.weights) weights.set(tensor, values)
      for (const [i, read] of reads.entries()) {
        const add = back.inputs[i]
        if (!add || inputs.has(read)) continue
        const before = gradients.get(read)
        gradients.set(read, tf.keep(before ? tf.add(before, add) : tf.clone(add)))
        before?.dispose()
      }
    })
    tf.dispose([gradient, pass.output, ...pass.saved])
    passes.delete(index)
    gradients.delete(name)
  }
  return weights
}
