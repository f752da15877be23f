/**
 * A face covered by a seed: what lies over the lower half (masks, scarves, hands, things held before it) or over the eyes (glasses of many
 * shapes and tints, visors, brims, hands), in every cloth there is (cloth.ts). What is drawn at random is not learned.
 */
import type { Landmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/warp.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { type Colour, isWithin, paint } from './draw/change-pixels.ts'
import { blotches, type Cloth, clothColour, draped, type WeaveName, weaves } from './draw/cloth.ts'
import { measureOf } from './draw/face-measure.ts'

/** A point in the face's own measure: distances between the eyes, from the point between them, right and down. */
type Covers = (point: Point) => boolean
/** @param points the landmarks in that measure */
type Outline = (random: SeededRandom, points: readonly Point[]) => Covers

/** What lies over the lower half of a face. */
export const lowerOutlines = {
  mask: (random, points) => {
    const start = 1 + random.below(4)
    const [high, low] = [points[27]!, points[33]!]
    const share = random.between(0, 1.1)
    const top: Point = [high[0] + (low[0] - high[0]) * share, high[1] + (low[1] - high[1]) * share]
    const chin = random.between(1, 1.15)
    const jaw = points
      .slice(start, 17 - start)
      .map(([x, y]): Point => [top[0] + (x - top[0]) * chin, top[1] + (y - top[1]) * chin])
    // The edge runs straight from jaw to nose, or bends.
    const [first, last] = [jaw[0]!, jaw.at(-1)!]
    const bend = random.between(-0.12, 0.12)
    const half = ([x, y]: Point): Point => [(x + top[0]) / 2, (y + top[1]) / 2 + bend]
    const outline = [...jaw, half(last), top, half(first)]
    return (point) => isWithin(outline, point)
  },
  /** Over mouth and chin, or the mouth alone; also askew. */
  patch: (random, points) => {
    const [cx, cy] = meanOf(points.slice(48, 60))
    const [wide, high] = [random.between(0.5, 1), random.between(0.3, 0.8)]
    const below = cy + random.between(-0.15, 0.3)
    return tilted([cx + random.between(-0.2, 0.2), below], random.between(-0.4, 0.4), ([u, v]) => {
      return Math.abs(u / wide) ** 4 + Math.abs(v / high) ** 4 < 1
    })
  },
  /** From side to side of the picture, down to its end. */
  scarf: (random, points) => {
    const nose = points[33]![1]
    const edge = random.between(nose - 0.35, nose + 0.2)
    const [lean, bend] = [random.between(-0.3, 0.3), random.between(-0.25, 0.25)]
    return ([u, v]) => v > edge + lean * u + bend * u * u
  },
  hand: (random, points) => fingers(random, meanOf(points.slice(48, 60))),
} as const satisfies Record<string, Outline>

/** What lies over the eyes. */
export const eyeOutlines = {
  band: (random) => {
    const [high, wide] = [random.between(0.2, 0.5), random.between(0.8, 1.3)]
    const bend = random.between(-0.1, 0.25)
    return tilted([0, random.between(-0.08, 0.1)], random.between(-0.15, 0.15), ([u, v]) => {
      return Math.abs(u) < wide && Math.abs(v - bend * u * u) < high
    })
  },
  /** Hat, hood or hair, down over the eyes. */
  brim: (random) => {
    const [edge, lean, bend] = [
      random.between(0.12, 0.4),
      random.between(-0.15, 0.15),
      random.between(-0.25, 0.1),
    ]
    return ([u, v]) => v < edge + lean * u + bend * u * u
  },
  hand: (random) => fingers(random, [0, random.between(-0.1, 0.1)]),
  /** Strands from the brow down, over one eye or both. */
  hair: (random) => {
    const strands = blotches(random, random.between(0.03, 0.1))
    const [low, lean] = [random.between(0.15, 0.8), random.between(-0.5, 0.5)]
    const [from, to] = random.next() < 0.5 ? [-1.1, 1.1] : [-1.1, random.between(-0.15, 0.2)]
    const side = random.next() < 0.5 ? 1 : -1
    return ([u, v]) => {
      const across = side * (u + lean * (v + 0.5))
      const isWithin = v < low + 0.3 * (strands(across, 0) - 0.5) && v > -1.3
      return isWithin && across > from && across < to && strands(across, v * 0.1) > 0.12
    }
  },
} as const satisfies Record<string, Outline>

export type LowerOutline = keyof typeof lowerOutlines
export type EyeOutline = keyof typeof eyeOutlines | 'glasses' | 'tinted' | 'glare'

/** Whatever is not given is drawn at random. */
export interface Covering<Name> {
  readonly outline?: Name
  readonly weave?: WeaveName
}

export function coverMouth(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  { outline, weave }: Covering<LowerOutline> = {},
): RgbImage {
  const is = outline ?? oneOf(random, ['mask', 'mask', 'mask', 'patch', 'scarf', 'hand'] as const)
  const cloth = weave ?? oneOf(random, is === 'hand' ? handWeaves : weaveNames)
  return lay(image, landmarks, random, lowerOutlines[is], weaves[cloth])
}

export function coverEyes(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  { outline, weave }: Covering<EyeOutline> = {},
): RgbImage {
  const is = outline ?? oneOf(random, ['glasses', 'glasses', 'band', 'brim', 'hand'] as const)
  if (is === 'glare') return glaringGlasses(image, landmarks, random)
  if (is === 'glasses' || is === 'tinted') return colouredGlasses(image, landmarks, random, is)
  const cloth = weave ?? oneOf(random, is === 'hand' ? handWeaves : weaveNames)
  return lay(image, landmarks, random, eyeOutlines[is], weaves[cloth])
}

const weaveNames = Object.keys(weaves) as WeaveName[]
const handWeaves = ['skin', 'skin', 'plain'] as const

function oneOf<T>(random: SeededRandom, choices: readonly T[]): T {
  return choices[random.below(choices.length)]!
}

/** Two lenses of any shape, tint and mirroring that hide the eyes, or of a tint that hides half of them; often one is askew or low. */
function colouredGlasses(
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
        const colour = tint.map((value, i) => value + (sky[i]! - value) * mirrored)
        return [
          colour as unknown as Colour,
          opacity + ((y + high) / (2 * high)) * (below - opacity),
        ]
      }
      if (rim > 0 && reach(rim) < 1) return [frame, 1]
    }
    const isBar = rim > 0 && Math.abs(u) < 0.95 && Math.abs(v - drop + high / 2) < 0.04
    return isBar ? [frame, 1] : null
  })
}

