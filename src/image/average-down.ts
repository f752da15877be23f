/**
 * A region of a photo, smaller by a whole factor: means of blocks. The photo passes through a small WebAssembly module band by
 * band, so that no second copy of it is held; where none was started (`startAverages`), plain JavaScript computes the same bytes.
 */
import type { RgbImage } from './rgb-image.ts'

/** Whole pixels, inside the photo. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Kernel {
  readonly mostRows: WebAssembly.Global
  averageBands(
    rows: number,
    stride: number,
    count: number,
    width: number,
    factor: number,
    sums: number,
    output: number,
  ): void
}

interface Started {
  readonly memory: WebAssembly.Memory
  readonly kernel: Kernel
}

const pageBytes = 65_536
let started: Started | undefined

/** @param module build/kernels/image.wasm */
export function startAverages(module: WebAssembly.Module): void {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  started = { memory, kernel: exports as unknown as Kernel }
}

/** Means of factor x factor blocks, halves rounded up; blocks at the right and bottom edge may be smaller. */
export function averageDown(image: RgbImage, region: Region, factor: number): RgbImage {
  const size = {
    width: Math.ceil(region.width / factor),
    height: Math.ceil(region.height / factor),
  }
  const data = new Uint8Array(size.width * size.height * 3)
  if (started && factor <= started.kernel.mostRows.value) {
    throughKernel(started, image, region, factor, data)
  } else {
    const rowBytes = size.width * 3
    for (let row = 0; row < size.height; row++) {
      const y = row * factor
      const rows = Math.min(factor, region.height - y)
      const start = ((region.y + y) * image.width + region.x) * 3
      const output = data.subarray(row * rowBytes, (row + 1) * rowBytes)
      inJavaScript({ image, start, rows, width: region.width }, factor, output)
    }
  }
  return { ...size, data }
}

/** Of the photo, so many bytes pass at a time, and one band at least. */
const passingBytes = 128 * 1024

function throughKernel(
  { memory, kernel }: Started,
  { data, width }: RgbImage,
  region: Region,
  factor: number,
  means: Uint8Array,
): void {
  const stride = width * 3
  const bands = Math.max(1, Math.floor(passingBytes / (stride * factor)))
  const most = Math.min(bands * factor, region.height)
  const meanBytes = Math.ceil(region.width / factor) * 3
  const sums = most * stride + 16
  const output = sums + region.width * 6 + 32
  const missing = output + bands * meanBytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
  const heap = new Uint8Array(memory.buffer)
  for (let y = 0, to = 0; y < region.height; y += most) {
    const rows = Math.min(most, region.height - y)
    const start = ((region.y + y) * width + region.x) * 3
    const end = start + (rows - 1) * stride + region.width * 3
    heap.set(data.subarray(start, end))
    kernel.averageBands(0, stride, rows, region.width, factor, sums, output)
    const made = Math.ceil(rows / factor) * meanBytes
    means.set(heap.subarray(output, output + made), to)
    to += made
  }
}

/** Rows of a region that become one. */
interface Band {
  readonly image: RgbImage
  /** Offset of the first pixel's red. */
  readonly start: number
  readonly rows: number
  readonly width: number
}

function inJavaScript(
  { image, start, rows, width }: Band,
  factor: number,
  means: Uint8Array,
): void {
  for (let column = 0, to = 0; to < means.length; column += factor, to += 3) {
    const columns = Math.min(factor, width - column)
    let [red, green, blue] = [0, 0, 0]
    for (let row = 0; row < rows; row++) {
      let from = start + (row * image.width + column) * 3
      for (let k = 0; k < columns; k++, from += 3) {
        red += image.data[from]!
        green += image.data[from + 1]!
        blue += image.data[from + 2]!
      }
    }
    const area = rows * columns
    means[to] = Math.round(red / area)
    means[to + 1] = Math.round(green / area)
    means[to + 2] = Math.round(blue / area)
  }
}
