/** Progressive JPEGs of which one scan's frequencies stand at other blocks, and sound pictures that are rough. */
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import {
  type BandKernel,
  hasDisplacedBands,
} from '../../../src/image/decode/jpeg/damage/displaced-bands.ts'
import { type JpegFile, readJpegFile } from '../../../src/image/decode/jpeg/file/jpeg-file.ts'
import { places } from '../../../src/image/decode/jpeg/file/zigzag.ts'
import { PhotoMemory } from '../../../src/image/decode/jpeg/photo-memory.ts'
import type { ComponentRoom } from '../../../src/image/decode/jpeg/scan-job.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { makeJpeg } from '../../support/photos/make-photo.ts'
import { createNodeCodecs, nodeCodecModules } from '../../support/photos/node-codecs.ts'
import { drawImage, pixelAt, sampleImage } from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'

const memory = new WebAssembly.Memory({ initial: 64 })
const { exports } = new WebAssembly.Instance(nodeCodecModules.jpeg, { env: { memory } })
const kernel = exports as unknown as BandKernel & { readonly base: WebAssembly.Global }
const random = seededRandom(5)
const side = 8
const step = 8
const last = 63
let portrait: RgbImage

beforeAll(async () => {
  portrait = await sampleImage('eve')
})

const cosines = Array.from({ length: side }, (_, u) =>
  Array.from(
    { length: side },
    (_, x) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16),
  ),
)

interface Frequencies {
  readonly columns: number
  readonly rows: number
  /** 64 of each block, in rows. */
  readonly values: Int16Array
}

/** Of a picture's green, whole blocks only. */
function transform(image: RgbImage): Frequencies {
  const [columns, rows] = [Math.floor(image.width / side), Math.floor(image.height / side)]
  const values = new Int16Array(columns * rows * 64)
  const half = new Float64Array(64)
  for (let block = 0; block < columns * rows; block++) {
    const [left, top] = [(block % columns) * side, Math.floor(block / columns) * side]
    for (let i = 0; i < 64; i++) {
      half[i] = cosines[i & 7]!.reduce(
        (sum, cosine, x) => sum + cosine * (pixelAt(image, left + x, top + (i >> 3))[1]! - 128),
        0,
      )
    }
    for (let i = 0; i < 64; i++) {
      const sum = cosines[i >> 3]!.reduce(
        (all, cosine, y) => all + cosine * half[y * 8 + (i & 7)]!,
        0,
      )
      values[block * 64 + i] = Math.round(sum / step)
    }
  }
  return { columns, rows, values }
}

/** From `start` to `end` each block has the frequencies `first` to the last of another, `by` blocks before it. */
function displace(
  { columns, rows, values }: Frequencies,
  first: number,
  [start, end, by]: readonly [number, number, number],
): Frequencies {
  const moved = values.slice()
  for (let block = start; block < end; block++) {
    const from = Math.min(columns * rows - 1, Math.max(0, block - by))
    for (const place of places.slice(first)) {
      moved[block * 64 + place] = values[from * 64 + place]!
    }
  }
  return { columns, rows, values: moved }
}

function isDisplaced({ columns, rows, values }: Frequencies, first: number): boolean {
  const place = new PhotoMemory(memory, kernel.base.value)
  const kept = place.put(new Uint8Array(values.buffer))
  const frame = {
    unitColumns: columns,
    unitRows: rows,
    components: [{ h: 1, v: 1, columns, rows }],
  }
  const scans = [
    { components: [{ index: 0 }], first: 0, last: 0, high: 0 },
    { components: [{ index: 0 }], first, last, high: 0 },
  ]
  const quantisation = [new Uint16Array(64).fill(step)]
  const rooms = [{ kept, size: side }]
  const file = { frame, scans, quantisation } as unknown as JpegFile
  return hasDisplacedBands(kernel, place, file, rooms as unknown as ComponentRoom[])
}

describe('displaced frequencies', () => {
  it('are found nearly wherever they begin, low ones and high ones, by six blocks or by rows of them', () => {
    const sound = transform(portrait)
    const { columns, rows } = sound
    const found: boolean[] = []
    for (let row = 4; row < rows - 10; row += 4) {
      for (const by of [6, 15, -25, columns + 9]) {
        const start = row * columns + 7
        for (const first of [1, 3]) {
          const moved = displace(sound, first, [start, start + 8 * columns, by])
          found.push(isDisplaced(moved, first))
        }
      }
    }
    expect(found.length).toBeGreaterThan(80)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.9 * found.length)
  })

  it('are not found in a sound picture, nor in one of noise, stripes or squares', () => {
    const { width, height } = portrait
    const own = (x: number, y: number): Uint8Array => pixelAt(portrait, x, y)
    const draw = (pixel: (x: number, y: number) => number): RgbImage =>
      drawImage(width, height, (x, y) => Array(3).fill(Math.max(0, Math.min(255, pixel(x, y)))))
    const noise = (): number => 160 * (random() - 0.5)
    const sound = [
      portrait,
      draw((x, y) => own(x, y)[1]! + noise()),
      draw((x, y) => own(x, y)[1]! + (y > height / 2 ? noise() : 0)),
      draw((x, y) => own(x, y)[1]! + (own(x, y)[1]! / 255) * noise()),
      draw(() => 128 + noise()),
      draw((x) => ((x >> 2) % 3) * 100),
      draw((x, y) => ((((x + 3) >> 3) + (y >> 3)) % 2 ? 220 : 30)),
      draw((x, y) => (((x >> 3) + (y >> 3)) % 2 ? 220 : 30) + 0.1 * noise()),
      draw((x, y) => (y % 40 < 3 ? 255 : own(x, y)[1]!)),
      // As a screen has them, darker lines in every few.
      ...[3, 5].map((period) => draw((x, y) => own(x, y)[1]! * (y % period === 0 ? 0.6 : 1))),
    ]
    for (const image of sound)
      for (const first of [1, 3, 6]) expect(isDisplaced(transform(image), first)).toBe(false)
  })

  it('are refused in a JPEG: where parts of a scan change places, the picture is the same or is damaged', async () => {
    const codecs = createNodeCodecs()
    const photo = await makeJpeg(portrait, { quality: 80, progressive: true })
    const { data } = await decodePhoto(photo, codecs)
    const scan = readJpegFile(photo).scans.find(({ first }) => first > 1)!
    const messages: string[] = []
    let changed = 0
    for (let round = 0; round < 400; round++) {
      const length = 16 + Math.floor(random() * 300)
      const [at, to] = [0, 0].map(
        () => scan.start + Math.floor(random() * (scan.end - length - scan.start)),
      ) as [number, number]
      const swapped = photo.slice()
      swapped.set(photo.subarray(at, at + length), to)
      swapped.set(photo.subarray(to, to + length), at)
      try {
        const image = await decodePhoto(swapped, codecs)
        const sum = image.data.reduce((all, value, i) => all + Math.abs(value - data[i]!), 0)
        if (sum > 1.5 * data.length) changed++
      } catch (error) {
        if (!(error instanceof FaceError)) throw error
        messages.push(error.message)
      }
    }
    const displaced = 'The JPEG is damaged: some of its blocks stand where others belong.'
    expect(messages.filter((message) => message === displaced).length).toBeGreaterThan(3)
    expect(changed).toBeLessThanOrEqual(2)
  })
})
