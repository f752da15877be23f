/**
 * npm run bench:train [-- --network nn4.small2 --steps 10 --photos 40]
 *
 * Training photos a second: forward, triplets, loss, backward and Adam, on drawn weights and made-up photos, with all
 * layers trained and with the first ones frozen, on one thread and on all cores. Leave the machine alone meanwhile.
 */
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { SeededRandom } from '../lab/learning/seeded-random.ts'
import { readOrDraw } from '../lab/training/draw-missing.ts'
import { plain } from '../lab/training/photos/augment.ts'
import type { LabelledPhotos } from '../lab/training/photos/labelled-photos.ts'
import { startTraining } from '../lab/training/start-training.ts'
import { type TrainOptions, trainEpoch } from '../lab/training/trainer.ts'
import { networkNamed } from '../scripts/weights/networks.ts'

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'nn4.small2' },
    from: { type: 'string', default: 'inception_3c_3x3_conv1' },
    steps: { type: 'string', default: '10' },
    photos: { type: 'string', default: '40' },
  },
})
const table = networkNamed(values.network)
const steps = Number(values.steps)
const photosEach = 4
const batch = { people: Number(values.photos) / photosEach, photos: photosEach }
const { tensors } = await readOrDraw(table, null, 1)
const photos = drawPhotos(batch.people, table.input.size)

const rows: string[] = []
for (const from of [
  null,
  table.layers.some(({ name }) => name === values.from) ? values.from : null,
]) {
  if (rows.length > 0 && from === null) break
  for (const threads of new Set([1, availableParallelism()])) {
    const perSecond = await measure(from, threads)
    rows.push(`| ${from ?? 'all layers'} | ${threads} | ${perSecond.toFixed(1)} |`)
  }
}
console.log(`
${table.name}, batches of ${values.photos}, median of ${steps} steps
${cpus()[0]?.model}, node ${process.versions.node}

| trained from | threads | photos a second |
|---|---|---|
${rows.join('\n')}
`)

/** Median of the steps but the first two, which compile and grow the heap. */
async function measure(from: string | null, threads: number): Promise<number> {
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
  return rates.slice(2).sort((a, b) => a - b)[Math.floor(steps / 2)]!
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
