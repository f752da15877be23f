/** What is behind the people of a scene: the photo itself enlarged until nothing is to be seen, a gradient, noise, or surroundings. */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
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
      return fill(width, height, readSmoothly(shrink(backdrop, 8), width, height))
    case 'textured':
      return fill(width, height, tiles(cornerOf(backdrop), width, random.between(1, 4)))
    case 'gradient': {
      const [from, to] = [colour(random), colour(random)]
      const angle = random.between(0, 2 * Math.PI)
      const [dx, dy] = [Math.cos(angle) / width, Math.sin(angle) / height]
      return fill(width, height, (x, y, c) => {
        const along = (x - width / 2) * dx + (y - height / 2) * dy + 0.5
        return from[c]! + (to[c]! - from[c]!) * along
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
      return fill(
        width,
        height,
        (x, y, c) =>
          mean[c]! + values[(Math.floor(y / grain) * columns + Math.floor(x / grain)) * 3 + c]!,
      )
    }
  }
}

type ValueAt = (x: number, y: number, channel: number) => number

function fill(width: number, height: number, valueAt: ValueAt): RgbImage {
  const data = new Uint8Array(width * height * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        data[to++] = Math.max(0, Math.min(255, Math.round(valueAt(x, y, c))))
      }
    }
  }
  return { width, height, data }
}

function colour(random: SeededRandom): Colour {
  return [random.between(20, 235), random.between(20, 235), random.between(20, 235)]
}

function shrink(image: RgbImage, side: number): RgbImage {
  const place = { a: image.width / side, b: 0, x0: 0, y0: 0 }
  return { width: side, height: side, data: Uint8Array.from(warp(image, place, side), Math.round) }
}

/** Left and right above are walls and trees on most portraits, and no face. */
function cornerOf(image: RgbImage): RgbImage {
  const side = Math.floor(image.width * 0.2)
  const place = { a: 1, b: 0, x0: 0, y0: 0 }
  return { width: side, height: side, data: Uint8Array.from(warp(image, place, side), Math.round) }
}

function readSmoothly(small: RgbImage, width: number, height: number): ValueAt {
  const scale = Math.max(small.width / width, small.height / height) * 0.95
  return (x, y, c) => {
    const u = Math.max(0, Math.min(small.width - 1.001, x * scale))
    const v = Math.max(0, Math.min(small.height - 1.001, y * scale))
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const at = (column: number, row: number): number =>
      small.data[(row * small.width + column) * 3 + c]!
    const above = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left)
    const below = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left)
    return above + (below - above) * (v - top)
  }
}

/** The picture over and over, every other one mirrored, so that edges meet. */
function tiles(image: RgbImage, width: number, enlarged: number): ValueAt {
  const scale = (enlarged * width) / 1000
  const mirrored = (place: number, side: number): number => {
    const at = Math.floor(place / scale) % (2 * side)
    return at < side ? at : 2 * side - 1 - at
  }
  return (x, y, c) =>
    image.data[(mirrored(y, image.height) * image.width + mirrored(x, image.width)) * 3 + c]!
}
