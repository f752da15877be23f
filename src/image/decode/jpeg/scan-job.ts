/**
 * The scans of a JPEG as jobs for the kernels: where the entropy-coded bytes, the tables and the room for what is read lie in their
 * memory. The words are those of kernels/job.ts.
 */
import { type Padding, paddingOf, positionOf } from './bit-reader.ts'
import type { HuffmanTable } from './file/huffman-table.ts'
import type { JpegFile, JpegScan } from './file/jpeg-file.ts'
import { damagedJpeg } from './jpeg-faults.ts'
import type { PhotoMemory } from './photo-memory.ts'
import { dcLimit } from './sequential-blocks.ts'
import { layOut, walkIntervals } from './walk-scan.ts'

export interface ScanKernels {
  /** 0 sound, 1 the bits end too early, 2 no encoder writes such. */
  readUnits(job: number, first: number, last: number): number
  /** Of a Huffman table that is there: what sequential scans read coefficients by, behind it. */
  layOutTable(table: number): void
  /** Not zero when what is left of the bits are more units of a sequential scan. */
  readsOn(job: number): number
  writePlane(job: number, component: number, columns: number, rows: number): void
}

/** Where a component's samples lie, and what is kept of it until they are made. */
export interface ComponentRoom {
  readonly plane: number
  readonly stride: number
  /** Samples that a block becomes, across and down. */
  readonly size: number
  /** 64 float32. */
  readonly steps: number
  /** Of a progressive photo; 0 of others. */
  readonly kept: number
  readonly seen: number
}

const maxComponents = 4
const firstComponent = 12
const wordsPerComponent = 12
const jobBytes = 4 * (firstComponent + maxComponents * wordsPerComponent)
/** By nine bits uint16, by length int32 twice, symbols; how often each was read, uint32. */
const countsAt = 1024 + 2 * 17 * 4 + 256
const countsEnd = countsAt + 4 * 256
/** By ten bits int32 and uint16, as kernels/sequential.ts lays out. */
const tableBytes = countsEnd + 4096 + 2048

const word = {
  at: 0,
  end: 1,
  count: 2,
  bits: 3,
  components: 4,
  unitColumns: 5,
  coefficients: 6,
  splits: 11,
}

/** What all scans of a photo use, one after the other. */
export interface JobRoom {
  readonly job: number
  readonly coefficients: number
  readonly tables: number
}

export function takeJobRoom(memory: PhotoMemory): JobRoom {
  return {
    job: memory.take(jobBytes),
    coefficients: memory.put(new Float32Array(64)),
    tables: memory.take(2 * maxComponents * tableBytes),
  }
}

/** What was read of a progressive photo, by the codes that it was read with. */
export type ReadSymbols = Map<HuffmanTable, Uint32Array>

/** What all scans of a photo are read with. */
export interface ScanReading {
  readonly kernels: ScanKernels
  readonly memory: PhotoMemory
  readonly file: JpegFile
  readonly room: JobRoom
  /** Of the frame's components. */
  readonly rooms: readonly ComponentRoom[]
  /** Where the bytes of the file from the first scan on lie. */
  readonly data: number
  /** Of a progressive photo each scan adds its own. */
  readonly read: ReadSymbols
}

/**
 * Reads a scan. Throws FaceError image_unreadable unless every block of it is there and nothing else is.
 *
 * @returns what its intervals are padded with
 */
