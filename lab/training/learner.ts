/**
 * One thread's share of the work: photos in, encodings out, and later the gradients of the encodings in, the gradients of
 * the trained tensors out. Everything large lies in memory that all threads see. What this computes depends on its
 * arguments alone, so a run can be repeated number for number.
 */

import * as tf from '@tensorflow/tfjs'
import { toNetworkInput } from '../../src/network/picture.ts'
import { type NetworkTable, networkInput } from '../../src/network/table.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type NetworkPass, passNetwork, type Range, runLayers } from './passes/network-pass.ts'
import { type Parameters, viewParameters } from './passes/parameters.ts'
import type { BatchStatistics } from './passes/statistics.ts'
import { type Augmentation, augment, plain, type Squares } from './photos/augment.ts'
import { type Cut, readCut, writeCut } from './photos/cut.ts'
import type { Item } from './photos/item.ts'

/** What a learner is started with; can be sent to a thread. */
export interface LearnerSetup {
  readonly table: NetworkTable
  /** Layers that are trained. */
  readonly trained: Range
  readonly squares: Squares
  /** [photos, side, side, 3] uint8. */
  readonly photos: SharedArrayBuffer
  /** parameterCount(table) float32, written by the optimiser. */
  readonly parameters: SharedArrayBuffer
  /** As many float32, written by this learner: its share of the gradient, in the same places. */
  readonly gradients: SharedArrayBuffer
  /** What the trained layers read, kept for `variants` variants of every photo; null: computed each time. */
  readonly cut: Cut | null
  readonly augmentation: Augmentation
  readonly seed: number
}

/** Photos that run at once where no way back is needed. */
const photosAtOnce = 32

export class Learner {
  readonly #setup: LearnerSetup
  readonly #parameters: Parameters
  readonly #gradients: Parameters
  #pass: { pass: NetworkPass; inputs: Map<string, tf.Tensor> } | null = null

  constructor(setup: LearnerSetup) {
    this.#setup = setup
    this.#parameters = viewParameters(setup.table, setup.parameters)
    this.#gradients = viewParameters(setup.table, setup.gradients)
  }

  /** Runs what is not trained and keeps what the trained layers read of it. */
  prepare(items: readonly Item[]): void {
    const { table, trained, cut } = this.#setup
    if (!cut) return
    for (const some of chunks(items, photosAtOnce)) {
      const pictures = this.#pictures(some)
      const before = { first: 0, end: trained.first }
      const inputs = new Map([[networkInput, pictures]])
      const names = cut.parts.map(({ name }) => name)
      const outputs = runLayers(table, before, inputs, this.#parameters, running, names)
      outputs.forEach((output, part) => {
        const values = output.dataSync() as Float32Array
        const length = values.length / some.length
        some.forEach((item, i) => {
          writeCut(cut, part, item, values.subarray(i * length, (i + 1) * length))
        })
      })
      tf.dispose([pictures, ...outputs])
    }
  }

  /** Encodings [items.length, length], by the statistics that are kept. */
  encode(items: readonly Item[]): Float32Array {
    const { table, trained } = this.#setup
    const encodings: Float32Array[] = []
    for (const some of chunks(items, photosAtOnce)) {
      const inputs = this.#inputs(some)
      const last = table.layers.at(-1)!.name
      const outputs = runLayers(table, trained, inputs, this.#parameters, running, [last])
      encodings.push(outputs[0]!.dataSync() as Float32Array)
      tf.dispose([...inputs.values(), ...outputs])
    }
    return join(encodings)
  }

  /** The first half of a step. Batch normalisation takes the statistics of these items, and says what they were. */
  forward(items: readonly Item[]): { encodings: Float32Array; statistics: BatchStatistics } {
    const { table, trained } = this.#setup
    const statistics = new Map<string, { mean: Float32Array; variance: Float32Array }>()
    const inputs = this.#inputs(items)
    const pass = passNetwork(table, trained, inputs, this.#parameters, {
      statistics: 'batch',
      onStatistics: (norm, mean, variance) => statistics.set(norm, { mean, variance }),
    })
    this.#pass = { pass, inputs }
    return { encodings: pass.output.dataSync() as Float32Array, statistics }
  }

  /**
   * The second half.
   *
   * @param gradient of the encodings that `forward` returned, or null to drop them
   */
  backward(gradient: Float32Array | null): void {
    if (!this.#pass) throw new Error('backward comes after forward')
    const { pass, inputs } = this.#pass
    this.#pass = null
    if (gradient) {
      const dy = tf.tensor(gradient, pass.output.shape)
      this.#gradients.values.fill(0)
      for (const [name, values] of pass.backward(dy)) this.#gradients.views.get(name)!.set(values)
      dy.dispose()
    }
    pass.finish()
    tf.dispose([...inputs.values()])
  }

  #inputs(items: readonly Item[]): Map<string, tf.Tensor> {
    const { cut } = this.#setup
    if (!cut) return new Map([[networkInput, this.#pictures(items)]])
    return new Map(
      cut.parts.map(({ name, shape }, part) => [
        name,
        tf.tensor(readCut(cut, part, items), [items.length, ...shape]),
      ]),
    )
  }

  #pictures(items: readonly Item[]): tf.Tensor {
    const { table, squares, photos, augmentation, seed } = this.#setup
    const { size } = squares
    const bytes = (size + 2 * squares.margin) ** 2 * 3
    const chips = items.map(({ photo, variant }) =>
      augment(
        new Uint8Array(photos, photo * bytes, bytes),
        squares,
        variant === 0 ? plain : augmentation,
        new SeededRandom(seed, 'augment', photo, variant),
      ),
    )
    return tf.tensor(toNetworkInput(table, chips), [items.length, size, size, 3])
  }
}

const running = { statistics: 'running' } as const

function chunks<T>(items: readonly T[], length: number): T[][] {
  const count = Math.ceil(items.length / length)
  return Array.from({ length: count }, (_, i) => items.slice(i * length, (i + 1) * length))
}

function join(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let first = 0
  for (const part of parts) {
    all.set(part, first)
    first += part.length
  }
  return all
}
