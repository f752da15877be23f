/**
 * Writes baseline JPEGs of every sampling, order of scans, restart interval and colour model, which no encoder at hand does: with Huffman
 * tables that are simple rather than short.
 */
import type { JpegColours } from '../../../../src/image/decode/jpeg/file/colours.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'
import { joinBytes } from '../make-png.ts'

export interface JpegWriting {
  /** Of each component, across and down: 2x1, 1x1, 1x1 is 4:2:2. As many components as there are factors: 1 grey, 3, 4. */
  readonly sampling?: readonly (readonly [h: number, v: number])[]
  /** What the components stand for, as the decoder calls it: YCbCr unless given. */
  readonly colours?: Exclude<JpegColours, 'grey'>
  /** Ids of the components: 1, 2, 3 unless given. */
  readonly ids?: readonly number[]
  /** Units between restart markers; 0, none, unless given. */
  readonly restart?: number
  /** A scan for each component. */
  readonly separate?: boolean
  /** Step of quantisation, 1 to 255 for every coefficient. */
  readonly step?: number
  /** Quantisation tables of 16 bits. */
  readonly wideTables?: boolean
  /** SOF marker: baseline, 0xc0, unless given. */
  readonly frame?: number
  /** Transform in an Adobe segment; none unless given. */
  readonly adobe?: number
  /** Whether JFIF's segment is there; true unless given. */
  readonly jfif?: boolean
}

const zigzag = Array.from({ length: 64 }, (_, i) => i).sort((a, b) => {
  const [diagonalA, diagonalB] = [(a >> 3) + (a & 7), (b >> 3) + (b & 7)]
  if (diagonalA !== diagonalB) return diagonalA - diagonalB
  return diagonalA % 2 === 0 ? (b >> 3) - (a >> 3) : (a >> 3) - (b >> 3)
})

/** All codes have four bits, and eight. */
const dcSymbols = Array.from({ length: 12 }, (_, size) => size)
const acSymbols = [
  0x00,
  0xf0,
  ...Array.from({ length: 160 }, (_, i) => ((i / 10) << 4) | ((i % 10) + 1)),
]

export function writeJpeg(image: RgbImage, writing: JpegWriting = {}): Uint8Array {
  const {
    sampling = [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    colours = 'ycc',
    restart = 0,
    step = 2,
    frame = 0xc0,
  } = writing
  const ids = writing.ids ?? sampling.map((_, i) => i + 1)
  const most = {
    h: Math.max(...sampling.map(([h]) => h)),
    v: Math.max(...sampling.map(([, v]) => v)),
  }
  const units = {
    across: Math.ceil(image.width / (8 * most.h)),
    down: Math.ceil(image.height / (8 * most.v)),
  }
  const components = sampling.map(([h, v], index) => {
    const plane = planeOf(image, colours, index, most.h / h, most.v / v)
    const single = sampling.length === 1
    return {
      plane,
      h: single ? 1 : h,
      v: single ? 1 : v,
      columns: Math.ceil(Math.ceil((image.width * h) / most.h) / 8),
      rows: Math.ceil(Math.ceil((image.height * v) / most.v) / 8),
      index,
    }
  })
  const scans =
    writing.separate || sampling.length === 1 ? components.map((each) => [each]) : [components]
  const size = [image.height >> 8, image.height & 255, image.width >> 8, image.width & 255]
  return joinBytes(
    Uint8Array.of(0xff, 0xd8),
    writing.jfif === false
      ? new Uint8Array(0)
      : segment(
          0xe0,
          [...'JFIF\0'].map((c) => c.charCodeAt(0)),
          [1, 1, 0, 0, 1, 0, 1, 0, 0],
        ),
    writing.adobe === undefined
      ? new Uint8Array(0)
      : segment(
          0xee,
          [...'Adobe'].map((c) => c.charCodeAt(0)),
          [0, 100, 0, 0, 0, 0, writing.adobe],
        ),
    writing.wideTables
      ? segment(0xdb, [0x10], Array(64).fill([0, step]).flat())
      : segment(0xdb, [0], Array(64).fill(step)),
    segment(
      frame,
      [8, ...size, sampling.length],
      sampling.flatMap(([h, v], i) => [ids[i]!, (h << 4) | v, 0]),
    ),
    segment(0xc4, [0, 0, 0, 0, 12, ...Array(12).fill(0)], dcSymbols),
    segment(0xc4, [0x10, 0, 0, 0, 0, 0, 0, 0, 162, ...Array(8).fill(0)], acSymbols),
    restart > 0 ? segment(0xdd, [restart >> 8, restart & 255]) : new Uint8Array(0),
    ...scans.flatMap((scan) => [
      segment(0xda, [scan.length, ...scan.flatMap(({ index }) => [ids[index]!, 0])], [0, 63, 0]),
      writeScan(
        scan,
        scan.length === 1 ? { across: scan[0]!.columns, down: scan[0]!.rows } : units,
        restart,
        step,
      ),
    ]),
    Uint8Array.of(0xff, 0xd9),
  )
}

interface Plane {
  readonly width: number
  readonly height: number
  /** 0..255 */
  readonly samples: Float32Array
}

interface Component {
  readonly plane: Plane
  readonly h: number
  readonly v: number
  readonly index: number
}

function writeScan(
  scan: readonly Component[],
  units: { across: number; down: number },
  restart: number,
  step: number,
): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  const put = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--) {
      bits = (bits << 1) | ((value >> i) & 1)
      if (++count < 8) continue
      bytes.push(bits)
      if (bits === 0xff) bytes.push(0)
      bits = 0
      count = 0
    }
  }
  const pad = (): void => {
    if (count > 0) put((1 << (8 - count)) - 1, 8 - count)
  }
  const means = scan.map(() => 0)
  const total = units.across * units.down
  for (let unit = 0; unit < total; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) {
      pad()
      bytes.push(0xff, 0xd0 + ((unit / restart - 1) & 7))
      means.fill(0)
    }
    const [column, row] = [unit % units.across, Math.floor(unit / units.across)]
    scan.forEach((component, i) => {
      const [h, v] = scan.length === 1 ? [1, 1] : [component.h, component.v]
      for (let y = 0; y < v; y++) {
        for (let x = 0; x < h; x++) {
          const block = transform(component.plane, column * h + x, row * v + y, step)
          const [size, value] = split(block[0]! - means[i]!)
          means[i] = block[0]!
          put(dcSymbols.indexOf(size), 4)
          put(value, size)
          putAc(block, put)
        }
      }
    })
  }
  pad()
  return Uint8Array.from(bytes)
}

