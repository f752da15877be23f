/**
 * What a square with a face in it shows, as numbers that a linear head can weigh (condition.ts): how much detail of which size and
 * direction there is, light, colour and texture place by place, and the directions of edges. Nothing here depends on how bright
 * the photo is, nor on which side of the face something is. Pure.
 */
import { toLuma } from '../../image/luma.ts'
import { median } from '../../lib/median.ts'

/** Side in pixels of the square, and of the chip of which each four pixels become one: what is finer depends on the camera. */
const pictureSide = 75
const chipSide = 2 * pictureSide

/** Cells a side of the grid of light and colour, and pixels of a cell. */
const cells = 12
const cellSide = 5
/** Of the grid of edges. */
const edgeCells = 10
const edgeCellSide = 7
const directions = 6

/** Detail is measured at this size and halved twice. */
const levels = 3
/** Of the square, so much on each side is not face. */
const border = 0.22

interface Plane {
  readonly side: number
  readonly values: Float32Array
}

/** @param chip [150, 150, 3], values 0..255: the face upright, as gate and quality see it */
export function pictureFeatures(chip: Float32Array): Float32Array {
  const planes = toPlanes(chip)
  return Float32Array.from([...detail(planes), ...grid(planes), ...edges(planes[0])])
}

/** Luma, and what blue and red are above it: means of four pixels of the chip each. */
function toPlanes(chip: Float32Array): [luma: Plane, blue: Plane, red: Plane] {
  const planes = [0, 1, 2].map(() => new Float32Array(pictureSide ** 2))
  const [lumas, blues, reds] = planes as [Float32Array, Float32Array, Float32Array]
  const below = 3 * chipSide
  for (let y = 0, at = 0; y < pictureSide; y++) {
    for (let x = 0; x < pictureSide; x++, at++) {
      let luma = 0
      let blue = 0
      let red = 0
      const from = 2 * (y * below + 3 * x)
      for (let k = 0; k < 4; k++) {
        const i = from + (k & 1) * 3 + (k >> 1) * below
        const light = Math.fround(toLuma(chip[i]!, chip[i + 1]!, chip[i + 2]!))
        luma += light
        blue += Math.fround(chip[i + 2]! - light)
        red += Math.fround(chip[i]! - light)
      }
      lumas[at] = luma / 4
      blues[at] = blue / 4
      reds[at] = red / 4
    }
  }
  const planeOf = (values: Float32Array): Plane => ({ side: pictureSide, values })
  return [planeOf(lumas), planeOf(blues), planeOf(reds)]
}

/** How much finer than its surroundings each pixel is, by size, direction and colour; and how much of the picture is flat. */
function detail(planes: readonly Plane[]): number[] {
  const luma = planes[0]!
  const contrast = deviation(luma) + 3
  const found: number[] = []
  let scaled = planes
  for (let level = 0; level < levels; level++) {
    for (const [i, plane] of scaled.entries()) {
      const bends = (i === 0 ? ways : ways.slice(0, 2)).map((way) => bendsAlong(plane, way))
      const means = bends.map(({ mean }) => Math.log((mean + 0.2) / contrast))
      found.push(...means)
      if (i > 0) continue
      // Noise bends everywhere alike, blocks only at their edges.
      found.push(...bends.map(({ mean, rms }) => Math.log((rms + 0.2) / (mean + 0.2))))
      found.push(...slants(means))
    }
    scaled = scaled.map(halved)
  }
  for (const share of flatShares(luma)) found.push(Math.log(share + 0.003))
  found.push(Math.log(contrast))
  for (const plane of scaled.slice(1)) found.push(Math.log(deviation(plane) + 0.5))
  return found
}

/** Of most faces, the logarithm of the detail across over that down. */
const usualSlant = -0.3

/** How much more detail there is one way than the other, whichever it is: a smear leaves what lies across it. */
function slants([across, down, falling, rising]: readonly number[]): number[] {
  return [Math.abs(across! - down! - usualSlant), Math.abs(falling! - rising!)]
}

type Way = readonly [x: number, y: number]
const ways: readonly Way[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
]

/** Second differences in the middle of the plane, without their signs. */
function bendsAlong({ side, values }: Plane, [dx, dy]: Way): { mean: number; rms: number } {
  const [from, to] = middleOf(side)
  const step = dy * side + dx
  let [sum, squares] = [0, 0]
  for (let y = from; y < to; y++) {
    for (let i = y * side + from; i < y * side + to; i++) {
      const bend = 2 * values[i]! - values[i - step]! - values[i + step]!
      sum += Math.abs(bend)
      squares += bend * bend
    }
  }
  const count = (to - from) ** 2
  return { mean: sum / count, rms: Math.sqrt(squares / count) }
}

/** Of so many steps of luma at most is a pixel apart from its neighbours that counts as flat. */
const flatSteps = [0.6, 2, 5] as const

function flatShares({ side, values }: Plane): number[] {
  const [from, to] = middleOf(side)
  const flat = flatSteps.map(() => 0)
  for (let y = from; y < to; y++) {
    for (let i = y * side + from; i < y * side + to; i++) {
      const across = Math.abs(2 * values[i]! - values[i - 1]! - values[i + 1]!)
      const down = Math.abs(2 * values[i]! - values[i - side]! - values[i + side]!)
      const step = Math.max(across, down)
      for (let k = 0; k < flatSteps.length; k++) if (step < flatSteps[k]!) flat[k]! += 1
    }
  }
  return flat.map((count) => count / (to - from) ** 2)
}

