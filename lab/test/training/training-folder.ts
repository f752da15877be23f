/** A folder to train in: made-up people in an h5 file, and a folder without weights, so that every tensor is drawn. */
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDataset } from '../../../scripts/photos/h5-dataset.ts'
import { syntheticPeople } from '../../../test/support/faces/synthetic-people.ts'

export interface TrainingFolder {
  readonly folder: string
  readonly dataset: string
  readonly noWeights: string
  /** The arguments of a small run on two threads, which writes to `out` in the folder. */
  optionsTo(out: string, ...more: string[]): string[]
}

export async function createTrainingFolder(): Promise<TrainingFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'facegate-train-'))
  const dataset = join(folder, 'people.h5')
  const { pixels, people } = syntheticPeople(8, 3, 96)
  const classes = [...new Set(people)]
  await writeDataset(dataset, {
    images: new Uint8Array(pixels),
    shape: [24, 96, 96, 3],
    labels: people.map((person) => classes.indexOf(person)),
    classes,
  })
  const noWeights = join(folder, 'no-weights')
  await mkdir(noWeights)
  return {
    folder,
    dataset,
    noWeights,
    optionsTo: (out, ...more) => [
      ...[dataset, '--out', join(folder, out), '--weights', noWeights, '--draw-missing'],
      ...[
        '--freeze-drawn',
        '--people',
        '3',
        '--photos',
        '3',
        '--validation',
        '0.25',
        '--threads',
        '2',
      ],
      ...more,
    ],
  }
}
