/**
 * A photo of a face made unfit to be compared, in one way, by a seed: what covers a face, distorts it, or leaves little of it. How
 * and how much is drawn at random, so that nothing is learned but the kind.
 */
import type { Landmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import {
  type Colour,
  changePixels,
  colourOf,
  isWithin,
  movePixels,
  paint,
} from './draw/change-pixels.ts'

export interface FaceOnPhoto {
  readonly landmarks: Landmarks
  /** Pixels. */
  readonly width: number
}

type Spoil = (image: RgbImage, face: FaceOnPhoto, random: SeededRandom) => RgbImage

/** Dark glasses: two lenses of any shape between round and square, some paler below, often with a frame. */
export const darkGlasses: Spoil = (image, face, random) => {
  const opacity = random.between(0.82, 1)
  const below = random.next() < 0.6 ? opacity : random.between(0.45, 0.95)
  return glasses(image, face, random, { opacity, below, hasFrame: random.next() < 0.5 })
}

/** Nothing but a frame: eyes seen through glasses are fit to be compared. */
export const clearGlasses: Spoil = (image, face, random) =>
  glasses(image, face, random, { opacity: 0, below: random.between(0, 0.15), hasFrame: true })

interface Lenses {
  /** Of the lenses above and below. */
  readonly opacity: number
  readonly below: number
  readonly hasFrame: boolean
}

function glasses(
  image: RgbImage,
  { landmarks }: FaceOnPhoto,
  random: SeededRandom,
  { opacity, below, hasFrame }: Lenses,
): RgbImage {
  const [right, left] = [meanOf(landmarks.slice(36, 42)), meanOf(landmarks.slice(42, 48))]
  const middle = meanOf([right, left])
  const apart = Math.hypot(left[0] - right[0], left[1] - right[1])
  const angle = Math.atan2(left[1] - right[1], left[0] - right[0])
  const [wide, high] = [apart * random.between(0.25, 0.48), apart * random.between(0.15, 0.42)]
  const roundness = 2 + 4 * random.next() ** 2
  const drop = apart * random.between(-0.02, 0.08)
  const rim = 1 + (hasFrame ? random.between(0.05, 0.16) : 0)
  const dark = random.between(0, 60)
  const colour: Colour = [dark + random.between(0, 25), dark, dark + random.between(0, 25)]
  const along = ([x, y]: Point, from: Point): Point => [
    (x - from[0]) * Math.cos(angle) + (y - from[1]) * Math.sin(angle),
    (y - from[1]) * Math.cos(angle) - (x - from[0]) * Math.sin(angle) - drop,
  ]
  return paint(image, (point) => {
    for (const eye of [right, left]) {
      const [u, v] = along(point, eye)
      const at = (grown: number): number =>
        Math.abs(u / (wide * grown)) ** roundness + Math.abs(v / (high * grown)) ** roundness
      if (at(1) < 1) return [colour, opacity + ((v + high) / (2 * high)) * (below - opacity)]
      if (at(rim) < 1) return [colour, 1]
    }
    const [u, v] = along(point, middle)
    const isFrame = Math.abs(u) < apart * 0.95 && Math.abs(v + high / 2) < apart * 0.035
    return hasFrame && isFrame ? [colour, 1] : null
  })
}

/** A mask or a scarf from jaw to jaw, over the mouth, up to somewhere on the nose: plain, in folds, or of a pattern. */
export const mask: Spoil = (image, { landmarks, width }, random) => {
  const start = 1 + random.below(4)
  const [high, low] = [landmarks[27]!, landmarks[33]!]
  const share = random.next()
  const top: Point = [high[0] + (low[0] - high[0]) * share, high[1] + (low[1] - high[1]) * share]
  const chin = random.between(1, 1.12)
  const outline = [...landmarks.slice(start, 17 - start), top].map(
    ([x, y]): Point => [top[0] + (x - top[0]) * chin, top[1] + (y - top[1]) * chin],
  )
  const colour = clothColour(random)
  const covered = paint(image, (point) => (isWithin(outline, point) ? [colour, 1] : null))
  if (random.next() < 0.5) return covered
  const other = clothColour(random)
  const [strength, angle] = [random.between(0.2, 1), random.between(0, Math.PI)]
  const apart = width * random.between(0.03, 0.15)
  const isCheckered = random.next() < 0.3
  return paint(covered, ([x, y]) => {
    if (!isWithin(outline, [x, y])) return null
    const along = Math.sin(((x * Math.cos(angle) + y * Math.sin(angle)) * Math.PI) / apart)
    const across = Math.sin(((y * Math.cos(angle) - x * Math.sin(angle)) * Math.PI) / apart)
    return (isCheckered ? along * across : along) > 0 ? [other, strength] : null
  })
}

function clothColour(random: SeededRandom): Colour {
  const grey = random.between(10, 245)
  const tint = random.next() < 0.5 ? 0 : 60
  return colourOf(() => grey + random.between(-tint, tint))
}

/**
 * As by a lens too near: the middle of the face is 1.2 to 2.1 times as large as what is far from it, more steadily or less. A lens that
 * reaches far bends the face itself less.
 */
export const nearLens: Spoil = (image, { landmarks, width }, random) => {
  const far = random.between(0.55, 1.5)
  const strength = random.between(0.2, 1.1) * Math.max(1, far + 0.1)
  const reach = width * far
  const [xs, ys] = [landmarks.map(([x]) => x), landmarks.map(([, y]) => y)]
  const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2
  const [cx, cy] = [
    middle(xs) + width * random.between(-0.06, 0.06),
    middle(ys) + width * random.between(-0.12, 0.06),
  ]
  const bend = random.next() < 0.5 ? 2 : random.between(1.4, 2.6)
  return movePixels(image, (x, y) => {
    const [u, v] = [x - cx, y - cy]
    const scale = (1 + strength * (Math.hypot(u, v) / reach) ** bend) / (1 + strength)
    return [cx + u * scale, cy + v * scale]
  })
}

/** Of a small sensor or at night: alike in all channels, or a colour of its own for each pixel; fine or in blocks. */
export const noise: Spoil = (image, { width }, random) => {
  const strength = random.between(18, 65)
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

/** Moved along a line, or a bend, while it was taken. */
export const shake: Spoil = (image, { width }, random) => {
  const length = width * random.between(0.1, 0.22)
  const bend = random.next() < 0.4 ? random.between(-1.5, 1.5) : 0
  const steps = Math.max(3, Math.round(length * 2))
  let angle = random.between(0, 2 * Math.PI)
  let at: Point = [0, 0]
  const path = Array.from({ length: steps }, () => {
    angle += bend / steps
    at = [at[0] + (length / steps) * Math.cos(angle), at[1] + (length / steps) * Math.sin(angle)]
    return at
  })
  const middle = meanOf(path)
  const way = path.map(([x, y]) => [Math.round(x - middle[0]), Math.round(y - middle[1])] as const)
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
