/**
 * node bench/search.ts [--runs 200] [--people 1000,10000,200000]
 *
 * What finding the nearest of many people costs: the ways to scan that were tried, side by side on the same seeded encodings
 * (synthetic-faces.ts) and by turns, and beneath them the whole search as /recognize does it, to the threshold of the first
 * calibrated model, with the records of the best candidates serialized and parsed but neither fetched nor decrypted (packed.ts
 * has both). One encoding a person. Leave the machine alone meanwhile.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { galleryKernelFile } from '../scripts/kernels/build-kernels.ts'
import { compileWasm, nodeAssets } from '../scripts/setup/node-engine.ts'
import { findIdentification, readCalibrationTable } from '../src/decision/calibration.ts'
import { farthestOfInterest } from '../src/decision/decide-among.ts'
import { toInt8 } from '../src/encoding/int8-encoding.ts'
import { templateOf } from '../src/encoding/template.ts'
import type { SearchOptions } from '../src/gallery/search/gallery.ts'
import { searchMatrix } from '../src/gallery/search/search-matrix.ts'
import { createTemplateMatrix } from '../src/gallery/search/template-matrix.ts'
import { createTemplateRows } from '../src/gallery/search/template-rows.ts'
import { parseRecord, serializeRecord } from '../src/identity/record.ts'
import { startBackend } from '../src/network/backend.ts'
import { percentile } from './percentile.ts'
import { encodingLength, syntheticFaces } from './synthetic-faces.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    people: { type: 'string', default: '1000,10000,200000' },
  },
})
const runs = Number(values.runs)
const warmUpRuns = 30
const probeCount = 50
const calibrations = readCalibrationTable()
const { model } = calibrations.calibrations[0]!
const kernel = await compileWasm(galleryKernelFile)
const faces = syntheticFaces(1)

await startBackend((await nodeAssets()).backend)
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log(
  '| people | way | p50 ms | p95 ms | ns a person | bytes a person |\n|---|---|---|---|---|---|',
)
for (const people of values.people.split(',').map(Number)) await compareAt(people)

/** A way to find the index of the person nearest to the probe. */
interface Way {
  readonly bytes: number
  nearest(probe: Float32Array): number | Promise<number>
}

async function compareAt(people: number): Promise<void> {
  const encodings = new Float32Array(people * encodingLength)
  for (let i = 0; i < people; i++) encodings.set(faces.photo(i, 0), i * encodingLength)
  const threshold = findIdentification(calibrations, model, { people })
  const options = { limit: 5, maxDistance: farthestOfInterest(threshold), metric: threshold.metric }
  const ways = { ...scans(encodings, options), 'whole search': wholeSearch(encodings, options) }
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

function scans(floats: Float32Array, { maxDistance }: SearchOptions): Record<string, Way> {
  const people = floats.length / encodingLength
  const encodingOf = (row: number): Float32Array =>
    floats.subarray(row * encodingLength, (row + 1) * encodingLength)
  const squares = new Float64Array(people)
  const rows = createTemplateRows(kernel, encodingLength)
  const int8 = new Int8Array(people * encodingLength)
  const scales = new Float32Array(people)
  for (let row = 0; row < people; row++) {
    const template = toInt8(encodingOf(row))
    squares[row] = encodingOf(row).reduce((sum, x) => sum + x * x, 0)
    rows.write(row, template)
    int8.set(template.numbers, row * encodingLength)
    scales[row] = template.scale
  }
  const tensor = tf.tensor2d(floats, [people, encodingLength])
  return {
    'float32, difference by difference': {
      bytes: floats.byteLength,
      nearest: (probe) =>
        smallest(people, (row) => {
          let sum = 0
          for (let i = 0; i < encodingLength; i++) {
            const difference = probe[i]! - floats[row * encodingLength + i]!
            sum += difference * difference
          }
          return sum
        }),
    },
    'float32, product in four sums': {
      bytes: floats.byteLength + squares.byteLength,
      nearest: (probe) => smallest(people, (row) => squares[row]! - 2 * dot(probe, floats, row)),
    },
    'tfjs matrix product, WASM SIMD': {
      bytes: floats.byteLength + squares.byteLength,
      nearest(probe) {
        const products = tf.tidy(() =>
          tf.matMul(tensor, tf.tensor2d(probe, [encodingLength, 1])).dataSync<'float32'>(),
        )
        return smallest(people, (row) => squares[row]! - 2 * products[row]!)
      },
    },
    'int8, product in four sums': {
      bytes: int8.byteLength + scales.byteLength + squares.byteLength,
      nearest: (probe) =>
        smallest(people, (row) => squares[row]! - 2 * scales[row]! * dot(probe, int8, row)),
    },
    'int8, WASM SIMD (chosen)': {
      bytes: rows.bytes,
      nearest: (probe) =>
        rows.scan(probe, people, { maxDistance, rows: 'as they are' })[0]?.row ?? -1,
    },
  }
}

/** As /recognize does it, on records that are written when they are read. */
function wholeSearch(floats: Float32Array, options: SearchOptions): Way {
  const at = '2026-11-24T00:00:00.000Z'
  const matrix = createTemplateMatrix(kernel, encodingLength)
  const encodingOf = (row: number): Float32Array =>
    floats.subarray(row * encodingLength, (row + 1) * encodingLength)
  for (let row = 0; row < floats.length / encodingLength; row++) {
    matrix.put(`${row}`, 1, toInt8(templateOf([encodingOf(row)])))
  }
  const read = async (identities: readonly string[]) => ({
    records: identities.map((identity) => {
      const encodings = [encodingOf(Number(identity))]
      const dates = { createdAt: at, updatedAt: at }
      return parseRecord(
        serializeRecord({ identity, version: 1, model, encodings, ...dates }),
        identity,
      )
    }),
    unreadable: [],
  })
  const reader = { getMany: read, getCurrent: read }
  return {
    bytes: matrix.bytes,
    async nearest(probe) {
      const { people } = await searchMatrix(matrix, model, probe, options, reader, 100)
      return Number(people[0]?.identity)
    },
  }
}

function smallest(count: number, measure: (row: number) => number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let row = 0; row < count; row++) {
    const value = measure(row)
    if (value >= least) continue
    least = value
    best = row
  }
  return best
}

/** Four sums, so that one addition need not wait for the other. */
function dot(probe: Float32Array, rows: Float32Array | Int8Array, row: number): number {
  const start = row * encodingLength
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < encodingLength; i += 4) {
    a += probe[i]! * rows[start + i]!
    b += probe[i + 1]! * rows[start + i + 1]!
    c += probe[i + 2]! * rows[start + i + 2]!
    d += probe[i + 3]! * rows[start + i + 3]!
  }
  return a + b + c + d
}
