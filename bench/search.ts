/** npm run bench:search: what finding the nearest of many people costs, by each way to scan that was tried. */
import { declare } from '../scripts/front/command.ts'
import { number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { galleryKernelFile } from '../scripts/kernels/build-kernels.ts'
import { compileWasm, nodeAssets } from '../scripts/setup/node-engine.ts'
import { findIdentification } from '../src/decision/calibration.ts'
import { readCalibrationTable } from '../src/decision/calibration-table.ts'
import { farthestOfInterest } from '../src/decision/decide-among.ts'
import { startBackend } from '../src/network/backend.ts'
import { machine } from './measure/machine.ts'
import { percentile } from './measure/percentile.ts'
import { encodingLength, syntheticFaces } from './people/synthetic-faces.ts'
import { scans, wholeSearch } from './people/ways-to-search.ts'

const warmUpRuns = 30
const probeCount = 50
const calibrations = readCalibrationTable()
const { model } = calibrations.calibrations[0]!
const faces = syntheticFaces(1)

export const command = declare({
  name: 'bench:search',
  summary:
    'Measures what finding the nearest of many people costs, by each way to scan that was tried.',
  about:
    'By turns, on the same made-up encodings, one a person; beneath them the whole search as /recognize does it, to the threshold of ' +
    'the first calibrated model, with the records of the best candidates parsed but neither fetched nor decrypted (bench:packed has ' +
    'both). Leave the machine alone meanwhile.',
  options: {
    runs: number('N', 'of each', wholeFrom(1), 200),
    people: text('N,N,...', 'sizes of galleries', undefined, '1000,10000,200000'),
  },
  examples: ['', '--people 1000 --runs 30'],
  check: ({ people }) =>
    people.split(',').every((count) => Number(count) > 0)
      ? undefined
      : `--people is "${people}", expected numbers separated by commas`,
  async run({ runs, people }) {
    const kernel = await compileWasm(galleryKernelFile)
    await startBackend((await nodeAssets()).backend)
    console.log(machine())
    console.log(
      '| people | way | p50 ms | p95 ms | ns a person | bytes a person |\n|---|---|---|---|---|---|',
    )
    for (const count of people.split(',').map(Number)) await compareAt(kernel, count, runs)
    return 0
  },
})

async function compareAt(kernel: WebAssembly.Module, people: number, runs: number): Promise<void> {
  const encodings = new Float32Array(people * encodingLength)
  for (let i = 0; i < people; i++) encodings.set(faces.photo(i, 0), i * encodingLength)
  const threshold = findIdentification(calibrations, model, { people })
  const options = { limit: 5, maxDistance: farthestOfInterest(threshold), metric: threshold.metric }
  const ways = {
    ...scans(kernel, encodings, options),
    'whole search': wholeSearch(kernel, encodings, options),
  }
  // A photo so near to its person that every way agrees on who is nearest.
  const probes = Array.from({ length: probeCount }, (_, i) => {
    const person = (i * 7919) % people
    const stored = encodings.subarray(person * encodingLength, (person + 1) * encodingLength)
    const photo = faces.photo(person, 1)
    return { person, probe: stored.map((value, k) => value + (photo[k]! - value) * 0.3) }
  })
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const { person, probe } = probes[run % probeCount]!
    for (const [name, { nearest }] of Object.entries(ways)) {
      const start = performance.now()
      const found = await nearest(probe)
      const took = performance.now() - start
      if (found !== person) throw new Error(`${name} found ${found}, expected ${person}`)
      if (run >= warmUpRuns) times.get(name)!.push(took)
    }
  }
  for (const [name, { bytes }] of Object.entries(ways)) {
    const at = (share: number): number => percentile(times.get(name)!, share)
    const each = [((at(0.5) * 1e6) / people).toFixed(1), (bytes / people).toFixed(0)]
    console.log(
      `| ${people} | ${name} | ${at(0.5).toFixed(2)} | ${at(0.95).toFixed(2)} | ${each.join(' | ')} |`,
    )
  }
}

if (import.meta.main) runCommand(command)