export function readScan(
  { kernels, memory, file, room: { job, coefficients, tables }, rooms, data, read }: ScanReading,
  scan: JpegScan,
): Padding[] {
  const layout = layOut(file, scan)
  const kind = kindOf(file, scan)
  const words = new Int32Array(memory.buffer, job, jobBytes / 4)
  words.set([scan.components.length, layout.columns, coefficients, kind], word.components)
  words.set([scan.first, scan.last, scan.low, 0], word.components + 4)
  const used = new Map<number, HuffmanTable>()
  const put = (place: number, table: HuffmanTable | undefined): number => {
    // The file has no such table.
    if (!table) throw damagedJpeg()
    const address = tables + place * tableBytes
    putTable(memory, address, table)
    used.set(address, table)
    return address
  }
  scan.components.forEach(({ index, dc, ac }, i) => {
    const needsDc = kind === kinds.sequential || kind === kinds.firstMeans
    const needsAc = kind !== kinds.firstMeans && kind !== kinds.refinedMeans
    const room = rooms[index]!
    const { h, v } = layout.across[i]!
    const acTable = needsAc ? put(2 * i + 1, ac) : 0
    if (kind === kinds.sequential) kernels.layOutTable(acTable)
    const fields = {
      h,
      v,
      dc: needsDc ? put(2 * i, dc) : 0,
      ac: acTable,
      steps: room.steps,
      plane: room.plane,
      stride: room.stride,
      size: room.size,
      mean: 0,
      mostMean: needsDc ? Math.floor(dcLimit(file, index) / (1 << scan.low) + (scan.low && 1)) : 0,
      kept: room.kept,
      seen: room.seen,
    }
    words.set(Object.values(fields), firstComponent + i * wordsPerComponent)
  })
  const base = file.scans[0]!.start
  const paddings = walkIntervals(
    file,
    scan,
    layout.columns * layout.rows,
    (start, end, first, last) => {
      words[word.at] = data + start - base
      words[word.end] = data + end - base
      const outcome = kernels.readUnits(job, first, last)
      if (outcome === 1) return null
      if (outcome !== 0) throw damagedJpeg()
      const read = Math.min(words[word.at]! - data + base, end)
      const [count, bits] = [words[word.count]!, words[word.bits]!]
      return {
        position: positionOf(file.bytes, read, count),
        padding: paddingOf(bits, count),
        readsOn: kind !== kinds.sequential || kernels.readsOn(job) !== 0,
      }
    },
  )
  if (file.frame.progressive) {
    for (const [address, table] of used) {
      const before = read.get(table)
      const counts = new Uint32Array(memory.buffer, address + countsAt, 256)
      read.set(
        table,
        counts.map((count, symbol) => count + (before?.[symbol] ?? 0)),
      )
    }
  }
  if (areMisread(words[word.splits]!, layout.rows)) throw damagedJpeg()
  return paddings
}

/**
 * Whether damage split runs of blocks without coefficients into two. An encoder that does not make them as long as they can be does so all the
 * time.
 *
 * @param splits runs that the one before could have gone on to, in so many rows of blocks
 */
export const areMisread = (splits: number, rows: number): boolean => splits > 0 && splits < rows

/** As kernels/units.ts has them. */
const kinds = { sequential: 0, firstMeans: 1, refinedMeans: 2, firstAc: 3, refinedAc: 4 } as const

function kindOf({ frame }: JpegFile, { first, high }: JpegScan): number {
  if (!frame.progressive) return kinds.sequential
  if (first === 0) return high === 0 ? kinds.firstMeans : kinds.refinedMeans
  return high === 0 ? kinds.firstAc : kinds.refinedAc
}

/** As kernels/bits.ts reads it. */
function putTable(memory: PhotoMemory, address: number, table: HuffmanTable): void {
  const { quick, beyond, offset, symbols } = table
  const bytes = new Uint8Array(memory.buffer, address, tableBytes)
  let at = 0
  for (const part of [quick, beyond, offset, symbols]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  bytes.fill(0, countsAt, countsEnd)
}

/** What was kept of each component becomes its samples. */
export function writePlanes(
  kernels: ScanKernels,
  memory: PhotoMemory,
  { job, coefficients }: JobRoom,
  { frame }: JpegFile,
  rooms: readonly ComponentRoom[],
): void {
  const words = new Int32Array(memory.buffer, job, jobBytes / 4)
  words[word.coefficients] = coefficients
  frame.components.forEach(({ h, v }, i) => {
    const { steps, plane, stride, size, kept, seen } = rooms[i]!
    const fields = [h, v, 0, 0, steps, plane, stride, size, 0, 0, kept, seen]
    words.set(fields, firstComponent + i * wordsPerComponent)
    kernels.writePlane(job, i, frame.unitColumns * h, frame.unitRows * v)
  })
}
