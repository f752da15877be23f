/**
 * A face as people ordinarily have it, by a seed, and still fit to be compared: with a beard, freckles, pale or red patches, make-up, lines of
 * tattoos, a plaster; in light from one side, in the shade of a brim, in falling snow. Not in shadows of blinds or leaves: they leave too little
 * of a face, and strangers in them match.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { type Colour, changePixels, colourOf, shaded } from './draw/change-pixels.ts'
import { blotches, type Cloth } from './draw/cloth.ts'
import { layOnFace, type Measured, measureOf } from './draw/face-measure.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

type Wear = (random: SeededRandom, measured: Measured) => Cloth

const nothing = [[0, 0, 0], 0] as const

const wears = {
  beard: (random, { points }) => {
    const grey = random.between(20, 190)
    const colour: Colour = [grey + random.between(0, 25), grey, grey - random.between(0, 20)]
    const [lipsX, lipsY] = meanOf(points.slice(48, 60))
    const [thick, strands] = [
      random.between(0.35, 0.95),
      blotches(random, random.between(0.03, 0.08)),
    ]
    const [top, soft, low] = [
      lipsY - random.between(0.25, 0.45),
      random.between(0.1, 0.4),
      random.next() < 0.3 ? random.between(1.9, 3) : points[8]![1] * 1.05,
    ]
    const wide = (points[12]![0] - points[4]![0]) / 2 + 0.03
    return (u, v) => {
      if (v < top || v > low || Math.abs(u - lipsX) > wide + 0.1 * (v - 1)) return nothing
      if (Math.hypot((u - lipsX) / 0.35, (v - lipsY) / 0.12) < 1) return nothing
      const side = Math.abs(u - lipsX) / wide
      const edge = (v - top - 0.25 * (1 - side)) / soft
      const light = 0.6 + 0.8 * strands(u, v * 0.4)
      return [shaded(colour, light), thick * Math.max(0, Math.min(1, edge))]
    }
  },
  freckles: (random) => {
    const [often, dots] = [random.between(0.6, 0.8), blotches(random, random.between(0.04, 0.08))]
    const thick = random.between(0.3, 0.7)
    return (u, v) => {
      const isThere = v > 0 && v < 0.95 && Math.abs(u) < 0.9 && dots(u, v) > often
      return isThere ? [[125, 78, 50], thick] : nothing
    }
  },
  /** Of vitiligo, burnt by the sun, of a birth mark. */
  patches: (random) => {
    const colours = [
      [235, 205, 190],
      [215, 80, 70],
      [130, 60, 70],
    ] as const satisfies Colour[]
    const colour = colours[random.below(colours.length)]!
    const [where, from] = [blotches(random, random.between(0.3, 0.8)), random.between(0.5, 0.75)]
    const thick = random.between(0.2, 0.45)
    return (u, v) =>
      where(u, v) > from && Math.abs(u) < 0.95 && v > -0.7 ? [colour, thick] : nothing
  },
  makeUp: (random, { points }) => {
    const lips: Colour = [random.between(110, 220), random.between(10, 70), random.between(30, 110)]
    const lids = colourOf(() => random.between(20, 180))
    const [x, y] = meanOf(points.slice(48, 60))
    const [eyes, cheeks] = [random.between(0, 0.7), random.between(0, 0.35)]
    return (u, v) => {
      if (Math.hypot((u - x) / 0.34, (v - y) / 0.11) < 1) return [lips, 0.65]
      const off = Math.abs(u) - 0.5
      if (Math.hypot(off / 0.27, (v + 0.1) / 0.12) < 1) return [lids, eyes]
      const rouge = 1 - Math.hypot(off / 0.3, (v - 0.55) / 0.25)
      return rouge > 0 ? [[220, 90, 100], cheeks * rouge] : nothing
    }
  },
  tattoo: (random) => {
    const lines = Array.from({ length: 1 + random.below(4) }, () => ({
      ...{ u: random.between(-0.9, 0.9), v: random.between(-0.8, 1.5) },
      ...{ angle: random.between(0, Math.PI), long: random.between(0.1, 0.4) },
      ...{ thick: random.between(0.015, 0.05), bend: random.between(-1.5, 1.5) },
    }))
    return (u, v) => {
      for (const line of lines) {
        const [x, y] = [u - line.u, v - line.v]
        const along = x * Math.cos(line.angle) + y * Math.sin(line.angle)
        const off = y * Math.cos(line.angle) - x * Math.sin(line.angle) - line.bend * along * along
        if (Math.abs(along) < line.long && Math.abs(off) < line.thick) return [[45, 50, 62], 0.75]
      }
      return nothing
    }
  },
  plaster: (random) => {
    const [x, y] = [random.between(-0.7, 0.7), random.between(-0.6, 1.1)]
    const [wide, high, lean] = [
      random.between(0.1, 0.3),
      random.between(0.06, 0.16),
      random.between(-1, 1),
    ]
    const tone = random.between(0.75, 1)
    return (u, v) => {
      const [a, b] = [(u - x) * Math.cos(lean) + (v - y) * Math.sin(lean), v - y - lean * (u - x)]
      return Math.abs(a) < wide && Math.abs(b) < high ? [shaded([240, 215, 190], tone), 1] : nothing
    }
  },
  snow: (random) => {
    const flakes = Array.from({ length: 40 + random.below(120) }, () => ({
      ...{ u: random.between(-2.2, 2.2), v: random.between(-2.2, 2.6) },
      size: random.between(0.012, 0.05),
    }))
    return (u, v) => {
      const isFlake = flakes.some(
        (at) => Math.abs(u - at.u) < at.size && Math.abs(v - at.v) < at.size,
      )
      return isFlake ? [[245, 246, 250], 0.9] : nothing
    }
  },
} as const satisfies Record<string, Wear>

