/**
 * npm run calibrate -- <folder of people> --data "what the photos are"
 *
 * Measures how near strangers come to each other and writes the thresholds to src/decision/calibration.json. As at
 * /verify, the probe is encoded as it is and the enrolled photo is averaged with its mirror image. Every pair of photos
 * of two different people counts, in both roles; the threshold for a false-match rate is that quantile of the
 * distances.
 */
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import calibrationTable from '../src/decision/calibration.json' with { type: 'json' }
import { distance } from '../src/identity/compare.ts'
import { encodeFiles } from './encode-files.ts'
import { projectRoot } from './networks.ts'
import { findPhotos } from './photos.ts'
import { progressBar } from './progress.ts'

const rates = [0.01, 0.001, 0.0001]
/** A quantile from fewer impostor pairs than this many per false match would be chance. */
const minFalseMatches = 30

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' } },
})
const [folder] = positionals
if (!folder || positionals.length > 1) {
  console.error('usage: npm run calibrate -- <folder of people> [--data "what the photos are"]')
  process.exit(2)
}
const photos = await findPhotos([folder])
let model = ''

/** Encodings by photo; photos without a face are left out. */
async function encodeAll(label: string, mirror: boolean): Promise<Map<string, Float32Array>> {
  const encodings = new Map<string, Float32Array>()
  const bar = progressBar(label)
  bar.start(photos.length)
  await encodeFiles(photos, { mirror, faces: 'main' }, (result) => {
    if ('encoding' in result) {
      encodings.set(result.file, Float32Array.from(result.encoding))
      model = result.model
    }
    bar.step()
  })
  bar.stop()
  return encodings
}

const probes = [...(await encodeAll('encoding probes', false))]
const gallery = [...(await encodeAll('encoding enrolled', true))]
const personOf = (photo: string): string => basename(dirname(photo))
const impostors: number[] = []
for (const [enrolled, template] of gallery) {
  for (const [probe, encoding] of probes) {
    if (personOf(enrolled) !== personOf(probe)) impostors.push(distance(template, encoding))
  }
}
const sorted = Float64Array.from(impostors).sort()
const thresholds = rates
  .filter((fmr) => sorted.length * fmr >= minFalseMatches)
  // Rounded down: never more strangers than asked for.
  .map((fmr) => ({
    fmr,
    threshold: Math.floor(sorted[Math.floor(sorted.length * fmr)]! * 1e4) / 1e4,
  }))
if (thresholds.length < rates.length) {
  console.error(
    `${sorted.length} impostor pairs are too few for a false-match rate of ${rates.at(-1)}`,
  )
  process.exit(1)
}
const people = new Set(photos.map(personOf)).size
const others = calibrationTable.calibrations.filter((calibration) => calibration.model !== model)
const table = {
  format: 1,
  metric: 'l2',
  calibrations: [
    ...others,
    {
      model,
      thresholds,
      data: `${values.data ?? basename(folder)}: ${probes.length} of ${photos.length} photos with a face, ${people} people, ${sorted.length} impostor pairs`,
      date: new Date().toISOString().slice(0, 10),
      command: `npm run calibrate -- ${folder}`,
    },
  ],
}
await writeFile(
  join(projectRoot, 'src', 'decision', 'calibration.json'),
  `${JSON.stringify(table, null, 2)}\n`,
)
console.log(JSON.stringify(table, null, 2))
