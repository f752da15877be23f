/** Weights, photos and choices -> a training that can run its first epoch: threads started, frozen layers computed. */

import { shapesOf } from '../../src/network/shapes.ts'
import { isWeighted, type NetworkTable } from '../../src/network/table.ts'
import { startTrainBackend } from './backend/train-backend.ts'
import { startLearners } from './learners.ts'
import { startAdam } from './passes/adam.ts'
import { cutOf, layersFrom } from './passes/network-pass.ts'
import { fillParameters, parameter, parameterCount, viewParameters } from './passes/parameters.ts'
import type { Augmentation } from './photos/augment.ts'
import type { Cut } from './photos/cut.ts'
import type { Item } from './photos/item.ts'
import type { LabelledPhotos } from './photos/labelled-photos.ts'
import type { Training } from './trainer.ts'

export interface StartOptions {
  readonly table: NetworkTable
  /** First layer that is trained; null: all are. */
  readonly from: string | null
  /** Every tensor in the order of the CSV files. */
  readonly tensors: ReadonlyMap<string, Float32Array>
  readonly photos: LabelledPhotos
  /** Numbers of the photos to learn from, and of those that are only looked at. */
  readonly trainPhotos: readonly number[]
  readonly otherPhotos: readonly number[]
  readonly augmentation: Augmentation
  /** Variants of each photo that are kept where layers are frozen. */
  readonly variants: number
  readonly seed: number
  readonly threads: number
}

export async function startTraining(
  options: StartOptions,
  onPrepared: (count: number, total: number) => void = () => {},
): Promise<Training> {
  const { table, from, tensors, photos, augmentation, seed, threads } = options
  const trained = layersFrom(table, from)
  const buffer = new SharedArrayBuffer(parameterCount(table) * 4)
  const parameters = viewParameters(table, buffer)
  fillParameters(table, parameters, tensors)
  const first = table.layers.slice(trained.first).find(isWeighted)
  if (!first) throw new Error(`${table.name} has nothing to train from ${from} on`)
  const start = parameter(parameters, `${first.name}_w`).byteOffset / 4
  // The optimiser's own thread mines triplets and computes the loss.
  await startTrainBackend()
  const cut = trained.first > 0 ? emptyCut(options) : null
  const learners = startLearners(
    {
      table,
      trained,
      squares: photos.squares,
      photos: photos.pixels,
      parameters: buffer,
      cut,
      augmentation,
      seed,
    },
    threads,
  )
  if (cut) {
    const items = itemsOf(options)
    await learners.prepare(items, (count) => onPrepared(count, items.length))
  }
  return {
    table,
    trained,
    parameters,
    start,
    adam: startAdam(parameters.values.length - start),
    learners,
    photos: options.trainPhotos,
    people: photos.people,
  }
}

function emptyCut({ table, from, photos, variants }: StartOptions): Cut {
  const shapes = shapesOf(table)
  const parts = cutOf(table, layersFrom(table, from)).map((name) => {
    const shape = shapes.get(name)!
    const length = shape.reduce((product, side) => product * side, 1)
    const count = photos.names.length * variants * length
    return { name, shape, values: new SharedArrayBuffer(count * 4) }
  })
  return { parts, variants }
}

/** Photos to learn from in all variants, the others as they are. */
function itemsOf({ trainPhotos, otherPhotos, variants }: StartOptions): Item[] {
  return [
    ...trainPhotos.flatMap((photo) =>
      Array.from({ length: variants }, (_, variant) => ({ photo, variant })),
    ),
    ...otherPhotos.map((photo) => ({ photo, variant: 0 })),
  ]
}
