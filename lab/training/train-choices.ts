/** The command line of `npm run train` -> choices, checked, with a default for each. */
import { availableParallelism } from 'node:os'
import type { ValuesOf } from '../../scripts/front/command.ts'
import { CommandFault } from '../../scripts/front/fault.ts'
import {
  argument,
  choice,
  flag,
  number,
  requiredText,
  text,
  wholeFrom,
} from '../../scripts/front/inputs.ts'
import type { DatasetKeys } from '../../scripts/photos/h5-dataset.ts'
import { keyOptions, keysOf } from '../../scripts/photos/key-options.ts'
import { minings } from '../learning/mining.ts'
import { defaultMargin } from '../learning/triplet-loss.ts'
import { type Augmentation, plain } from './photos/augment.ts'
import type { TrainOptions } from './trainer.ts'

/** Photos of a batch for each thread: batch norms take the statistics of a thread's own share. */
const leastShare = 16

const fromZero = { expected: 'a number from 0', isFine: (value: number) => value >= 0 }

/** What `npm run train` takes. */
export const trainInputs = {
  arguments: {
    input: argument(
      'h5 file or folder',
      'labelled photos, or a folder of people',
      'file or folder',
    ),
  },
  options: {
    out: requiredText('DIR', 'a folder for what is learned'),
    network: text('NAME', 'what is trained', undefined, 'nn4.small2'),
    weights: text('DIR', 'CSV files to start from; weights/<network> unless given', 'folder'),
    drawMissing: flag('draw the tensors that these lack'),
    from: text('LAYER', 'train from this layer on; what lies before stays as it is'),
    onlyDrawn: flag('change only those tensors of these layers that were drawn'),
    freezeDrawn: flag('allow drawn tensors before --from or --head, which stay random'),
    head: flag('train a 128x128 linear head behind the network instead'),
    people: number('N', 'people in a batch (P)', wholeFrom(2), 20),
    photos: number('N', 'photos of each (K)', wholeFrom(2), 4),
    mining: choice(minings, 'which triplets count', 'batch-all'),
    margin: number('DISTANCE', 'in squared L2 distance', fromZero, defaultMargin),
    rate: number('RATE', 'of Adam', fromZero, 0.001),
    schedule: choice(['constant', 'cosine'], 'of the rate', 'cosine'),
    decay: number('DECAY', 'weight decay', fromZero, 0),
    epochs: number('N', 'at most', wholeFrom(1), 30),
    patience: number(
      'N',
      'epochs without a better validation before the run ends',
      wholeFrom(1),
      10,
    ),
    variants: number('N', 'variants kept of each photo, where layers are frozen', wholeFrom(1), 4),
    noAugment: flag('photos as they are'),
    threads: number(
      'N',
      `all cores, and fewer where one would have less than ${leastShare} photos of a batch, unless given`,
      wholeFrom(1),
    ),
    seed: number('N', 'of everything that is drawn', wholeFrom(0), 1),
    validation: text(
      'SHARE',
      'share of the people held back, or their names, separated by commas',
      undefined,
      '0.1',
    ),
    pairs: text('FILE', 'list of pairs: fold,left,right,same', 'file'),
    trainFolds: text('1,2', 'learn from the people of these folds only'),
    testFolds: text('3', 'measure on the pairs of these, before and after'),
    ...keyOptions,
  },
} as const

type TrainValues = ValuesOf<typeof trainInputs.arguments> & ValuesOf<typeof trainInputs.options>

export interface TrainChoices extends Omit<TrainOptions, 'only'> {
  readonly input: string
  readonly out: string
  readonly network: string
  /** null: weights/<network>. */
  readonly weights: string | null
  readonly drawMissing: boolean
  readonly onlyDrawn: boolean
  /** Tensors that were drawn may lie in layers that are not trained. */
  readonly freezeDrawn: boolean
  /** First layer that is trained; null: all are. */
  readonly from: string | null
  readonly head: boolean
  readonly patience: number
  readonly augmentation: Augmentation
  readonly threads: number
  readonly validation: number | readonly string[]
  readonly folds: {
    readonly file: string
    readonly train: readonly number[]
    readonly test: readonly number[]
  } | null
  readonly keys: DatasetKeys
}

/** Small enough that a face stays one; chosen by eye. */
const defaultAugmentation: Augmentation = {
  mirror: true,
  shift: 0.05,
  turnDegrees: 8,
  zoom: 0.08,
  light: 0.2,
}

/** What is wrong with values that do not go together. */
export function checkTrainValues(values: TrainValues): string | undefined {
  if (values.head && values.from) return '--head and --from exclude each other'
  if (values.onlyDrawn && !values.drawMissing) return '--only-drawn wants --draw-missing beside it'
  if (values.freezeDrawn && !values.drawMissing) {
    return '--freeze-drawn wants --draw-missing beside it'
  }
  return undefined
}

/** Throws CommandFault with exit code 2 that names the option, what was expected and what was found. */
export function toTrainChoices(values: TrainValues): TrainChoices {
  const { from = null, weights = null, head, people, photos, threads } = values
  const useful = Math.max(1, Math.floor((people * photos) / leastShare))
  return {
    input: values.input,
    out: values.out,
    network: values.network,
    weights,
    drawMissing: values.drawMissing,
    onlyDrawn: values.onlyDrawn,
    freezeDrawn: values.freezeDrawn,
    from,
    head,
    batch: { people, photos },
    mining: values.mining,
    margin: values.margin,
    rate: values.rate,
    schedule: values.schedule,
    decay: values.decay,
    epochs: values.epochs,
    patience: values.patience,
    variants: from || head ? values.variants : 0,
    augmentation: values.noAugment ? plain : defaultAugmentation,
    threads: threads ?? Math.min(useful, availableParallelism()),
    seed: values.seed,
    validation: validationOf(values.validation),
    folds: foldsOf(values.pairs, values.trainFolds, values.testFolds),
    keys: keysOf(values),
  }
}

function validationOf(text: string): number | readonly string[] {
  const share = Number(text)
  if (Number.isNaN(share)) return listOf(text)
  if (share >= 0 && share < 1) return share
  throw new CommandFault(
    `--validation is "${text}", expected a share from 0 to below 1, or names`,
    2,
  )
}

function foldsOf(
  file: string | undefined,
  train: string | undefined,
  test: string | undefined,
): TrainChoices['folds'] {
  if (file && train && test) {
    return { file, train: numbersOf('--train-folds', train), test: numbersOf('--test-folds', test) }
  }
  if (!file && !train && !test) return null
  throw new CommandFault('--pairs, --train-folds and --test-folds go together', 2)
}

function numbersOf(option: string, text: string): number[] {
  const numbers = listOf(text).map(Number)
  if (numbers.length > 0 && numbers.every(Number.isInteger)) return numbers
  throw new CommandFault(
    `${option} is "${text}", expected numbers of folds, separated by commas`,
    2,
  )
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}
