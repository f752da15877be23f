/**
 * A photo of a face made unfit to be compared, in one way, by a seed: what covers a face, distorts it, or leaves little of it. How
 * and how much is drawn at random, so that nothing is learned but the kind.
 */
import type { Landmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/warp.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'

export interface FaceOnPhoto {
  readonly landmarks: Landmarks
  /** Pixels. */
  readonly width: number
}

type Spoil = (image: RgbImage, face: FaceOnPhoto, random: SeededRandom) => RgbImage
type Colour = readonly [red: number, green: number, blue: number]

/** Dark glasses: two lenses of any shape between round and square, often with a frame. */
export const darkGlasses: Spoil = (image, { landmarks }, random) => {
  const [right, left] = [meanOf(landmarks.slice(36, 42)), meanOf(landmarks.slice(42, 48))]
  const middle = meanOf([right, left])
  const apart = Math.hypot(left[0] - right[0], left[1] - right[1])
  const angle = Math.atan2(left[1] - right[1], left[0] - right[0])
  const [wide, high] = [apart * random.between(0.25, 0.46), apart * random.between(0.17, 0.33)]
  const roundness = 2 + 4 * random.next() ** 2
  const drop = apart * random.between(-0.02, 0.08)
  const opacity = random.between(0.82, 1)
  const hasFrame = random.next() < 0.5
  const dark = random.between(0, 60)
  const colour: Colour = [dark + random.between(0, 25), dark, dark + random.between(0, 25)]
  const along = ([x, y]: Point, from: Point): Point => [
    (x - from[0]) * Math.cos(angle) + (y - from[1]) * Math.sin(angle),
    (y - from[1]) * Math.cos(angle) - (x - from[0]) * Math.sin(angle) - drop,
  ]
  return paint(image, colour, (point) => {
    for (const eye of [right, left]) {
      const [u, v] = along(point, eye)
      if (Math.abs(u / wide) ** roundness + Math.abs(v / high) ** roundness < 1) return opacity
    }
    const [u, v] = along(point, middle)
    return hasFrame && Math.abs(u) < apart * 0.95 && Math.abs(v + high / 2) < apart * 0.035 ? 1 : 0
  })
}

/** A mask or a scarf from jaw to jaw, over the mouth, up to somewhere on the nose. */
export const mask: Spoil = (image, { landmarks }, random) => {
  const start = 1 + random.below(4)
  const [high, low] = [landmarks[28]!, meanOf([landmarks[30]!, landmarks[33]!])]
  const share = random.next()
  const top: Point = [high[0] + (low[0] - high[0]) * share, high[1] + (low[1] - high[1]) * share]
  const chin = random.between(1, 1.12)
  const outline = [...landmarks.slice(start, 17 - start), top].map(
    ([x, y]): Point => [top[0] + (x - top[0]) * chin, top[1] + (y - top[1]) * chin],
  )
  const grey = random.between(10, 245)
  const tint = random.next() < 0.5 ? 0 : 60
  const colour = [0, 1, 2].map(() => grey + random.between(-tint, tint)) as unknown as Colour
  return paint(image, colour, (point) => (isWithin(outline, point) ? 1 : 0))
}

/** As by a lens too near: the middle of the face is large, its edge stays where it is. */
export const nearLens: Spoil = (image, { landmarks, width }, random) => {
  const strength = random.between(0.22, 0.9)
  const reach = width * random.between(0.55, 0.72)
  const [xs, ys] = [landmarks.map(([x]) => x), landmarks.map(([, y]) => y)]
  const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2
  const [cx, cy] = [
    middle(xs) + width * random.between(-0.06, 0.06),
    middle(ys) + width * random.between(-0.06, 0.06),
  ]
  return movePixels(image, (x, y) => {
    const [u, v] = [x - cx, y - cy]
    const scale = (1 + (strength * (u * u + v * v)) / reach ** 2) / (1 + strength)
    return [cx + u * scale, cy + v * scale]
  })
}

/** Of a small sensor or at night: alike in all channels, or a colour of its own for each pixel; fine or in blocks. */
export const noise: Spoil = (image, { width }, random) => {
  const strength = random.between(20, 65)
  const light = random.next() < 0.3 ? random.between(0.3, 0.7) : 1
  const isGrey = random.next() < 0.3
  const block =
    random.next() < 0.3 ? Math.max(2, Math.round(width * random.between(0.02, 0.05))) : 1
  const columns = Math.ceil(image.width / block)
  const grain = Float32Array.from(
    { length: columns * Math.ceil(image.height / block) * 3 },
    () => random.normal() * strength * light,
  )
  return changePixels(image, (value, x, y, channel) => {
    const cell = Math.floor(y / block) * columns + Math.floor(x / block)
    return value * light + grain[cell * 3 + (isGrey ? 0 : channel)]!
  })
}

/** Squares of one colour. */
export const coarsePixels: Spoil = (image, { width }, random) => {
  const block = Math.max(2, Math.round(width * random.between(0.035, 0.09)))
  return changePixels(image, (_, x, y, channel) => {
    const at = (y - (y % block)) * image.width + (x - (x % block))
    return image.data[at * 3 + channel]!
  })
}

/** Moved along a line while it was taken. */
export const shake: Spoil = (image, { width }, random) => {
  const length = width * random.between(0.1, 0.22)
  const angle = random.between(0, Math.PI)
  const steps = Math.max(3, Math.round(length))
  const way = Array.from({ length: steps }, (_, i) => {
    const along = (i / (steps - 1) - 0.5) * length
    return [Math.round(along * Math.cos(angle)), Math.round(along * Math.sin(angle))] as const
  })
  const { width: columns, height: rows, data } = image
  const within = (place: number, side: number): number => Math.max(0, Math.min(side - 1, place))
  return changePixels(image, (_, x, y, channel) => {
    let sum = 0
    for (const [dx, dy] of way) {
      sum += data[(within(y + dy, rows) * columns + within(x + dx, columns)) * 3 + channel]!
    }
    return sum / steps
  })
}

/** Few tones and no texture, as after a cartoon filter. */
export const posterize: Spoil = (image, _, random) => {
  const tones = 3 + random.below(3)
  const offset = random.between(0, 255 / tones)
  const step = 255 / tones
  const smooth = soften(soften(soften(image)))
  return changePixels(smooth, (value) => Math.round((value + offset) / step) * step - offset)
}

/** Mean of nine pixels, at the edge of those there are. */
function soften(image: RgbImage): RgbImage {
  const { width, height, data } = image
  return changePixels(image, (_, x, y, channel) => {
    let [sum, count] = [0, 0]
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        sum += data[(v * width + u) * 3 + channel]!
        count++
      }
    }
    return sum / count
  })
}

