/**
 * Glasses drawn over a face from a seed: tinted or mirroring lenses that hide the eyes or half of them, and clear ones that shine. Lengths
 * are distances between the eyes. Pure.
 */
import type { Landmarks } from '../../../src/face/landmarks.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { meanOf } from '../../../src/image/similarity.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'
import { mixed, paint } from './change-pixels.ts'
import { blotches, clothColour } from './cloth.ts'
import { measureOf, turned } from './face-measure.ts'

/** Two lenses of any shape, tint and mirroring that hide the eyes, or of a tint that hides half of them; often one is askew or low. */
export function colouredGlasses(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  kind: 'glasses' | 'tinted',
): RgbImage {
  const { toFace, points } = measureOf(landmarks)
  const [right, left] = [meanOf(points.slice(36, 42)), meanOf(points.slice(42, 48))]
  const [wide, high] = [random.between(0.27, 0.5), random.between(0.17, 0.44)]
  const roundness = 2 + 5 * random.next() ** 2
  const [taper, slant, lean] = [
    random.between(-0.35, 0.35),
    random.between(-0.3, 0.3),
    random.next() < 0.3 ? random.between(-0.2, 0.2) : random.between(-0.05, 0.05),
  ]
  const drop = random.between(-0.05, 0.15)
  const rim = random.next() < 0.6 ? random.between(0.03, 0.16) : 0
  const [tint, frame] = [clothColour(random), clothColour(random)]
  const [least, most] = kind === 'tinted' ? [0.5, 0.72] : [0.72, 1]
  const opacity = random.between(least, most)
  const below = random.next() < 0.5 ? opacity : random.between(0.45, most)
  const sheen = random.next() < 0.35 ? random.between(0.2, 1) : 0
  const [cloud, sky] = [blotches(random, random.between(0.1, 0.6)), clothColour(random)]
  const place = turned([0, 0], lean)
  return paint(image, (at) => {
    const [u, v] = place(toFace(at))
    for (const [side, eye] of [
      [-1, right],
      [1, left],
    ] as const) {
      const off = (u - eye[0]) * side
      const [x, y] = [off, v - eye[1] - drop + slant * off]
      const width = wide * (1 - taper * (y / high))
      const reach = (grown: number): number =>
        Math.abs(x / (width + grown)) ** roundness + Math.abs(y / (high + grown)) ** roundness
      if (reach(0) < 1) {
        const mirrored = sheen * cloud(u, v)
        const lower = (y + high) / (2 * high)
        return [mixed(tint, sky, mirrored), opacity + lower * (below - opacity)]
      }
      if (rim > 0 && reach(rim) < 1) return [frame, 1]
    }
    const isBar = rim > 0 && Math.abs(u) < 0.95 && Math.abs(v - drop + high / 2) < 0.04
    return isBar ? [frame, 1] : null
  })
}

/** Clear lenses that shine: a window or a lamp upon them hides much of the eyes. */
export function glaringGlasses(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
): RgbImage {
  const { toFace, points } = measureOf(landmarks)
  const eyes = [meanOf(points.slice(36, 42)), meanOf(points.slice(42, 48))]
  const [wide, high] = [random.between(0.3, 0.5), random.between(0.2, 0.4)]
  const roundness = 2 + 5 * random.next() ** 2
  const rim = random.between(0, 0.12)
  const frame = clothColour(random)
  const [angle, broad] = [random.between(-1.5, 1.5), random.between(0.12, 0.5)]
  const shift = random.between(-0.15, 0.15)
  const opacity = random.between(0.5, 1)
  const [veil, sky] = [random.between(0, 0.3), random.between(190, 255)]
  return paint(image, (at) => {
    const [u, v] = toFace(at)
    for (const [x, y] of eyes) {
      const [across, down] = [u - x, v - y - 0.05]
      const reach = (grown: number): number =>
        Math.abs(across / (wide + grown)) ** roundness +
        Math.abs(down / (high + grown)) ** roundness
      if (reach(0) < 1) {
        const off = across * Math.cos(angle) + down * Math.sin(angle) - shift
        return [[sky, sky, sky + 6], Math.abs(off) < broad / 2 ? opacity : veil]
      }
      if (reach(rim) < 1) return [frame, 1]
    }
    return Math.abs(u) < 0.2 && Math.abs(v + 0.03) < rim / 2 ? [frame, 1] : null
  })
}
