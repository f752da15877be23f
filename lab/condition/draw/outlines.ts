/**
 * What a face is covered by, as the points that it covers: masks, patches, scarves and hands over the lower half; bands, brims, hands and
 * hair over the eyes. Drawn from a seed. Lengths are distances between the eyes. Pure.
 */
import { meanOf, type Point } from '../../../src/image/similarity.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'
import { isWithin } from './change-pixels.ts'
import { blotches } from './cloth.ts'
import { turned } from './face-measure.ts'

/** A point in the face's own measure: distances between the eyes, from the point between them, right and down. */
type Covers = (point: Point) => boolean
/** @param points the landmarks in that measure */
export type Outline = (random: SeededRandom, points: readonly Point[]) => Covers

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
