/**
 * What lies over a face, as colours drawn from a seed: plain, striped, checked, dotted, in blotches, of the colour of skin, printed with a
 * nose and a mouth, thin enough to see through. Lengths are distances between the eyes. Pure.
 */
import { mapTuple } from '../../../src/lib/map-tuple.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'
import { type Colour, colourOf, mixed, shaded } from './change-pixels.ts'

/** What is laid over a point: to the right of the nose's line, and down from the line of the eyes. */
export type Cloth = (across: number, down: number) => readonly [colour: Colour, opacity: number]

/** @param skin its usual colour on this face */
type Weave = (random: SeededRandom, skin: Colour) => Cloth

export const weaves = {
  plain: (random) => one(clothColour(random)),
  striped: (random) => {
    const [apart, angle] = [random.between(0.08, 0.6), random.between(0, Math.PI)]
    const isSoft = random.next() < 0.3
    return twoColours(random, (u, v) => {
      const wave = Math.sin(((u * Math.cos(angle) + v * Math.sin(angle)) * Math.PI) / apart)
      return isSoft ? (1 + wave) / 2 : Number(wave > 0)
    })
  },
  checked: (random) => {
    const [apart, angle] = [random.between(0.1, 0.6), random.between(0, Math.PI / 2)]
    const isTartan = random.next() < 0.5
    return twoColours(random, (u, v) => {
      const along = Math.sin(((u * Math.cos(angle) + v * Math.sin(angle)) * Math.PI) / apart)
      const across = Math.sin(((v * Math.cos(angle) - u * Math.sin(angle)) * Math.PI) / apart)
      return isTartan
        ? (Number(along > 0.3) + Number(across > 0.3)) / 2
        : Number(along * across > 0)
    })
  },
  dotted: (random) => {
    const [apart, radius] = [random.between(0.12, 0.5), random.between(0.2, 0.45)]
    const angle = random.between(0, Math.PI / 2)
    const off = (place: number): number => place / apart - Math.round(place / apart)
    return twoColours(random, (u, v) => {
      const along = off(u * Math.cos(angle) + v * Math.sin(angle))
      const across = off(v * Math.cos(angle) - u * Math.sin(angle))
      return Number(Math.hypot(along, across) < radius)
    })
  },
  blotched: (random) => {
    const height = blotches(random, random.between(0.08, 0.5))
    const steps = random.next() < 0.5 ? 2 + random.below(3) : 40
    return twoColours(random, (u, v) => Math.round(height(u, v) * steps) / steps)
  },
  skin: (random, skin) => {
    const light = random.between(0.75, 1.2)
    return one(mapTuple(skin, (value) => value * light + random.between(-12, 12)))
  },
  printed: (random, skin) => {
    const ground = random.next() < 0.5 ? clothColour(random) : skin
    const [print, dark] = [clothColour(random), clothColour(random)]
    const [mouth, wide, high] = [
      random.between(0.85, 1.25),
      random.between(0.2, 0.5),
      random.between(0.04, 0.16),
    ]
    const [nose, apart] = [random.between(0.45, 0.75), random.between(0.08, 0.16)]
    const smile = random.between(-0.15, 0.3)
    const hasLine = random.next() < 0.6
    return (u, v) => {
      const lip = v - mouth + smile * (u / wide) ** 2
      if (hasLine && Math.abs(u) < wide && Math.abs(lip) < 0.015) return [dark, 1]
      if ((u / wide) ** 2 + (lip / high) ** 2 < 1) return [print, 1]
      const nostril = (Math.abs(u) - apart) ** 2 + ((v - nose) * 1.4) ** 2
      return nostril < 0.0025 ? [dark, 1] : [ground, 1]
    }
  },
  thin: (random) => {
    const [colour, opacity] = [clothColour(random), random.between(0.6, 0.92)]
    return () => [colour, opacity]
  },
} as const satisfies Record<string, Weave>

export type WeaveName = keyof typeof weaves

/** A weave in folds, lit from above or from a side. */
export function draped(cloth: Cloth, random: SeededRandom): Cloth {
  const [folds, often, from] = [
    random.next() < 0.6 ? random.between(0, 0.25) : 0,
    random.between(3, 14),
    random.between(0, Math.PI),
  ]
  const slope = random.between(-0.15, 0.15)
  const [lean, round] = [random.between(-0.4, 0.4), random.between(0, 0.25)]
  return (u, v) => {
    const [colour, opacity] = cloth(u, v)
    const fold = 1 - folds * Math.abs(Math.sin((v + lean * u) * often + from))
    const light = fold * (1 + slope * u) * (1 - round * u * u)
    return [shaded(colour, light), opacity]
  }
}

export function clothColour(random: SeededRandom): Colour {
  const grey = random.between(10, 245)
  const tint = random.next() < 0.4 ? 0 : random.between(20, 110)
  return colourOf(() => grey + random.between(-tint, tint))
}

/** 0..1, smooth, of hills as far apart as `size`. */
export function blotches(
  random: SeededRandom,
  size: number,
): (across: number, down: number) => number {
  const side = 32
  const heights = Float32Array.from({ length: side * side }, () => random.next())
  const at = (x: number, y: number): number =>
    heights[(((y % side) + side) % side) * side + (((x % side) + side) % side)]!
  return (across, down) => {
    const [x, y] = [across / size, down / size]
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const [u, v] = [x - left, y - top]
    const above = at(left, top) + (at(left + 1, top) - at(left, top)) * u
    const below = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * u
    return above + (below - above) * v
  }
}

function one(colour: Colour): Cloth {
  return () => [colour, 1]
}

/** @param share 0..1, of the second colour */
function twoColours(random: SeededRandom, share: (across: number, down: number) => number): Cloth {
  const [first, second] = [clothColour(random), clothColour(random)]
  return (u, v) => {
    return [mixed(first, second, share(u, v)), 1]
  }
}
