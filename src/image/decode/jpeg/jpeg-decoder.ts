/**
 * Decodes JPEGs, sequential and progressive, by kernels of our own (kernels/, WebAssembly with SIMD, a memory of their own): blocks are
 * checked as they are read, since where data is missing a decoder would go on with grey. A large photo is decoded to a half, a quarter
 * or an eighth, by its lowest frequencies alone, which takes as much less memory as there are fewer pixels.
 */
import type { DecodedImage, Decoder } from '../decoder.ts'
import type { Shrink } from '../format-header.ts'
import { type BandKernel, hasDisplacedBands } from './damage/displaced-bands.ts'
import { hasDisplacedUnits } from './damage/displaced-units.ts'
import { type BorderKernel, type MeanPlane, seeUnits } from './damage/mean-borders.ts'
import { hasMisfittedCodes } from './damage/misfitted-codes.ts'
import { hasShiftedMeans, showsSteps } from './damage/shifted-means.ts'
import { type Component, releaseComponents, withNoise } from './damage/step-evidence.ts'
import { hasTornRows } from './damage/torn-rows.ts'
import { wholeSteps } from './damage/whole-steps.ts'
import type { JpegColours } from './file/colours.ts'
import type { JpegFrame } from './file/frame.ts'
import { type JpegFile, readJpegFile } from './file/jpeg-file.ts'
import { requireAllScans } from './file/required-scans.ts'
import { damagedJpeg, displacedJpeg, misfittedJpeg, shiftedJpeg } from './jpeg-faults.ts'
import { PhotoMemory } from './photo-memory.ts'
import {
  type ComponentRoom,
  type ReadSymbols,
  readScan,
  type ScanKernels,
  takeJobRoom,
  writePlanes,
} from './scan-job.ts'
import { transformSteps } from './transform-steps.ts'
import { layOut, requireOnePadding } from './walk-scan.ts'

interface JpegKernels extends ScanKernels, BorderKernel, BandKernel {
  /** The first byte that is free for a photo. */
  readonly base: WebAssembly.Global
  toRgb(
    planes: number,
    colours: number,
    width: number,
    firstRow: number,
    endRow: number,
    rgb: number,
    scratch: number,
  ): void
}

/** As kernels/rgb.ts has them. */
const colourCodes: Readonly<Record<JpegColours, number>> = {
  ycc: 0,
  rgb: 1,
  grey: 2,
  cmykLight: 3,
  ycckInk: 4,
  cmykInk: 5,
}

/** So many rows become colours at a time, and are copied out: the kernels' memory never shrinks. */
const bandRows = 32

/** A row of each component in full width, and one between rows with two bytes a sample. */
const scratchRows = 4 + 4

/** @param module build/kernels/jpeg.wasm */
export function startJpegDecoder(module: WebAssembly.Module): Decoder {
  const memory = new WebAssembly.Memory({ initial: 2 })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernels = exports as unknown as JpegKernels
  const base: number = kernels.base.value
  return {
    decode: (bytes, shrink, { isCut = false, jpeg = readJpegFile(bytes) } = {}) =>
      decodeFile(kernels, new PhotoMemory(memory, base), jpeg, shrink, isCut),
    heapBytes: () => memory.buffer.byteLength,
  }
}

