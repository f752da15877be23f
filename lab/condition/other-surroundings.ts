/**
 * A photo of a face with something else around the face, by a seed: cloth, as of a hood, a veil or a headscarf, a bright window behind,
 * nothing at all, as where the background was cut out. Cloth and a cut-out background leave the face as it is; a window leaves less light on it.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { type Colour, changePixels, paint } from './draw/change-pixels.ts'
import { clothColour, draped, type WeaveName, weaves } from './draw/cloth.ts'
import { measureOf } from './draw/face-measure.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

type Surround = (image: RgbImage, face: FaceOnPhoto, random: SeededRandom) => RgbImage

const patterns = ['striped', 'checked', 'dotted', 'blotched'] as const satisfies WeaveName[]

/** Lengths are distances between the eyes, places from the point between them. */
export const surroundings = {
  /** From brow and cheeks outward, to the shoulders or not. */
  cloth: (image, { landmarks }, random) => {
    const { toFace } = measureOf(landmarks)
    const weave = random.next() < 0.5 ? 'plain' : patterns[random.below(patterns.length)]!
    const cloth = draped(weaves[weave](random), random)
    const [wide, top, low] = [
      random.between(0.95, 1.2),
      random.between(0.75, 1.2),
      random.between(1.5, 1.75),
    ]
    const reach = random.between(1.4, 2)
    const coversShoulders = random.next() < 0.5
    return paint(image, (at) => {
      const [u, v] = toFace(at)
      const edge = Math.hypot(u / wide, (v - 0.4) / (v < 0.4 ? top + 0.4 : low - 0.4))
      if (edge < 1) return null
      const isOnShoulders = coversShoulders && v > 1.2 && Math.abs(u) < 1.3 + v * 0.6
      if (Math.hypot(u / reach, (v - 0.3) / (reach * 1.2)) > 1 && !isOnShoulders) return null
      const [colour, opacity] = cloth(u, v)
      return [colour, opacity * Math.min(1, (edge - 1) / 0.06)]
    })
  },
  /** Which leaves little light for the face, and shines round it more or less. */
  window: (image, { landmarks }, random) => {
    const { toFace } = measureOf(landmarks)
    const [gain, lift] = [random.between(0.35, 0.7), random.between(0, 45)]
    const bright = random.between(190, 255)
    const [wide, high] = [random.between(1.15, 1.45), random.between(1.6, 2)]
    const glow = random.between(0.05, 0.6)
    const dark = changePixels(image, (value) => value * gain + lift)
    return paint(dark, (at) => {
      const [u, v] = toFace(at)
      if (v > 1.5 && Math.abs(u) < 0.8 + (v - 1.5) * 1.5) return null
      const opacity = (Math.hypot(u / wide, (v - 0.15) / high) - 1) / glow + 0.5
      return [[bright, bright, bright], Math.max(0, Math.min(1, opacity))]
    })
  },
  cutOut: (image, { landmarks }, random) => {
    const { toFace } = measureOf(landmarks)
    const plain: Colour =
      random.next() < 0.4 ? [255, 255, 255] : random.next() < 0.4 ? [0, 0, 0] : clothColour(random)
    const [wide, high] = [random.between(1.05, 1.5), random.between(1.5, 2)]
    return paint(image, (at) => {
      const [u, v] = toFace(at)
      return Math.hypot(u / wide, (v - 0.3) / high) < 1 ? null : [plain, 1]
    })
  },
} as const satisfies Record<string, Surround>
