/**
 * Eyes as people ordinarily have them, by a seed, and not covered at all: screwed up in laughter or the sun, deep under strong brows, old, behind
 * clear lenses in a thin frame or none, under a fringe, a cap or a helmet. Lengths are distances between the eyes.
 */
import { warpedPhoto } from '../../scripts/photos/warped-photo.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import {
  type Colour,
  changePixels,
  colourOf,
  movePixels,
  paint,
  shaded,
} from './draw/change-pixels.ts'
import { blotches, type Cloth, clothColour, draped, type WeaveName, weaves } from './draw/cloth.ts'
import { layOnFace, type Measured, measureOf } from './draw/face-measure.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

type Draw = (image: RgbImage, face: FaceOnPhoto, random: SeededRandom) => RgbImage

const nothing = [[0, 0, 0], 0] as const

function eyesOf({ points }: Measured): [right: Point, left: Point] {
  return [meanOf(points.slice(36, 42)), meanOf(points.slice(42, 48))]
}

/** What one eye shows, on both sides alike: outward from its middle, and down. */
function byEachEye(
  measured: Measured,
  eye: (out: number, down: number) => ReturnType<Cloth>,
): Cloth {
  const [right, left] = eyesOf(measured)
  return (u, v) => (u < 0 ? eye(right[0] - u, v - right[1]) : eye(u - left[0], v - left[1]))
}

const draws = {
  /** Lids close over what is left of the eyes. */
  narrow: (image, { landmarks }, random) => {
    const measured = measureOf(landmarks)
    const eyes = eyesOf(measured)
    const [squeeze, wide, high] = [
      random.between(1.3, 3.5),
      random.between(0.3, 0.42),
      random.between(0.22, 0.34),
    ]
    const [dx, dy] = downIn(landmarks)
    return movePixels(image, (x, y) => {
      const [u, v] = measured.toFace([x, y])
      for (const eye of eyes) {
        const off = (v - eye[1]) / high
        const near = 1 - ((u - eye[0]) / wide) ** 2 - off ** 2
        if (near <= 0) continue
        const further = off * high * (squeeze - 1) * near
        return [x + dx * further, y + dy * further]
      }
      return [x, y]
    })
  },
  /** In the shade of their own sockets, under brows of their own colour. */
  deep: (image, { landmarks }, random) => {
    const measured = measureOf(landmarks)
    const [dark, wide, high] = [
      random.between(0.2, 0.55),
      random.between(0.3, 0.5),
      random.between(0.2, 0.4),
    ]
    const [thick, tone] = [random.between(0, 0.06), random.between(15, 90)]
    const brow: Colour = [tone * 1.15, tone, tone * 0.85]
    const hairs = blotches(random, random.between(0.02, 0.06))
    const rise = random.between(0.22, 0.34)
    const [right, left] = eyesOf(measured)
    const shadow = shadedBy(image, measured, (u, v) => {
      const near = [right, left].map(
        (eye) => 1 - Math.hypot((u - eye[0]) / wide, (v - eye[1] + 0.05) / high),
      )
      return 1 - dark * Math.max(0, Math.min(1, 1.6 * Math.max(...near)))
    })
    return layOnFace(shadow, landmarks, (at) =>
      byEachEye(at, (out, down) => {
        const arch = down + rise - 0.25 * out ** 2
        const isBrow = Math.abs(out) < 0.34 && Math.abs(arch) < thick * (1 - Math.abs(out))
        return isBrow ? [shaded(brow, 0.7 + 0.6 * hairs(out, down)), 0.85] : nothing
      }),
    )
  },
  /** Lines from the corners of the eyes, and bags under them. */
  old: (image, { landmarks }, random) => {
    const lines = Array.from({ length: 3 + random.below(7) }, () => ({
      ...{ from: random.between(-0.3, 0.35), down: random.between(0.08, 0.3) },
      ...{ bend: random.between(-0.6, 0.6), thick: random.between(0.008, 0.025) },
      long: random.between(0.1, 0.3),
    }))
    const [dark, bag] = [random.between(0.2, 0.5), random.between(0, 0.4)]
    return layOnFace(image, landmarks, (measured) =>
      byEachEye(measured, (out, down) => {
        for (const { from, down: low, bend, thick, long } of lines) {
          const along = out - from
          const isOn = Math.abs(down - low - bend * along ** 2) < thick && Math.abs(along) < long
          if (isOn) return [[70, 40, 30], dark]
        }
        const within = 1 - Math.hypot(out / 0.3, (down - 0.16) / 0.1)
        return within > 0 ? [[95, 60, 65], bag * within] : nothing
      }),
    )
  },
  /** With a thin frame or none, and a little light upon the lenses. */
  behindLenses: (image, { landmarks }, random) => {
    const [wide, high] = [random.between(0.27, 0.46), random.between(0.17, 0.38)]
    const roundness = 2 + 4 * random.next() ** 2
    const rim = random.next() < 0.3 ? 0.008 : random.between(0.015, 0.05)
    const drop = random.between(-0.03, 0.12)
    const frame = clothColour(random)
    const firm = random.between(0.5, 1)
    const [tint, tinted] = [clothColour(random), random.between(0, 0.12)]
    const [spot, glare] = [
      { x: random.between(-0.2, 0.2), y: random.between(-0.15, 0.15), r: random.between(0, 0.09) },
      random.between(0.3, 1),
    ]
    const bridge = random.between(-0.12, 0.02)
    return layOnFace(image, landmarks, (measured) =>
      byEachEye(measured, (out, down) => {
        const at = down - drop
        const far = Math.abs(out / wide) ** roundness + Math.abs(at / high) ** roundness
        const inner =
          Math.abs(out / (wide - rim)) ** roundness + Math.abs(at / (high - rim)) ** roundness
        if (far < 1 && inner >= 1) return [frame, firm]
        if (far < 1) {
          const isLit = Math.hypot(out - spot.x, at - spot.y) < spot.r
          return isLit ? [[250, 250, 255], glare] : [tint, tinted]
        }
        const isBar = Math.abs(at - bridge) < rim / 1.5 && (out < -wide || out > wide)
        return isBar && out < 0.75 ? [frame, firm] : nothing
      }),
    )
  },
  /** Down to the brows, no farther. */
  fringe: (image, { landmarks }, random) => {
    const tone = random.between(20, 190)
    const colour: Colour = [tone + random.between(0, 30), tone, tone - random.between(0, 20)]
    const strands = blotches(random, random.between(0.03, 0.09))
    const [edge, lean, bend] = [
      random.between(-0.42, -0.2),
      random.between(-0.2, 0.2),
      random.between(-0.1, 0.3),
    ]
    const uneven = random.between(0, 0.12)
    return layOnFace(image, landmarks, () => (u, v) => {
      const low = edge + Math.min(0, lean * u) + bend * u * u + uneven * (strands(u, 0) - 0.7)
      const isHair = v < low && Math.hypot(u / 1.1, (v + 0.2) / 1.3) < 1
      return isHair ? [shaded(colour, 0.6 + 0.8 * strands(u, v * 0.3)), 0.95] : nothing
    })
  },
  /** A cap, a hat or a helmet of any cloth, with its shade over the eyes, and straps or none. */
  hat: (image, { landmarks }, random) => {
    const names = Object.keys(weaves) as WeaveName[]
    const weave = weaves[names[random.below(names.length)]!]
    const cloth = draped(weave(random, [200, 160, 140]), random)
    const [edge, bend, wide] = [
      random.between(-0.75, -0.3),
      random.between(-0.25, 0.2),
      random.between(1, 1.6),
    ]
    const [dark, until, soft] = [
      random.next() < 0.6 ? random.between(0.35, 0.9) : 1,
      random.between(-0.1, 0.6),
      random.between(0.02, 0.3),
    ]
    const strap = random.next() < 0.4 ? random.between(0.02, 0.08) : 0
    const [strapColour, strapAt] = [clothColour(random), random.between(0.75, 1.05)]
    const shadow = shadedBy(image, measureOf(landmarks), (_, v) => {
      return dark + (1 - dark) * Math.max(0, Math.min(1, (v - until) / soft))
    })
    return layOnFace(shadow, landmarks, ({ points }) => {
      const chin = points[8]![1]
      return (u, v) => {
        if (v < edge + bend * u * u && Math.hypot(u / wide, (v + 0.7) / 1.4) < 1) return cloth(u, v)
        const beside = strapAt * (1 - 0.5 * Math.max(0, v / chin) ** 2)
        const isStrap = v > edge && v < chin && Math.abs(Math.abs(u) - beside) < strap
        return isStrap ? [strapColour, 1] : nothing
      }
    })
  },
  /** Far away, or by a lens that is not clean. */
  soft: (image, _, random) => {
    const factor = random.between(0.22, 0.5)
    const [width, height] = [image.width, image.height].map((side) => Math.round(side * factor))
    const small = warpedPhoto(image, { a: 1 / factor, b: 0, x0: 0, y0: 0 }, width!, height!)
    return warpedPhoto(small, { a: factor, b: 0, x0: 0, y0: 0 }, image.width, image.height)
  },
} as const satisfies Record<string, Draw>

