/**
 * A whole face painted or masked by a seed, as at a carnival, a match or in a bath: a coat of cream or colour, patches about eyes, nose and
 * mouth, stripes, blotches and bands, cloth or paper with openings for the eyes. What is drawn at random is not learned.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { type Colour, colourOf } from './draw/change-pixels.ts'
import { blotches, type Cloth, clothColour, draped, type WeaveName, weaves } from './draw/cloth.ts'
import { layOnFace, type Measured } from './draw/face-measure.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

/** 0..1, how thick something lies over a point of the face, in distances between the eyes. */
type Thickness = (u: number, v: number) => number

/** A coat of one colour or in blotches, which leaves out eyes and mouth or not, and lets more or less of the skin through. */
export function coat(image: RgbImage, face: FaceOnPhoto, random: SeededRandom): RgbImage {
  return layOnFace(image, face.landmarks, coatOf(random, random.between(0.3, 0.95)))
}

/** Patches about eyes, nose and mouth, or lines and bands all over, mostly on a coat. */
export function pattern(image: RgbImage, face: FaceOnPhoto, random: SeededRandom): RgbImage {
  const coated =
    random.next() < 0.6
      ? layOnFace(image, face.landmarks, coatOf(random, random.between(0.5, 0.95)))
      : image
  const isOfPatches = random.next() < 0.5
  return layOnFace(coated, face.landmarks, isOfPatches ? patchesOf(random) : allOver(random))
}

/** Cloth, paper or plastic before all of the face, or its upper half, with openings for the eyes. */
export function party(image: RgbImage, face: FaceOnPhoto, random: SeededRandom): RgbImage {
  const names = ['plain', 'plain', 'striped', 'checked', 'blotched', 'printed', 'skin'] as const
  const skin: Colour = [205 * random.between(0.5, 1.1), 165, 140]
  const weave =
    weaves[(names[random.below(names.length)] satisfies WeaveName | undefined) ?? 'plain']
  const cloth = draped(weave(random, skin), random)
  const low = random.next() < 0.3 ? random.between(0.35, 0.8) : Number.POSITIVE_INFINITY
  const reach = random.between(0.95, 1.15)
  return layOnFace(image, face.landmarks, (measured) => {
    const within = faceOf(measured, reach, 0.03)
    const open = openings(random, measured)
    return (u, v) => {
      const [colour, opacity] = cloth(u, v)
      return [colour, v > low ? 0 : opacity * within(u, v) * open(u, v)]
    }
  })
}

function coatOf(random: SeededRandom, opacity: number): (measured: Measured) => Cloth {
  const colour = paintColour(random)
  const [unevenness, cloud] = [random.between(0, 0.5), blotches(random, random.between(0.1, 0.5))]
  const [reach, soft] = [random.between(0.85, 1.1), random.between(0.02, 0.25)]
  return (measured) => {
    const within = faceOf(measured, reach, soft)
    const open = random.next() < 0.25 ? () => 1 : openings(random, measured)
    return (u, v) => {
      const thick = opacity * (1 - unevenness * cloud(u, v))
      return [colour, thick * within(u, v) * open(u, v)]
    }
  }
}

/** Round or pointed, on both sides alike: about the eyes, on nose, mouth, cheeks and brow. */
function patchesOf(random: SeededRandom): (measured: Measured) => Cloth {
  const [dark, bright] = [random.between(0, 50), paintColour(random)]
  const black: Colour = [dark, dark, dark]
  const colours = [random.next() < 0.6 ? black : bright, paintColour(random), black, bright]
  const opacity = random.between(0.65, 1)
  return ({ points }) => {
    const [eye, nose, mouth] = [36, 30, 48].map((from) =>
      meanOf(points.slice(from, from === 30 ? 31 : from + (from === 36 ? 6 : 20))),
    ) as [Point, Point, Point]
    const places: [at: Point, chance: number, wide: number, high: number][] = [
      [[Math.abs(eye[0]), eye[1]], 0.85, random.between(0.2, 0.42), random.between(0.15, 0.5)],
      [[0, nose[1]], 0.6, random.between(0.1, 0.3), random.between(0.1, 0.3)],
      [[0, mouth[1]], 0.6, random.between(0.3, 0.75), random.between(0.1, 0.35)],
      [[random.between(0.45, 0.7), random.between(0.4, 0.8)], 0.4, 0.25, random.between(0.1, 0.4)],
      [[0, random.between(-0.8, -0.4)], 0.3, random.between(0.1, 0.5), 0.2],
    ]
    const patches = places
      .filter(([, chance]) => random.next() < chance)
      .map(([at, , wide, high], i) => ({
        ...{ at, wide, high, colour: colours[i % colours.length]! },
        roundness: random.between(1, 4),
        hole: random.next() < 0.3 ? random.between(0.3, 0.7) : 0,
      }))
    const [teeth, often] = [random.next() < 0.4, random.between(8, 26)]
    return (u, v) => {
      for (const { at, wide, high, colour, roundness, hole } of patches) {
        const [x, y] = [(at[0] === 0 ? u : Math.abs(u) - at[0]) / wide, (v - at[1]) / high]
        const far = (Math.abs(x) ** roundness + Math.abs(y) ** roundness) ** (1 / roundness)
        if (far < 1 && far > hole) return [colour, opacity]
      }
      const isTooth = Math.abs(v - mouth[1]) < 0.2 && Math.abs(u) < 0.7 && Math.sin(u * often) > 0.6
      return [black, teeth && isTooth ? opacity : 0]
    }
  }
}