export function changePixels(
  image: RgbImage,
  to: (value: number, x: number, y: number, channel: number) => number,
): RgbImage {
  const { width, height, data } = image
  const changed = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    const value = to(data[i]!, pixel % width, Math.floor(pixel / width), i % 3)
    changed[i] = Math.max(0, Math.min(255, Math.round(value)))
  }
  return { width, height, data: changed }
}

function paint(image: RgbImage, colour: Colour, opacityAt: (point: Point) => number): RgbImage {
  let [pixel, opacity] = [-1, 0]
  return changePixels(image, (value, x, y, channel) => {
    if (pixel !== y * image.width + x) {
      pixel = y * image.width + x
      opacity = opacityAt([x + 0.5, y + 0.5])
    }
    return value + (colour[channel]! - value) * opacity
  })
}

/** What each pixel shows comes from elsewhere, read between pixels. */
function movePixels(image: RgbImage, from: (x: number, y: number) => Point): RgbImage {
  const { width, height, data } = image
  const within = (place: number, side: number): number => Math.max(0, Math.min(side - 1.001, place))
  let [pixel, u, v] = [-1, 0, 0]
  return changePixels(image, (_, x, y, channel) => {
    if (pixel !== y * width + x) {
      pixel = y * width + x
      const [fromX, fromY] = from(x + 0.5, y + 0.5)
      u = within(fromX - 0.5, width)
      v = within(fromY - 0.5, height)
    }
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const at = (column: number, row: number): number => data[(row * width + column) * 3 + channel]!
    const above = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left)
    const below = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left)
    return above + (below - above) * (v - top)
  })
}

function isWithin(outline: readonly Point[], [x, y]: Point): boolean {
  let inside = false
  for (const [i, [xi, yi]] of outline.entries()) {
    const [xj, yj] = outline.at(i - 1)!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
