/** The ways to find the nearest of many people that were tried, and the whole search as /recognize does it. */
import * as tf from '@tensorflow/tfjs-core'
import { toInt8 } from '../../src/encoding/int8-encoding.ts'
import { templateOf } from '../../src/encoding/template.ts'
import type { SearchOptions } from '../../src/gallery/search/gallery.ts'
import { searchMatrix } from '../../src/gallery/search/search-matrix.ts'
import { createTemplateMatrix } from '../../src/gallery/search/template-matrix.ts'
import { createTemplateRows } from '../../src/gallery/search/template-rows.ts'
import { parseRecord, serializeRecord } from '../../src/identity/record.ts'
import { encodingLength } from './synthetic-faces.ts'

/** Of the made-up records. */
const model = 'made-up@00000000'

/** A way to find the index of the person nearest to the probe. */
export interface Way {
  readonly bytes: number
  nearest(probe: Float32Array): number | Promise<number>
}

export function scans(
  kernel: WebAssembly.Module,
  floats: Float32Array,
  { maxDistance }: SearchOptions,
): Record<string, Way> {
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
export function wholeSearch(
  kernel: WebAssembly.Module,
  floats: Float32Array,
  options: SearchOptions,
): Way {
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