function putAc(block: readonly number[], put: (value: number, length: number) => void): void {
  let zeros = 0
  for (let k = 1; k < 64; k++) {
    if (block[k] === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) put(acSymbols.indexOf(0xf0), 8)
    const [size, value] = split(block[k]!)
    put(acSymbols.indexOf((zeros << 4) | size), 8)
    put(value, size)
    zeros = 0
  }
  if (zeros > 0) put(acSymbols.indexOf(0), 8)
}

/** How many bits, and which. */
export function split(value: number): [size: number, bits: number] {
  const size = 32 - Math.clz32(Math.abs(value))
  return [size, value < 0 ? value + (1 << size) - 1 : value]
}

const cosines = Array.from(
  { length: 64 },
  (_, i) =>
    (Math.cos((((i & 7) * 2 + 1) * (i >> 3) * Math.PI) / 16) * (i >> 3 === 0 ? Math.SQRT1_2 : 1)) /
    2,
)

/** Of brightness alone, row by row. */
export function greyBlocks(image: RgbImage, step: number): number[][] {
  const plane = planeOf(image, 'ycc', 0, 1, 1)
  const columns = Math.ceil(image.width / 8)
  const rows = Math.ceil(image.height / 8)
  return Array.from({ length: columns * rows }, (_, i) =>
    transform(plane, i % columns, Math.floor(i / columns), step),
  )
}

/** Quantised coefficients in zigzag order. */
function transform(
  { width, height, samples }: Plane,
  column: number,
  row: number,
  step: number,
): number[] {
  const block = Array.from({ length: 64 }, (_, i) => {
    const x = Math.min(width - 1, column * 8 + (i & 7))
    const y = Math.min(height - 1, row * 8 + (i >> 3))
    return samples[y * width + x]! - 128
  })
  const along = (source: readonly number[], at: (line: number, k: number) => number): number[] => {
    const result = new Array<number>(64)
    for (let line = 0; line < 8; line++) {
      for (let u = 0; u < 8; u++) {
        let sum = 0
        for (let k = 0; k < 8; k++) sum += source[at(line, k)]! * cosines[u * 8 + k]!
        result[at(line, u)] = sum
      }
    }
    return result
  }
  const coefficients = along(
    along(block, (line, k) => line * 8 + k),
    (line, k) => k * 8 + line,
  )
  return zigzag.map((i) => Math.round(coefficients[i]! / step))
}

/** One component, each sample the mean of so many pixels. */
function planeOf(
  image: RgbImage,
  colours: NonNullable<JpegWriting['colours']>,
  index: number,
  wide: number,
  high: number,
): Plane {
  const [width, height] = [Math.ceil(image.width / wide), Math.ceil(image.height / high)]
  const samples = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let dy = 0; dy < high; dy++) {
        for (let dx = 0; dx < wide; dx++) {
          const px = Math.min(image.width - 1, Math.floor(x * wide + dx))
          const py = Math.min(image.height - 1, Math.floor(y * high + dy))
          sum += sampleOf(image.data.subarray((py * image.width + px) * 3), colours, index)
        }
      }
      samples[y * width + x] = sum / (Math.ceil(wide) * Math.ceil(high))
    }
  }
  return { width, height, samples }
}

function sampleOf(
  [r, g, b]: Uint8Array,
  colours: NonNullable<JpegWriting['colours']>,
  index: number,
): number {
  const rgb = [r!, g!, b!]
  if (colours === 'ycc') return toYcc(rgb)[index]!
  if (colours === 'rgb') return rgb[index]!
  // As much black as there can be.
  const black = Math.max(1, ...rgb)
  const light = [...rgb.map((value) => (value * 255) / black), black]
  if (colours === 'cmykLight') return light[index]!
  const inks = light.map((value) => 255 - value)
  if (colours === 'cmykInk') return inks[index]!
  return [...toYcc(inks), black][index]!
}

function toYcc([red, green, blue]: readonly number[]): number[] {
  const luma = 0.299 * red! + 0.587 * green! + 0.114 * blue!
  return [luma, 128 + (blue! - luma) / 1.772, 128 + (red! - luma) / 1.402]
}

export function segment(code: number, ...bodies: readonly number[][]): Uint8Array {
  const body = bodies.flat()
  return Uint8Array.of(0xff, code, (body.length + 2) >> 8, (body.length + 2) & 255, ...body)
}