function deviation({ side, values }: Plane): number {
  const [from, to] = middleOf(side)
  let [sum, squares] = [0, 0]
  for (let y = from; y < to; y++) {
    for (let i = y * side + from; i < y * side + to; i++) {
      sum += values[i]!
      squares += values[i]! ** 2
    }
  }
  const count = (to - from) ** 2
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
}

function middleOf(side: number): [from: number, to: number] {
  const from = Math.round(side * border)
  return [from, side - from]
}

function halved({ side, values }: Plane): Plane {
  const half = side >> 1
  const means = new Float32Array(half * half)
  for (let y = 0, at = 0; y < half; y++) {
    for (let x = 0; x < half; x++, at++) {
      const i = 2 * (y * side + x)
      means[at] = (values[i]! + values[i + 1]! + values[i + side]! + values[i + side + 1]!) / 4
    }
  }
  return { side: half, values: means }
}

/** Light, both colours, texture and contrast of each cell, the mean with the cell on the other side of the face. */
function grid([luma, blue, red]: readonly [Plane, Plane, Plane]): number[] {
  const first = Math.round((pictureSide - cells * cellSide) / 2)
  const maps = Array.from({ length: 5 }, () => new Float32Array(cells * cells))
  const [light, blues, reds, textures, contrasts] = maps as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  for (let cell = 0; cell < cells * cells; cell++) {
    const [x0, y0] = [
      first + (cell % cells) * cellSide,
      first + Math.floor(cell / cells) * cellSide,
    ]
    let squares = 0
    for (let y = y0; y < y0 + cellSide; y++) {
      for (let i = y * pictureSide + x0; i < y * pictureSide + x0 + cellSide; i++) {
        const value = luma.values[i]!
        light[cell]! += value / cellSide ** 2
        squares += value ** 2 / cellSide ** 2
        blues[cell]! += blue.values[i]! / cellSide ** 2
        reds[cell]! += red.values[i]! / cellSide ** 2
        const across = Math.abs(luma.values[i + 1]! - luma.values[i - 1]!)
        const down = Math.abs(luma.values[i + pictureSide]! - luma.values[i - pictureSide]!)
        textures[cell]! += (across + down) / cellSide ** 2
      }
    }
    contrasts[cell] = Math.sqrt(Math.max(0, squares - light[cell]! ** 2))
  }
  const mean = meanOf(light)
  const spread = Math.sqrt(meanOf(light.map((value) => (value - mean) ** 2))) + 4
  const [usualBlue, usualRed] = [median(blues), median(reds)]
  return [
    light.map((value) => (value - mean) / spread),
    blues.map((value) => (value - usualBlue) / spread),
    reds.map((value) => (value - usualRed) / spread),
    textures.map((value) => Math.log((value + 1) / spread)),
    contrasts.map((value) => Math.log((value + 1) / spread)),
  ].flatMap((map) => bothSides(cells, 1, (cell) => map[cell]!))
}

/** The directions of edges of each cell, as shares of all there are; those of both sides of the face together. */
function edges({ side, values }: Plane): number[] {
  const first = Math.round((side - edgeCells * edgeCellSide) / 2)
  const found = new Float32Array(edgeCells * edgeCells * directions)
  let total = 0
  const start = Math.max(1, first)
  const cellOf = (place: number): number =>
    Math.min(edgeCells - 1, Math.floor((place - first) / edgeCellSide))
  const columns = Int32Array.from({ length: side }, (_, x) => cellOf(x) * directions)
  for (let y = start; y < side - start; y++) {
    const row = cellOf(y) * edgeCells * directions
    for (let x = start; x < side - start; x++) {
      const i = y * side + x
      const across = values[i + 1]! - values[i - 1]!
      const down = values[i + side]! - values[i - side]!
      const steepness = Math.sqrt(across * across + down * down)
      if (steepness === 0) continue
      const angle = ((Math.atan2(down, across) + Math.PI) / Math.PI) * directions
      const direction = Math.floor(angle)
      const share = angle - direction
      const cell = row + columns[x]!
      found[cell + (direction % directions)]! += steepness * (1 - share)
      found[cell + ((direction + 1) % directions)]! += steepness * share
      total += steepness
    }
  }
  const usual = total / found.length + 1
  return bothSides(edgeCells, directions, (cell, direction) =>
    Math.sqrt(found[cell * directions + direction]! / usual),
  )
}

/** The mean of a cell and of its mirror image, in which a direction is mirrored too. */
function bothSides(
  across: number,
  kinds: number,
  valueAt: (cell: number, kind: number) => number,
): number[] {
  const means: number[] = []
  for (let row = 0; row < across; row++) {
    for (let column = 0; column < across / 2; column++) {
      const [here, there] = [row * across + column, (row + 1) * across - 1 - column]
      for (let kind = 0; kind < kinds; kind++) {
        means.push((valueAt(here, kind) + valueAt(there, (kinds - kind) % kinds)) / 2)
      }
    }
  }
  return means
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
