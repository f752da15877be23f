/** The command line of `npm run train` -> choices, checked, with a default for each. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type DatasetKeys, defaultKeys } from '../../scripts/photos/h5-dataset.ts'
import { type Mining, minings } from '../learning/mining.ts'
import { defaultMargin } from '../learning/triplet-loss.ts'
import { type Augmentation, plain } from './photos/augment.ts'
import type { Schedule, TrainOptions } from './trainer.ts'

/** Photos of a batch for each thread: batch norms take the statistics of a thread's own share. */
const leastShare = 16

export const usage = `usage: npm run train -- <file.h5 | folder of people> --out DIR [options]

  what is trained
    --network NAME         nn4.small2 unless given
    --weights DIR          CSV files to start from; weights/<network> unless given
    --draw-missing         draw the tensors that DIR lacks
    --from LAYER           train from this layer on; what lies before stays as it is
    --only-drawn           of these layers, change the tensors that were drawn and no others
    --head                 train a 128x128 linear head behind the network instead
  how
    --people 20            people in a batch (P)
    --photos 4             photos of each (K)
    --mining batch-all     ${minings.join(', ')}
    --margin 0.2           in squared L2 distance
    --rate 0.001           of Adam
    --schedule cosine      or constant
    --decay 0              weight decay
    --epochs 30
    --patience 10          epochs without a better validation before the run ends
    --variants 4           variants kept of each photo, where layers are frozen
    --no-augment           photos as they are
    --threads ${availableParallelism()}            fewer unless given where a thread would have less than ${leastShare} photos of a batch
    --seed 1
  who
    --validation 0.1       share of the people held back, or their names, separated by commas
    --pairs FILE           list of pairs: fold,left,right,same
    --train-folds 1,2      learn from the people of these folds only
    --test-folds 3         measure on the pairs of these, before and after
  names in the h5 file
    --images-key ${defaultKeys.images}  --labels-key ${defaultKeys.labels}  --classes-key ${defaultKeys.classes}`

export interface TrainChoices extends Omit<TrainOptions, 'only'> {
  readonly input: string
  readonly out: string
  readonly network: string
  /** null: weights/<network>. */
  readonly weights: string | null
  readonly drawMissing: boolean
  readonly onlyDrawn: boolean
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

/** @throws Error that names the option, what was expected and what was found */
export function readTrainChoices(args: readonly string[]): TrainChoices {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{
        network: text,
        weights: text,
        'draw-missing': flag,
        'only-drawn': flag,
        from: text,
        head: flag,
        out: text,
      },
      ...{ people: text, photos: text, mining: text, margin: text, rate: text, schedule: text },
      ...{ decay: text, epochs: text, patience: text, variants: text, 'no-augment': flag },
      ...{ threads: text, seed: text, validation: text, pairs: text },
      ...{ 'train-folds': text, 'test-folds': text },
      ...{ 'images-key': text, 'labels-key': text, 'classes-key': text },
    },
  })
  const [input, ...others] = positionals
  if (!input || others.length > 0) throw new Error('expected one h5 file or folder')
  if (!values.out) throw new Error('--out is missing, expected a folder for what is learnt')
  if (values.head && values.from) throw new Error('--head and --from exclude each other')
  if (values['only-drawn'] && !values['draw-missing']) {
    throw new Error('--only-drawn wants --draw-missing beside it')
  }
  const whole = (name: WholeOption, least: number, fallback: number): number =>
    numberOf(values[name], `--${name}`, fallback, `a whole number from ${least}`, (value) => {
      return Number.isInteger(value) && value >= least
    })
  const positive = (name: 'margin' | 'rate' | 'decay', fallback: number): number =>
    numberOf(values[name], `--${name}`, fallback, 'a number from 0', (value) => value >= 0)
  const from = values.from ?? null
  const batch = { people: whole('people', 2, 20), photos: whole('photos', 2, 4) }
  const useful = Math.max(1, Math.floor((batch.people * batch.photos) / leastShare))
  return {
    input,
    out: values.out,
    network: values.network ?? 'nn4.small2',
    weights: values.weights ?? null,
    drawMissing: values['draw-missing'],
    onlyDrawn: values['only-drawn'],
    from,
    head: values.head,
    batch,
    mining: oneOf<Mining>('--mining', values.mining, minings, 'batch-all'),
    margin: positive('margin', defaultMargin),
    rate: positive('rate', 0.001),
    schedule: oneOf<Schedule>('--schedule', values.schedule, ['constant', 'cosine'], 'cosine'),
    decay: positive('decay', 0),
    epochs: whole('epochs', 1, 30),
    patience: whole('patience', 1, 10),
    variants: from || values.head ? whole('variants', 1, 4) : 0,
    augmentation: values['no-augment'] ? plain : defaultAugmentation,
    threads: whole('threads', 1, Math.min(useful, availableParallelism())),
    seed: whole('seed', 0, 1),
    validation: validationOf(values.validation ?? '0.1'),
    folds: foldsOf(values.pairs, values['train-folds'], values['test-folds']),
    keys: {
      images: values['images-key'] ?? defaultKeys.images,
      labels: values['labels-key'] ?? defaultKeys.labels,
      classes: values['classes-key'] ?? defaultKeys.classes,
    },
  }
}

type WholeOption = 'people' | 'photos' | 'epochs' | 'patience' | 'variants' | 'threads' | 'seed'

function numberOf(
  text: string | undefined,
  option: string,
  fallback: number,
  expected: string,
  isFine: (value: number) => boolean,
): number {
  if (text === undefined) return fallback
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value) && isFine(value)) return value
  throw new Error(`${option} is "${text}", expected ${expected}`)
}

function oneOf<T extends string>(
  option: string,
  text: string | undefined,
  known: readonly T[],
  fallback: T,
): T {
  if (text === undefined) return fallback
  const found = known.find((name) => name === text)
  if (found) return found
  throw new Error(`${option} is "${text}", expected ${known.join(', ')}`)
}

function validationOf(text: string): number | readonly string[] {
  const share = Number(text)
  if (Number.isNaN(share)) return listOf(text)
  if (share >= 0 && share < 1) return share
  throw new Error(`--validation is "${text}", expected a share from 0 to below 1, or names`)
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
  throw new Error('--pairs, --train-folds and --test-folds go together')
}

function numbersOf(option: string, text: string): number[] {
  const numbers = listOf(text).map(Number)
  if (numbers.length > 0 && numbers.every(Number.isInteger)) return numbers
  throw new Error(`${option} is "${text}", expected numbers of folds, separated by commas`)
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}