/** Clear lenses that shine: a window or a lamp upon them hides much of the eyes. */
function glaringGlasses(image: RgbImage, landmarks: Landmarks, random: SeededRandom): RgbImage {
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

function lay(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  outline: Outline,
  weave: (typeof weaves)[WeaveName],
): RgbImage {
  const { toFace, points } = measureOf(landmarks)
  const covers = outline(random, points)
  const cloth: Cloth = draped(weave(random, skinOf(image, landmarks)), random)
  return paint(image, (at) => {
    const point = toFace(at)
    return covers(point) ? cloth(...point) : null
  })
}

/** Two to four fingers side by side, and what they grow from. */
function fingers(random: SeededRandom, [cx, cy]: Point): Covers {
  const count = 2 + random.below(3)
  const [thick, long] = [random.between(0.2, 0.3), random.between(0.7, 1.3)]
  const gap = random.between(0, 0.04)
  return tilted(
    [cx + random.between(-0.2, 0.2), cy + random.between(-0.15, 0.15)],
    random.between(0, 2 * Math.PI),
    ([u, v]) => {
      const finger = Math.floor(v / thick + count / 2)
      if (finger < 0 || finger >= count) return false
      const tip = long * (1 - 0.12 * Math.abs(finger - (count - 1) / 2))
      const within = Math.abs(v / thick + count / 2 - finger - 0.5) * thick
      return u < tip - (within / thick) ** 2 * 0.4 && u > -1.6 && within < thick / 2 - gap
    },
  )
}

/** What is laid down turned about a point. */
function tilted(middle: Point, angle: number, covers: Covers): Covers {
  const turn = turned(middle, angle)
  return (point) => covers(turn(point))
}

function turned([cx, cy]: Point, angle: number): (point: Point) => Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return ([x, y]) => [(x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin]
}

/** The usual colour between eyes and mouth. */
function skinOf({ width, height, data }: RgbImage, landmarks: Landmarks): Colour {
  const places = [1, 2, 14, 15].flatMap((jaw) =>
    [0.3, 0.5, 0.7].map((share): Point => {
      const [x, y] = landmarks[jaw]!
      const [nx, ny] = landmarks[30]!
      return [x + (nx - x) * share, y + (ny - y) * share]
    }),
  )
  return [0, 1, 2].map((channel) => {
    const values = places.map(([x, y]) => {
      const column = Math.max(0, Math.min(width - 1, Math.round(x)))
      const row = Math.max(0, Math.min(height - 1, Math.round(y)))
      return data[(row * width + column) * 3 + channel]!
    })
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }) as unknown as Colour
}
