/**
 * The templates of a gallery as one block of memory, and the scan over it. A row is the template of one person in int8. The scan
 * gives for each person the least L2 distance that they can have, however the rounding went: who is within reach is never
 * missed, and the exact distance is for others to compute.
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
  /** Adds a person, or replaces their template. */
  put(identity: string, template: Int8Encoding): void
  remove(identity: string): void
  /**
   * Everybody who may be within `maxDistance`, the most promising first. The probe is 128 finite numbers, which are compared
   * with the templates as they are, or with the templates at unit length.
   */
  scan(probe: Float32Array, maxDistance: number, rows: 'as they are' | 'unit length'): Candidate[]
}

const firstRows = 256

export function createMatrix(): EncodingMatrix {
  /** [row, 128] */
  let numbers = new Int8Array(firstRows * encodingLength)
  let scales = new Float32Array(firstRows)
  /** Squared L2 norm of the row's encoding. */
  let squares = new Float64Array(firstRows)
  /** Whose each row is; null for somebody who was removed: the row is passed over. */
  const owners: (string | null)[] = []
  const rowOf = new Map<string, number>()

  function grow(): void {
    const capacity = scales.length * 2
    numbers = enlarge(numbers, new Int8Array(capacity * encodingLength))
    scales = enlarge(scales, new Float32Array(capacity))
    squares = enlarge(squares, new Float64Array(capacity))
  }

  return {
    get people() {
      return rowOf.size
    },

    put(identity, { scale, numbers: template }) {
      const row = rowOf.get(identity) ?? owners.length
      if (row === scales.length) grow()
      numbers.set(template, row * encodingLength)
      scales[row] = scale
      squares[row] = squaredNorm({ scale, numbers: template })
      owners[row] = identity
      rowOf.set(identity, row)
    },

    remove(identity) {
      const row = rowOf.get(identity)
      if (row === undefined) return
      rowOf.delete(identity)
      owners[row] = null
    },

    scan(probe, maxDistance, as) {
      const candidates: Candidate[] = []
      const probeSquare = probe.reduce((sum, value) => sum + value * value, 0)
      for (let row = 0; row < owners.length; row++) {
        const identity = owners[row]
        if (identity === null) continue
        const norm = as === 'unit length' ? Math.sqrt(squares[row]) : 1
        const product = (dot(probe, numbers, row * encodingLength) * scales[row]) / norm
        // |p - x|^2 = |p|^2 - 2 p.x + |x|^2, which rounding may push below 0.
        const square = Math.max(0, probeSquare - 2 * product + squares[row] / (norm * norm))
        // Rounding moves the length too, by no more than the row: twice as much at unit length.
        const rounding = (maxRounding(scales[row]) * (as === 'unit length' ? 2 : 1)) / norm
        const atLeast = Math.max(0, Math.sqrt(square) - rounding)
        if (atLeast <= maxDistance) candidates.push({ identity, atLeast })
      }
      return candidates.sort((a, b) => a.atLeast - b.atLeast)
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

function enlarge<Numbers extends Int8Array | Float32Array | Float64Array>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from)
  return to
}
