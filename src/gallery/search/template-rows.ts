/**
 * Templates as rows of one WebAssembly memory, and the scan over them (kernels/scan.ts). The memory grows where it lies, so that
 * hundreds of thousands of rows are never copied; it is given back as a whole when the rows are no longer used.
 */
import { encodingLength } from '../../encoding/distance.ts'
import { type Int8Encoding, maxRounding } from '../../encoding/int8-encoding.ts'

export interface FoundRow {
  readonly row: number
  /** The exact distance of the row's template is not below this. */
  readonly atLeast: number
}

export type RowScale = 'as they are' | 'unit length'

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
  /** Any row may be written, also beyond those that are there. */
  write(row: number, template: Int8Encoding): void
  copy(from: number, to: number): void
  /** Rows 0 to `count` - 1 that may be within reach, the most promising first. @param probe 128 finite numbers */
  scan(probe: Float32Array, count: number, options: ScanOptions): FoundRow[]
}

/** What build/kernels/gallery.wasm exports; arguments are documented there. */
interface ScanExports {
  measure(row: number): void
  scan(...args: number[]): number
}

const pageBytes = 65_536
/** Pages that the memory grows by, at least: room for 3,800 people. */
const pagesAtOnce = 8
const rowBytes = encodingLength + 8
/** Rows that are scanned at a time: all of them may be found. */
const rowsAScan = 8192
const foundBytes = 8
/** Addresses: the probe, what is found, the rows. */
const probeAt = 0
const foundAt = probeAt + encodingLength * 2
const rowsAt = foundAt + rowsAScan * foundBytes
const largest = 32_767

/** @param kernel build/kernels/gallery.wasm, compiled */
export function createTemplateRows(kernel: WebAssembly.Module): TemplateRows {
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
    const numbers = new Int16Array(memory.buffer, probeAt, encodingLength)
    let square = 0
    let moved = 0
    for (let i = 0; i < encodingLength; i++) {
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
      makeRoom(row)
      const address = addressOf(row)
      bytes.set(numbers, address)
      view.setFloat32(address + encodingLength, scale, true)
      measure(address)
    },

    copy(from, to) {
      bytes.copyWithin(addressOf(to), addressOf(from), addressOf(from + 1))
    },

    scan(probe, count, { maxDistance, rows, most = count }) {
      const { scale, square, rounding } = writeProbe(probe)
      const isUnit = rows === 'unit length'
      // Rounding moves the length too, by no more than the row: twice as much at unit length.
      const steps = maxRounding(1) * (isUnit ? 2 : 1)
      const found: FoundRow[] = []
      let reach = maxDistance
      for (let first = 0; first < count; first += rowsAScan) {
        const scanned = Math.min(rowsAScan, count - first)
        const pairs = scan(
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
