/**
 * The encodings of a gallery as one block of memory, and the scan over it. A row is an encoding in int8, its owner a person; a
 * person may have several rows. The scan gives for each person the least distance that they can have, however the rounding
 * went: who is within reach is never missed, and the exact distance is for others to compute.
 */
import { encodingLength } from '../identity/compare.ts'
import { type Int8Encoding, maxRounding } from './int8-encoding.ts'

export interface Candidate {
  readonly identity: string
  /** The person's exact distance is not below this. */
  readonly atLeast: number
}

export interface EncodingMatrix {
  readonly people: number
  /** Rows that belong to somebody. */
  readonly encodings: number
  /** Adds rows to those that the person has. */
  add(identity: string, encodings: readonly Int8Encoding[]): void
  remove(identity: string): void
  /** Everybody who may be within `maxDistance`, the most promising first. The probe is 128 finite numbers. */
  scan(probe: Float32Array, maxDistance: number): Candidate[]
}

const firstRows = 256
/** Rows of people who were removed or replaced; they are left in place, and passed over. */
const nobody = -1

export function createMatrix(): EncodingMatrix {
  /** [row, 128] */
  let numbers = new Int8Array(firstRows * encodingLength)
  let scales = new Float32Array(firstRows)
  /** Squared L2 norm of the row's encoding. */
  let squares = new Float64Array(firstRows)
  /** Index into `identities`. */
  let owners = new Int32Array(firstRows)
  let rows = 0
  let encodings = 0
  const identities: string[] = []
  const indexes = new Map<string, number>()

  function grow(): void {
    const capacity = owners.length * 2
    numbers = enlarge(numbers, new Int8Array(capacity * encodingLength))
    scales = enlarge(scales, new Float32Array(capacity))
    squares = enlarge(squares, new Float64Array(capacity))
    owners = enlarge(owners, new Int32Array(capacity))
  }

  return {
    get people() {
      return indexes.size
    },
    get encodings() {
      return encodings
    },

    add(identity, added) {
      const index = indexes.get(identity) ?? identities.push(identity) - 1
      indexes.set(identity, index)
      for (const encoding of added) {
        if (rows === owners.length) grow()
        numbers.set(encoding.numbers, rows * encodingLength)
        scales[rows] = encoding.scale
        squares[rows] = squaredNorm(encoding)
        owners[rows] = index
        rows++
      }
      encodings += added.length
    },

    remove(identity) {
      const index = indexes.get(identity)
      if (index === undefined) return
      indexes.delete(identity)
      for (let row = 0; row < rows; row++) {
        if (owners[row] !== index) continue
        owners[row] = nobody
        encodings--
      }
    },

    scan(probe, maxDistance) {
      const nearest = new Map<number, number>()
      const probeSquare = probe.reduce((sum, value) => sum + value * value, 0)
      for (let row = 0; row < rows; row++) {
        const owner = owners[row]
        if (owner === nobody) continue
        const product = dot(probe, numbers, row * encodingLength) * scales[row]
        // |p - x|^2 = |p|^2 - 2 p.x + |x|^2, which rounding may push below 0.
        const square = Math.max(0, probeSquare - 2 * product + squares[row])
        const atLeast = Math.max(0, Math.sqrt(square) - maxRounding(scales[row]))
        if (atLeast > maxDistance || atLeast >= (nearest.get(owner) ?? Number.POSITIVE_INFINITY)) {
          continue
        }
        nearest.set(owner, atLeast)
      }
      return [...nearest]
        .map(([owner, atLeast]) => ({ identity: identities[owner], atLeast }))
        .sort((a, b) => a.atLeast - b.atLeast)
    },
  }
}

/** Four sums, so that one addition need not wait for the other; bench/search.ts has the figures. */
function dot(probe: Float32Array, numbers: Int8Array, start: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < encodingLength; i += 4) {
    a += probe[i] * numbers[start + i]
    b += probe[i + 1] * numbers[start + i + 1]
    c += probe[i + 2] * numbers[start + i + 2]
    d += probe[i + 3] * numbers[start + i + 3]
  }
  return a + b + c + d
}

function squaredNorm({ scale, numbers }: Int8Encoding): number {
  return numbers.reduce((sum, number) => sum + number * number, 0) * scale * scale
}

function enlarge<Numbers extends Int8Array | Int32Array | Float32Array | Float64Array>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from)
  return to
}