function decodeFile(
  kernels: JpegKernels,
  memory: PhotoMemory,
  file: JpegFile,
  shrink: Shrink,
  isCut: boolean,
): DecodedImage {
  requireAllScans(file)
  const { bytes, frame, scans } = file
  const room = takeJobRoom(memory)
  const samples = takeSamples(memory, file, 8 / shrink)
  const [width, height] = [Math.ceil(frame.width / shrink), Math.ceil(frame.height / shrink)]
  const scratch = memory.take(scratchRows * (width + 64))
  const planes = putPlanes(memory, frame, samples, shrink)
  const { end } = memory
  const rooms = frame.progressive ? takeSeen(memory, frame, samples) : samples
  const data = memory.put(bytes.subarray(scans[0]!.start, scans.at(-1)!.end))
  const read: ReadSymbols = new Map()
  const reading = { kernels, memory, file, room, rooms, data, read }
  const paddings = scans.map((scan) => readScan(reading, scan))
  requireOnePadding(file, paddings)
  if (hasMisfittedCodes(read)) throw misfittedJpeg()
  if (frame.progressive) {
    if (!isCut && hasDisplacedBands(kernels, memory, file, rooms)) throw displacedJpeg()
    writePlanes(kernels, memory, room, file, rooms)
  }
  // What was read is not needed any more.
  memory.rewind(end)
  const steps: number[] = []
  for (const planes of isCut ? [] : meanPlanes(file, samples)) {
    if (planes.length === 0) continue
    const components = seeUnits(kernels, memory, planes).map(withNoise)
    requireSteadyMeans(components)
    const unitRows = Math.max(...components.map(({ units }) => units.rows))
    const unitHeight =
      (frame.unitRows * 8 * Math.max(...frame.components.map(({ v }) => v))) / unitRows
    steps.push(...wholeSteps(components).map((row) => (row * unitHeight) / shrink))
    releaseComponents(components)
    memory.rewind(end)
  }

  const pixels = new Uint8Array(width * height * 3)
  const band = memory.take(bandRows * width * 3)
  for (let row = 0; row < height; row += bandRows) {
    const next = Math.min(height, row + bandRows)
    kernels.toRgb(planes, colourCodes[file.colours], width, row, next, band, scratch)
    pixels.set(new Uint8Array(memory.buffer, band, (next - row) * width * 3), row * width * 3)
  }
  return { width, height, data: pixels, steps }
}

/** Room for the samples of each component, and for the frequencies of a progressive photo that they are made of. */
function takeSamples(memory: PhotoMemory, file: JpegFile, size: number): ComponentRoom[] {
  const { frame, quantisation } = file
  return frame.components.map(({ h, v }, index) => {
    const table = quantisation[index]
    if (!table) throw damagedJpeg()
    const stride = frame.unitColumns * h * size
    const samples = stride * frame.unitRows * v * size
    return {
      plane: memory.take(samples),
      stride,
      size,
      steps: memory.put(transformSteps(table, size)),
      kept: frame.progressive ? memory.takeZeros(2 * samples) : 0,
      seen: 0,
    }
  })
}

/** And a bit for each of all frequencies. */
function takeSeen(
  memory: PhotoMemory,
  { unitColumns, unitRows, components }: JpegFrame,
  rooms: readonly ComponentRoom[],
): ComponentRoom[] {
  return components.map(({ h, v }, i) => ({
    ...rooms[i]!,
    seen: memory.takeZeros(8 * unitColumns * h * unitRows * v),
  }))
}

/** Throws FaceError image_unreadable. @param components of a scan that show steps */
function requireSteadyMeans(components: readonly Component[]): void {
  if (hasShiftedMeans(components)) throw shiftedJpeg()
  if (hasTornRows(components)) throw displacedJpeg()
  for (const { units } of components) {
    if (hasDisplacedUnits(units, units.borders)) throw displacedJpeg()
  }
}

/** Of each scan that has means, in whose order they came: its components that show steps. */
function meanPlanes(file: JpegFile, rooms: readonly ComponentRoom[]): MeanPlane[][] {
  const { scans, quantisation } = file
  const withMeans = scans.filter(({ first, high }) => first === 0 && high === 0)
  return withMeans.map((scan) => {
    const { columns, rows, across } = layOut(file, scan)
    const planes = scan.components.map(({ index }, i) => {
      const { plane, stride, size } = rooms[index]!
      const { h, v } = across[i]!
      return {
        samples: plane,
        stride,
        columns,
        rows,
        unitWidth: h * size,
        unitHeight: v * size,
        step: quantisation[index]![0]! / 8,
        interval: scan.restartInterval,
      }
    })
    return planes.filter(showsSteps)
  })
}

/** As kernels/rgb.ts reads them: which samples belong to the picture, those behind them being padding. */
function putPlanes(
  memory: PhotoMemory,
  { width, height, components }: JpegFrame,
  rooms: readonly ComponentRoom[],
  shrink: Shrink,
): number {
  const most = {
    h: Math.max(...components.map(({ h }) => h)),
    v: Math.max(...components.map(({ v }) => v)),
  }
  const words = components.flatMap(({ h, v }, i) => {
    const { plane, stride } = rooms[i]!
    const [across, down] = [most.h / h, most.v / v]
    const columns = Math.ceil(Math.ceil(width / shrink) / across)
    const rows = Math.ceil(Math.ceil(height / shrink) / down)
    return [plane, stride, columns, rows, across, down]
  })
  return memory.put(Int32Array.from(words))
}