const drawNames = Object.keys(draws) as (keyof typeof draws)[]

export function ordinaryEyes(image: RgbImage, face: FaceOnPhoto, random: SeededRandom): RgbImage {
  return draws[drawNames[random.below(drawNames.length)]!](image, face, random)
}

/** In a strong light of one colour, or of another one from each side, as on a stage. */
export const onStage: Draw = (image, { landmarks }, random) => {
  const lamp = (): Colour => {
    const main = random.below(3)
    const second = random.next() < 0.3 ? random.below(3) : main
    const rest = random.between(0.12, 0.6)
    return colourOf((channel) =>
      channel === main || channel === second
        ? random.between(0.8, 1.4)
        : rest * random.between(0.6, 1.4),
    )
  }
  const [first, other] = [lamp(), lamp()]
  const isOfTwo = random.next() < 0.3
  const soft = random.between(0.3, 1.5)
  const { toFace } = measureOf(landmarks)
  return changePixels(image, (value, x, y, channel) => {
    if (!isOfTwo) return value * first[channel]!
    const share = Math.max(0, Math.min(1, toFace([x, y])[0] / soft + 0.5))
    return value * (first[channel]! * (1 - share) + other[channel]! * share)
  })
}

/** One step down the face, in pixels of the photo. */
function downIn(landmarks: FaceOnPhoto['landmarks']): Point {
  const [right, left] = [meanOf(landmarks.slice(36, 42)), meanOf(landmarks.slice(42, 48))]
  return [-(left[1] - right[1]), left[0] - right[0]]
}

function shadedBy(
  image: RgbImage,
  { toFace }: Measured,
  gain: (u: number, v: number) => number,
): RgbImage {
  return paint(image, (at) => [[0, 0, 0], 1 - gain(...toFace(at))])
}
