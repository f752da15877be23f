import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readInputs } from '../../../scripts/front/read-inputs.ts'
import { command } from '../../train.ts'
import { toTrainChoices } from '../../training/train-choices.ts'

const readTrainChoices = (args: string[]) => toTrainChoices(readInputs(command, args))
const read = (...args: string[]) => readTrainChoices(['faces.h5', '--out', 'run', ...args])

describe('readTrainChoices', () => {
  it('has a default for everything but input and output', () => {
    expect(read()).toMatchObject({
      input: 'faces.h5',
      out: 'run',
      network: 'nn4.small2',
      weights: null,
      from: null,
      batch: { people: 20, photos: 4 },
      mining: 'batch-all',
      margin: 0.2,
      variants: 0,
      folds: null,
      keys: { images: 'train_set_x', labels: 'train_set_y', classes: 'list_classes' },
    })
  })

  it('reads what is given', () => {
    const choices = read(
      ...['--network', 'dlib-resnet', '--head', '--variants', '2', '--mining', 'semi-hard'],
      ...['--people', '8', '--photos', '3', '--margin', '0.5', '--rate', '1e-4', '--no-augment'],
      ...['--validation', 'ada, bea', '--images-key', 'x'],
      ...['--pairs', 'p.csv', '--train-folds', '1,2', '--test-folds', '3'],
    )
    expect(choices).toMatchObject({
      network: 'dlib-resnet',
      head: true,
      variants: 2,
      mining: 'semi-hard',
      batch: { people: 8, photos: 3 },
      margin: 0.5,
      rate: 0.0001,
      augmentation: { mirror: false, shift: 0 },
      validation: ['ada', 'bea'],
      folds: { file: 'p.csv', train: [1, 2], test: [3] },
    })
    expect(choices.keys.images).toBe('x')
  })

  it.each<[string[], string]>([
    [['--people', '1'], '--people is "1", expected a whole number from 2'],
    [['--epochs', 'many'], '--epochs is "many", expected a whole number from 1'],
    [['--seed', ''], '--seed is "", expected a whole number from 0'],
    [['--margin', '-1'], '--margin is "-1", expected a number from 0'],
    [
      ['--mining', 'easy'],
      '--mining is "easy", expected all, hard, semi-hard, batch-all or batch-hard',
    ],
    [['--schedule', 'step'], '--schedule is "step", expected constant or cosine'],
    [['--validation', '1'], '--validation is "1", expected a share from 0 to below 1, or names'],
    [
      ['--pairs', 'p.csv', '--train-folds', '1,b', '--test-folds', '3'],
      '--train-folds is "1,b", expected numbers of folds, separated by commas',
    ],
    [['--pairs', 'p.csv'], '--pairs, --train-folds and --test-folds go together'],
    [['--head', '--from', 'conv1'], '--head and --from exclude each other'],
    [['--only-drawn'], '--only-drawn wants --draw-missing beside it'],
    [['more.h5'], 'expected one h5 file or folder'],
  ])('refuses %j', (args, message) => {
    // A value that starts with a dash has to be joined to its option.
    const joined = args[1]?.startsWith('-1') ? [`${args[0]}=${args[1]}`] : args
    expect(() => read(...joined)).toThrow(message)
  })

  it('takes no more threads than have 16 photos of a batch each, unless told to', () => {
    expect(read('--people', '4', '--photos', '4').threads).toBe(1)
    expect(read('--people', '4', '--photos', '4', '--threads', '3').threads).toBe(3)
    expect(read('--people', '1000').threads).toBe(availableParallelism())
  })

  it('refuses a run without output, and an option that there is not', () => {
    expect(() => readTrainChoices(['faces.h5'])).toThrow('--out is missing')
    expect(() => read('--colour', 'red')).toThrow("Unknown option '--colour'")
  })
})