/** Stripes, bands or blotches of two or three colours, or the skin between them. */
function allOver(random: SeededRandom): (measured: Measured) => Cloth {
  const colours = [paintColour(random), paintColour(random), paintColour(random)]
  const opacity = random.between(0.6, 0.95)
  const showsSkin = random.next() < 0.4
  const cloud = blotches(random, random.between(0.2, 0.6))
  const [wide, angle, bend] = [
    random.between(0.1, 1),
    random.below(2) * (Math.PI / 2) + random.between(-0.4, 0.4),
    random.between(-1.5, 1.5),
  ]
  const isOfBlotches = random.next() < 0.4
  const isOnBothSides = random.next() < 0.5
  const [from, spared] = [random.between(0, 3), random.next() < 0.5 ? random.between(0, 0.5) : 0]
  return (measured) => {
    const within = faceOf(measured, random.between(0.9, 1.1), 0.04)
    const open = random.next() < 0.3 ? () => 1 : openings(random, measured)
    return (u, v) => {
      const side = isOnBothSides ? Math.abs(u) : u
      const along = side * Math.cos(angle) + v * Math.sin(angle) + bend * 0.3 * side * v
      const at = isOfBlotches ? cloud(u, v) * 4 : along / wide + from
      const which = ((Math.floor(at) % 3) + 3) % 3
      const isSkin = (showsSkin && which === 0) || side < spared
      return [colours[which]!, isSkin ? 0 : opacity * within(u, v) * open(u, v)]
    }
  }
}

/** From the jaw up to the hair. */
function faceOf({ points }: Measured, reach: number, soft: number): Thickness {
  const jaw = points.slice(0, 17)
  const wide = (Math.max(...jaw.map(([u]) => u)) - Math.min(...jaw.map(([u]) => u))) / 2
  const chin = jaw[8]![1]
  const [middle, high] = [(chin - 0.85) / 2, (chin + 0.85) / 2]
  const across = (jaw[0]![0] + jaw[16]![0]) / 2
  return (u, v) => {
    const far = Math.hypot((u - across) / (wide * reach), (v - middle) / (high * reach))
    return Math.max(0, Math.min(1, (1 - far) / soft))
  }
}

/** 0 where eyes, and mostly the mouth or the nostrils, are left out. */
function openings(random: SeededRandom, { points }: Measured): Thickness {
  const [right, left, mouth] = [
    meanOf(points.slice(36, 42)),
    meanOf(points.slice(42, 48)),
    meanOf(points.slice(48, 60)),
  ]
  const [wide, high] = [random.between(0.16, 0.34), random.between(0.1, 0.26)]
  const [mouthWide, mouthHigh] = [random.between(0.3, 0.5), random.between(0.08, 0.22)]
  const hasMouth = random.next() < 0.7
  return (u, v) => {
    for (const [x, y] of [right, left]) if (Math.hypot((u - x) / wide, (v - y) / high) < 1) return 0
    const isMouth = Math.hypot((u - mouth[0]) / mouthWide, (v - mouth[1]) / mouthHigh) < 1
    return hasMouth && isMouth ? 0 : 1
  }
}

/** White, black, or anything, brighter than cloth is. */
function paintColour(random: SeededRandom): Colour {
  const kind = random.next()
  if (kind < 0.35) return colourOf(() => random.between(215, 255))
  if (kind < 0.5) return colourOf(() => random.between(5, 45))
  if (kind < 0.75) return clothColour(random)
  return colourOf(() => (random.next() < 0.5 ? 30 : 200) + random.between(-30, 50))
}
