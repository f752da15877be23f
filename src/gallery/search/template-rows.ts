/**
 * Templates as rows of one WebAssembly memory, and the scan over them (kernels/scan.ts). The memory grows where it lies, so that
 * hundreds of thousands of rows are never copied; it is given back as a whole when the rows are no longer used.
 */
import { type Int8Encoding, maxRounding } from '../../encoding/int8-encoding.ts'
import type { RowScale } from '../../encoding/metrics/behaviour.ts'

export interface FoundRow {
  readonly row: number
  /** The exact distance of the row's template is not below this. */
  readonly atLeast: number
}

export interface ScanOptions {
  /** Largest L2 distance that is of interest. */
  readonly maxDistance: number
  /** The probe is compared with the templates as they are, or with the templates at unit length. */
  readonly rows: RowScale
  /** Most rows in the result; all unless given. */
  readonly most?: number
}

export interface TemplateRows {
  /** Memory that is held. */
  readonly bytes: number
  /** Any row may be written, also beyond those that are there; a template of another length throws. */
  write(row: number, template: Int8Encoding): void
  copy(from: number, to: number): void
  /** Rounded as it was written. */
  read(row: number): Float32Array
  /** Rows 0 to `count` - 1 that may be within reach, the most promising first. @param probe an encoding of the length of the rows */
  scan(probe: Float32Array, count: number, options: ScanOptions): FoundRow[]
}

/** What build/kernels/gallery.wasm exports; arguments are documented there. */
interface ScanExports {
  measure(row: number, length: number): void
  scan(...args: number[]): number
}

const pageBytes = 65_536
/** Pages that the memory grows by, at least: room for 3,800 people. */
const pagesAtOnce = 8
/** Numbers that the kernel takes at a step: rows and probe end with zeros up to the next step. */
const numbersAStep = 32
/** Behind the numbers of a row: its scale and the sum of its squares. */
const scaleBytes = 4
const squaresBytes = 4
/** Rows that are scanned at a time: all of them may be found. */
const rowsAScan = 8192
const foundBytes = 8
const probeAt = 0
/** Of either sign. */
const largestInt8 = 2 ** 7
const largestInt16 = 2 ** 15 - 1
const largestInt32 = 2 ** 31 - 1

/** Memory of a row. @param length numbers in a template */
export function rowBytesOf(length: number): number {
  return paddedLength(length) + scaleBytes + squaresBytes
}

function paddedLength(length: number): number {
  return Math.ceil(length / numbersAStep) * numbersAStep
}

/**
 * @param kernel build/kernels/gallery.wasm, compiled
 * @param length numbers in a template
 */
export function createTemplateRows(kernel: WebAssembly.Module, length: number): TemplateRows {
  const padded = paddedLength(length)
  const rowBytes = rowBytesOf(length)
  const foundAt = probeAt + padded * Int16Array.BYTES_PER_ELEMENT
  const rowsAt = foundAt + rowsAScan * foundBytes
  // So small that a product with a row is exact in int32, whatever the numbers are.
  const largest = Math.min(largestInt16, Math.floor(largestInt32 / (largestInt8 * padded)))
  const memory = new WebAssembly.Memory({ initial: Math.ceil(rowsAt / pageBytes) })
  const instance = new WebAssembly.Instance(kernel, { env: { memory } })
  const { measure, scan } = instance.exports as unknown as ScanExports
  const addressOf = (row: number): number => rowsAt + row * rowBytes
  let bytes = new Int8Array(memory.buffer)
  let view = new DataView(memory.buffer)

  function makeRoom(row: number): void {
    const missing = addressOf(row + 1) - memory.buffer.byteLength
    if (missing <= 0) return
    memory.grow(Math.max(Math.ceil(missing / pageBytes), pagesAtOnce))
    // What was a view of the smaller memory is a view of nothing now.
    bytes = new Int8Array(memory.buffer)
    view = new DataView(memory.buffer)
  }

  /** @returns what the scan needs to know of the rounded probe */
  function writeProbe(probe: Float32Array) {
    const peak = probe.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    const scale = peak / largest
    const numbers = new Int16Array(memory.buffer, probeAt, length)
    let square = 0
    let moved = 0
    for (let i = 0; i < length; i++) {
      numbers[i] = Math.round(probe[i] / scale)
      square += (numbers[i] * scale) ** 2
      moved += (numbers[i] * scale - probe[i]) ** 2
    }
    return { scale, square, rounding: Math.sqrt(moved) }
  }

  return {
    get bytes() {
      return bytes.byteLength
    },

    write(row, { scale, numbers }) {
      if (numbers.length !== length) {
        throw new Error(`a template of ${numbers.length} numbers among rows of ${length}`)
      }
      makeRoom(row)
      const address = addressOf(row)
      bytes.set(numbers, address)
      view.setFloat32(address + padded, scale, true)
      measure(address, padded)
    },

    copy(from, to) {
      bytes.copyWithin(addressOf(to), addressOf(from), addressOf(from + 1))
    },

    read(row) {
      const address = addressOf(row)
      const scale = view.getFloat32(address + padded, true)
      return Float32Array.from(bytes.subarray(address, address + length), (value) => value * scale)
    },

    scan(probe, count, { maxDistance, rows, most = count }) {
      const { scale, square, rounding } = writeProbe(probe)
      const isUnit = rows === 'unit length'
      // Rounding moves the length too, by no more than the row: twice as much at unit length.
      const steps = maxRounding(1, length) * (isUnit ? 2 : 1)
      const found: FoundRow[] = []
      let reach = maxDistance
      for (let first = 0; first < count; first += rowsAScan) {
        const scanned = Math.min(rowsAScan, count - first)
        const pairs = scan(
          padded,
          probeAt,
          scale,
          square,
          rounding,
          addressOf(first),
          first,
          scanned,
          steps,
          isUnit ? 1 : 0,
          reach,
          foundAt,
        )
        for (let at = foundAt; at < foundAt + pairs * foundBytes; at += foundBytes) {
          found.push({ row: view.getInt32(at, true), atLeast: view.getFloat32(at + 4, true) })
        }
        if (found.length <= most) continue
        // Whoever comes after must be more promising than the last of these.
        found.sort(mostPromising)
        found.length = most
        reach = Math.min(reach, found[most - 1]?.atLeast ?? 0)
      }
      return found.sort(mostPromising)
    },
  }
}

function mostPromising(a: FoundRow, b: FoundRow): number {
  return a.atLeast - b.atLeast
}
