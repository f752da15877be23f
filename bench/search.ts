/**
 * node bench/search.ts [--runs 200]
 *
 * What finding the nearest of 1,000 and 10,000 people costs: the ways to scan that were tried, side by side on the same
 * seeded encodings of unit length and by turns, and beneath them the whole search as /recognize does it, in the metric and
 * to the threshold of the first calibrated model, with the records of the best candidates read and parsed but without KV's
 * own latency. One encoding a person. Leave the machine alone meanwhile.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { nodeAssets } from '../scripts/node-engine.ts'
import { findIdentification, readCalibrationTable } from '../src/decision/calibration.ts'
import { farthestOfInterest } from '../src/decision/decide-among.ts'
import type { GalleryView, SearchOptions } from '../src/gallery/gallery.ts'
import { toInt8 } from '../src/gallery/int8-encoding.ts'
import { createMatrix } from '../src/gallery/matrix.ts'
import { searchMatrix } from '../src/gallery/search-matrix.ts'
import { encodingLength } from '../src/identity/compare.ts'
import { templateOf, unitVector } from '../src/identity/metric.ts'
import { parseRecord, serializeRecord } from '../src/identity/record.ts'
import { startBackend } from '../src/network/backend.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' } } })
const runs = Number(values.runs)
const warmUpRuns = 30
const sizes = [1000, 10_000]
const calibrations = readCalibrationTable()
const { model } = calibrations.calibrations[0]!
/** Standard deviations of a person around the mean face, and of a photo around the person, as wide as dlib-resnet's. */
const spread = { people: 0.053, photos: 0.02 }

await startBackend((await nodeAssets()).backend)
const random = seededRandom(1)
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, node ${process.versions.node}`)
console.log('| people | way | p50 ms | p95 ms | bytes held |\n|---|---|---|---|---|')
for (const people of sizes) {
  const mean = Float32Array.from({ length: encodingLength }, () => normal() * 0.112)
  const encodings = Array.from({ length: people }, () => around(mean, spread.people))
  const probes = Array.from({ length: 50 }, (_, i) =>
    around(encodings[(i * 7919) % people]!, spread.photos),
  )
  const threshold = findIdentification(calibrations, model, { people })
  const options = { limit: 5, maxDistance: farthestOfInterest(threshold), metric: threshold.metric }
  const ways = {
    ...scans(encodings, options),
    'whole search': await wholeSearch(encodings, options),
  }
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const expected = (run * 7919) % people
    const probe = probes[run % probes.length]!
    for (const [name, { nearest }] of Object.entries(ways)) {
      const start = performance.now()
      const found = await nearest(probe)
      const took = performance.now() - start
      if (run < probes.length && found !== expected) {
        throw new Error(`${name} found ${found}, expected ${expected}`)
      }
      if (run >= warmUpRuns) times.get(name)!.push(took)
    }
  }
  for (const [name, { bytes }] of Object.entries(ways)) {
    const sorted = times.get(name)!.sort((a, b) => a - b)
    const at = (share: number): string => sorted[Math.floor(sorted.length * share)]!.toFixed(2)
    console.log(`| ${people} | ${name} | ${at(0.5)} | ${at(0.95)} | ${bytes} |`)
  }
}

/** A way to find the index of the person nearest to the probe. */
interface Way {
  readonly bytes: number
  nearest(probe: Float32Array): number | Promise<number>
}

function scans(
  encodings: readonly Float32Array[],
  { maxDistance }: SearchOptions,
): Record<string, Way> {
  const people = encodings.length
  const floats = new Float32Array(people * encodingLength)
  for (const [i, encoding] of encodings.entries()) floats.set(encoding, i * encodingLength)
  const squares = encodings.map((encoding) => encoding.reduce((sum, x) => sum + x * x, 0))
  const matrix = createMatrix()
  for (const [i, encoding] of encodings.entries()) matrix.put(`${i}`, toInt8(encoding))
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
      bytes: floats.byteLength + people * 8,
      nearest: (probe) =>
        smallest(people, (row) => squares[row]! - 2 * dot(probe, floats, row * encodingLength)),
    },
    'tfjs matrix product, WASM SIMD': {
      bytes: floats.byteLength + people * 8,
      nearest(probe) {
        const products = tf.tidy(() =>
          tf.matMul(tensor, tf.tensor2d(probe, [encodingLength, 1])).dataSync<'float32'>(),
        )
        return smallest(people, (row) => squares[row]! - 2 * products[row]!)
      },
    },
    'int8, product in four sums (chosen)': {
      bytes: people * (encodingLength + 16),
      nearest: (probe) => Number(matrix.scan(probe, maxDistance, 'as they are')[0]?.identity),
    },
  }
}

/** As /recognize does it, on records kept as text. */
async function wholeSearch(
  encodings: readonly Float32Array[],
  options: SearchOptions,
): Promise<Way> {
  const at = '2026-11-24T00:00:00.000Z'
  const matrix = createMatrix()
  const texts = encodings.map((encoding, i) => {
    matrix.put(`${i}`, toInt8(templateOf([encoding])))
    return serializeRecord({
      identity: `${i}`,
      version: 1,
      model,
      encodings: [encoding],
      createdAt: at,
      updatedAt: at,
    })
  })
  const read = async (identities: readonly string[]) => ({
    records: identities.map((identity) => parseRecord(texts[Number(identity)]!, identity)),
    unreadable: [],
  })
  const reader = { getMany: read, getCurrent: read }
  const search: GalleryView['search'] = (probe, wanted) =>
    searchMatrix(matrix, model, probe, wanted, reader)
  return {
    bytes: encodings.length * (encodingLength + 16),
    async nearest(probe) {
      const { people } = await search(probe, options)
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

function dot(probe: Float32Array, rows: Float32Array, start: number): number {
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

/** Of length 1, as a matrix holds and compares them. */
function around(centre: Float32Array, deviation: number): Float32Array {
  return unitVector(centre.map((value) => value + normal() * deviation))
}

/** Box and Muller: a number of mean 0 and deviation 1 from two even ones. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
