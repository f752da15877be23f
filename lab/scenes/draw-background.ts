/** What is behind the people of a scene: the photo itself enlarged until nothing is to be seen, a gradient, noise, or surroundings. */
import { scaledPhoto, warpedPhoto } from '../../scripts/photos/warped-photo.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import type { Scene } from './scene.ts'

type Colour = readonly [red: number, green: number, blue: number]

export function drawBackground(
  { width, height, background }: Scene,
  backdrop: RgbImage,
  random: SeededRandom,
): RgbImage {
  switch (background) {
    case 'enlarged':
      return fill(width, height, readSmoothly(scaledPhoto(backdrop, 8), width, height))
    case 'textured':
      return fill(width, height, tiles(cornerOf(backdrop), width, random.between(1, 4)))
    case 'gradient': {
      const [from, to] = [colour(random), colour(random)]
      const angle = random.between(0, 2 * Math.PI)
      const [dx, dy] = [Math.cos(angle) / width, Math.sin(angle) / height]
      return fill(width, height, (y, row) => {
        const down = (y - height / 2) * dy
        for (let x = 0, at = 0; x < width; x++) {
          const along = (x - width / 2) * dx + down + 0.5
          for (let c = 0; c < 3; c++) row[at++] = from[c]! + (to[c]! - from[c]!) * along
        }
      })
    }
    case 'noise': {
      const mean = colour(random)
      const strength = random.between(10, 60)
      const grain = random.between(1, 12)
      const columns = Math.ceil(width / grain) + 1
      const values = Float32Array.from(
        { length: columns * (Math.ceil(height / grain) + 1) * 3 },
        () => strength * random.normal(),
      )
      const column = Int32Array.from({ length: width }, (_, x) => 3 * Math.floor(x / grain))
      return fill(width, height, (y, row) => {
        const start = 3 * columns * Math.floor(y / grain)
        for (let x = 0, at = 0; x < width; x++) {
          const from = start + column[x]!
          for (let c = 0; c < 3; c++) row[at++] = mean[c]! + values[from + c]!
        }
      })
    }
  }
}

/** Writes the values of a row, three a pixel. */
type WriteRow = (y: number, row: Float64Array) => void

function fill(width: number, height: number, writeRow: WriteRow): RgbImage {
  const data = new Uint8Array(width * height * 3)
  const row = new Float64Array(width * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    writeRow(y, row)
    for (let i = 0; i < row.length; i++) {
      data[to++] = Math.max(0, Math.min(255, Math.round(row[i]!)))
    }
  }
  return { width, height, data }
}

function colour(random: SeededRandom): Colour {
  return [random.between(20, 235), random.between(20, 235), random.between(20, 235)]
}

/** Left and right above are walls and trees on most portraits, and no face. */
function cornerOf(image: RgbImage): RgbImage {
  const side = Math.floor(image.width * 0.2)
  return warpedPhoto(image, { a: 1, b: 0, x0: 0, y0: 0 }, side)
}

function readSmoothly(small: RgbImage, width: number, height: number): WriteRow {
  const scale = Math.max(small.width / width, small.height / height) * 0.95
  const across = Float64Array.from({ length: width }, (_, x) => within(x * scale, small.width))
  const { data } = small
  return (y, row) => {
    const v = within(y * scale, small.height)
    const top = Math.floor(v)
    for (let x = 0, at = 0; x < width; x++) {
      const u = across[x]!
      const left = u | 0
      let above = (top * small.width + left) * 3
      let below = above + small.width * 3
      for (let c = 0; c < 3; c++, above++, below++) {
        const high = data[above]! + (data[above + 3]! - data[above]!) * (u - left)
        const low = data[below]! + (data[below + 3]! - data[below]!) * (u - left)
        row[at++] = high + (low - high) * (v - top)
      }
    }
  }
}

/** A place between two pixels of a side. */
function within(place: number, side: number): number {
  return Math.max(0, Math.min(side - 1.001, place))
}

/** The picture over and over, every other one mirrored, so that edges meet. */
function tiles({ width: side, height, data }: RgbImage, width: number, enlarged: number): WriteRow {
  const scale = (enlarged * width) / 1000
  const mirrored = (place: number, length: number): number => {
    const at = Math.floor(place / scale) % (2 * length)
    return at < length ? at : 2 * length - 1 - at
  }
  const column = Int32Array.from({ length: width }, (_, x) => 3 * mirrored(x, side))
  return (y, row) => {
    const start = 3 * side * mirrored(y, height)
    for (let x = 0, at = 0; x < width; x++) {
      const from = start + column[x]!
      for (let c = 0; c < 3; c++) row[at++] = data[from + c]!
    }
  }
}
