/**
 * START HERE for training. One epoch: batches of P people with K photos -> encodings -> triplets -> loss -> gradients ->
 * Adam. Everything that is drawn follows from the seed and the number of the epoch, so an epoch that is repeated after a
 * kill gives the same numbers.
 */

import { csvTensorsOf, isWeighted, type NetworkTable } from '../../src/network/table.ts'
import { type BatchSize, drawBatches } from '../learning/batches.ts'
import { countTriplets, type Mining, mineTriplets } from '../learning/mining.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import type { Learners } from './learners.ts'
import { type AdamState, stepAdam } from './passes/adam.ts'
import { batchGradient } from './passes/batch-gradient.ts'
import type { Range } from './passes/network-pass.ts'
import { type Parameters, statisticsNames } from './passes/parameters.ts'
import { type BatchStatistics, moveStatistics, replaceStatistics } from './passes/statistics.ts'

export interface TrainOptions {
  readonly batch: BatchSize
  readonly mining: Mining
  /** In squared L2 distance. */
  readonly margin: number
  /** Of Adam, at its highest. */
  readonly rate: number
  readonly schedule: Schedule
  readonly decay: number
  readonly epochs: number
  readonly seed: number
  /** Tensors that Adam moves; null: all of the trained layers. */
  readonly only: readonly string[] | null
  /** Variants of each photo that are kept, 0 where none are and each is drawn anew. */
  readonly variants: number
}

/** The rate after the first epoch, in which it rises: always the same, or half a cosine down to 0. */
export type Schedule = 'constant' | 'cosine'

export interface Training {
  readonly table: NetworkTable
  readonly trained: Range
  readonly parameters: Parameters
  /** PreparedEncoding of the first parameter that is trained; all behind it are, but for kept statistics. */
  readonly start: number
  /** Of the parameters from `start` on. */
  readonly adam: AdamState
  readonly learners: Learners
  /** Numbers of the photos to learn from. */
  readonly photos: readonly number[]
  /** Who is on each of all photos. */
  readonly people: readonly string[]
}

export interface EpochResult {
  /** Mean over the batches. */
  readonly loss: number
  /**
   * Share of triplets whose loss is above 0, mean over the batches: of those mined; with batch-all, which mines no others,
   * of all there are.
   */
  readonly active: number
  readonly rate: number
}

/** @param epoch from 0 on */
export async function trainEpoch(
  training: Training,
  options: TrainOptions,
  epoch: number,
): Promise<EpochResult> {
  const { photos, people, parameters, start, adam, learners } = training
  const random = new SeededRandom(options.seed, 'epoch', epoch)
  const names = [...new Set(people)]
  const labels = photos.map((photo) => names.indexOf(people[photo]!))
  const batches = drawBatches(labels, options.batch, random)
  const ranges = trainedRanges(training, options.only)
  let [loss, active, rate] = [0, 0, 0]
  for (const [step, batch] of batches.entries()) {
    const items = batch.map((row) => ({
      photo: photos[row]!,
      variant: options.variants > 0 ? random.below(options.variants) : epoch + 1,
    }))
    const { encodings, statistics } = await learners.forward(items)
    // Nothing compares with NaN, so mining would find nothing and the run would look as if all was learnt.
    if (!encodings.every(Number.isFinite)) {
      throw new Error(`encodings are not finite in epoch ${epoch + 1}; try a lower --rate`)
    }
    const batchLabels = batch.map((row) => labels[row]!)
    const triplets = mineTriplets(options.mining, {
      encodings,
      labels: batchLabels,
      margin: options.margin,
      random,
    })
    const { active: activeCount, ...result } = batchGradient(
      encodings,
      items.length,
      triplets,
      options.margin,
    )
    const candidates =
      options.mining === 'batch-all' ? countTriplets(batchLabels) : triplets.anchors.length
    rate = rateAt(options, epoch + step / batches.length)
    await learners.backward(activeCount > 0 ? result.gradient : null)
    moveStatistics(parameters, statistics)
    if (activeCount > 0) {
      const gradients = learners.gradients.map((values) => values.subarray(start))
      const values = parameters.values.subarray(start)
      stepAdam(adam, values, gradients, ranges, { rate, decay: options.decay })
    }
    loss += result.loss / batches.length
    active += activeCount / Math.max(1, candidates) / batches.length
  }
  return { loss, active, rate }
}

/** @param time in epochs, with fractions */
export function rateAt({ rate, schedule, epochs }: TrainOptions, time: number): number {
  if (epochs > 1 && time < 1) return rate * Math.max(0.1, time)
  if (schedule === 'constant') return rate
  return (rate * (1 + Math.cos((Math.PI * (time - 1)) / Math.max(1, epochs - 1)))) / 2
}

/**
 * Measures the kept statistics of the trained layers anew, over photos as they are. Filters that were drawn fit no
 * statistics that were kept before.
 */
export async function measureStatistics({ photos, parameters, learners }: Training): Promise<void> {
  const photosPerBatch = 128
  const batches: BatchStatistics[] = []
  // The last photos, too few for a batch, are left out.
  for (
    let first = 0;
    first === 0 || first + photosPerBatch <= photos.length;
    first += photosPerBatch
  ) {
    const items = photos
      .slice(first, first + photosPerBatch)
      .map((photo) => ({ photo, variant: 0 }))
    const { statistics } = await learners.forward(items)
    await learners.backward(null)
    batches.push(...statistics)
  }
  replaceStatistics(parameters, batches)
}

/** Where the tensors lie that Adam moves, from `start` on: those of the trained layers but for kept statistics. */
function trainedRanges(
  { table, trained, parameters, start }: Training,
  only: TrainOptions['only'],
): [number, number][] {
  return table.layers
    .slice(trained.first, trained.end)
    .filter(isWeighted)
    .flatMap((layer) => {
      const kept = statisticsNames(layer)
      return csvTensorsOf(layer)
        .filter(({ name }) => !kept.includes(name) && (!only || only.includes(name)))
        .map(({ name }): [number, number] => {
          const { byteOffset, length } = parameters.views.get(name)!
          const first = byteOffset / 4 - start
          return [first, first + length]
        })
    })
}
