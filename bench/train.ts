/** npm run bench:train: training photos a second, on drawn weights and made-up photos. */
import { availableParallelism } from 'node:os'
import { SeededRandom } from '../lab/learning/seeded-random.ts'
import { readOrDraw } from '../lab/training/draw-missing.ts'
import { plain } from '../lab/training/photos/augment.ts'
import type { LabelledPhotos } from '../lab/training/photos/labelled-photos.ts'
import { startTraining } from '../lab/training/start-training.ts'
import { type TrainOptions, trainEpoch } from '../lab/training/trainer.ts'
import { declare } from '../scripts/front/command.ts'
import { number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { networkNamed } from '../scripts/weights/networks.ts'
import { median } from '../src/lib/median.ts'
import type { NetworkTable } from '../src/network/table.ts'
import { machine } from './measure/machine.ts'

const photosEach = 4

const batchSize = {
  expected: `a multiple of ${photosEach}`,
  isFine: (value: number) => value > 0 && value % photosEach === 0,
}

export const command = declare({
  name: 'bench:train',
  summary: 'Measures training photos a second, on drawn weights and made-up photos.',
  about:
    'Forward, triplets, loss, backward and Adam, with all layers trained and with the first ones frozen, on one thread and on all ' +
    'cores. Leave the machine alone meanwhile.',
  options: {
    network: text('NAME', 'what is trained', undefined, 'nn4.small2'),
    from: text('LAYER', 'the first layer that is not frozen', undefined, 'inception_3c_3x3_conv1'),
    steps: number('N', 'of each', wholeFrom(1), 10),
    photos: number('N', 'in a batch', batchSize, 40),
  },
  examples: ['', '--network dlib-resnet --steps 5'],
  async run({ network, from: firstLayer, steps, photos: photoCount }) {
    const table = networkNamed(network)
    const batch = { people: photoCount / photosEach, photos: photosEach }
    const { tensors } = await readOrDraw(table, null, 1)
    const photos = drawPhotos(batch.people, table.input.size)

    const rows: string[] = []
    for (const from of [
      null,
      table.layers.some(({ name }) => name === firstLayer) ? firstLayer : null,
    ]) {
      if (rows.length > 0 && from === null) break
      for (const threads of new Set([1, availableParallelism()])) {
        const perSecond = await measure({ table, tensors, photos, batch, steps }, from, threads)
        rows.push(`| ${from ?? 'all layers'} | ${threads} | ${perSecond.toFixed(1)} |`)
      }
    }
    console.log(
      [
        `${table.name}, batches of ${photoCount}, median of ${steps} steps`,
        `${machine()}\n`,
        '| trained from | threads | photos a second |\n|---|---|---|',
        ...rows,
      ].join('\n'),
    )
    return 0
  },
})

interface Measured {
  readonly table: NetworkTable
  readonly tensors: Awaited<ReturnType<typeof readOrDraw>>['tensors']
  readonly photos: LabelledPhotos
  readonly batch: TrainOptions['batch']
  readonly steps: number
}

/** Median of the steps but the first two, which compile and grow the heap. */
async function measure(
  { table, tensors, photos, batch, steps }: Measured,
  from: string | null,
  threads: number,
): Promise<number> {
  const everyPhoto = photos.names.map((_, photo) => photo)
  const variants = from === null ? 0 : 1
  const training = await startTraining({
    ...{ table, from, tensors, photos, trainPhotos: everyPhoto, otherPhotos: [] },
    ...{ augmentation: { ...plain, mirror: true }, variants, seed: 1, threads },
  })
  const options: TrainOptions = {
    // With so wide a margin every triplet stays active: a step that learns nothing would skip the way back.
    ...{ batch, mining: 'batch-hard', margin: 1e9, rate: 1e-4, schedule: 'constant', decay: 0 },
    ...{ epochs: steps, seed: 1, only: null, variants },
  }
  const rates: number[] = []
  for (let step = 0; step < steps + 2; step++) {
    const start = performance.now()
    const { active } = await trainEpoch(training, options, step)
    if (active < 1) throw new Error('a step had nothing to learn')
    rates.push((everyPhoto.length / (performance.now() - start)) * 1000)
  }
  await training.learners.stop()
  return median(rates.slice(2))
}

/** One batch makes an epoch. */
function drawPhotos(people: number, size: number): LabelledPhotos {
  const count = people * photosEach
  const pixels = new SharedArrayBuffer(count * size * size * 3)
  const random = new SeededRandom(1, 'bench')
  new Uint8Array(pixels).forEach((_, i, all) => {
    all[i] = random.below(256)
  })
  const labels = Array.from({ length: count }, (_, i) => `${i % people}`)
  return { squares: { size, margin: 0 }, pixels, names: labels, people: labels, skipped: [] }
}

if (import.meta.main) runCommand(command)