const wearNames = Object.keys(wears) as (keyof typeof wears)[]

export function wear(image: RgbImage, face: FaceOnPhoto, random: SeededRandom): RgbImage {
  const made = wears[wearNames[random.below(wearNames.length)]!]
  return layOnFace(image, face.landmarks, (measured) => made(random, measured))
}

/** From one side or above, half of it gone, under a brim, of one colour. */
export function inLight(
  image: RgbImage,
  { landmarks }: FaceOnPhoto,
  random: SeededRandom,
): RgbImage {
  const { toFace } = measureOf(landmarks)
  const shade = shadeOf(random)
  const isStage = random.next() < 0.25
  const tint = [0, 1, 2].map(() => {
    if (isStage) return random.next() < 0.6 ? random.between(0.2, 0.5) : random.between(0.9, 1.3)
    return random.next() < 0.3 ? random.between(0.7, 1.15) : 1
  })
  const bright = random.between(0.95, 1.25)
  let pixel = -1
  let gain = 1
  return changePixels(image, (value, x, y, channel) => {
    if (pixel !== y * image.width + x) {
      pixel = y * image.width + x
      gain = bright * shade(...toFace([x + 0.5, y + 0.5]))
    }
    return value * gain * tint[channel]!
  })
}

/** Of a point, how much light is left. */
function shadeOf(random: SeededRandom): (u: number, v: number) => number {
  const isFromSide = random.next() < 0.5
  const dark = random.between(0.2, 0.75)
  const soft = random.next() < 0.4 ? random.between(0.02, 0.1) : random.between(0.1, 1.2)
  const steep = (off: number): number =>
    dark + (1 - dark) * Math.max(0, Math.min(1, off / soft + 0.5))
  if (isFromSide) {
    const [angle, from] = [random.between(0, 2 * Math.PI), random.between(-0.4, 0.4)]
    return (u, v) => steep(u * Math.cos(angle) + (v - 0.5) * Math.sin(angle) - from)
  }
  const [edge, bend] = [random.between(-0.1, 0.45), random.between(-0.15, 0.15)]
  return (u, v) => steep(v - edge - bend * u * u)
}
