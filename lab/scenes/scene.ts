/**
 * What a scene shows: who, how large, where and how tilted, on which background, photographed how. Drawn from a seed, as data;
 * draw-scene.ts makes the picture. Pure.
 */
import type { QuarterTurn } from '../../src/image/turn.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import type { SourceFace } from './source-faces.ts'

export interface PlacedFace {
  readonly source: SourceFace
  /** Pixels of the scene before it is turned. */
  readonly x: number
  readonly y: number
  readonly side: number
  /** Degrees clockwise. */
  readonly tilt: number
}

export const shapes = { '1:1': 1, '3:4': 4 / 3, '9:16': 16 / 9, '16:9': 9 / 16 } as const
export type Shape = keyof typeof shapes

export const backgrounds = ['enlarged', 'gradient', 'noise', 'textured'] as const
const faults = ['none', 'cast', 'backlit', 'noisy', 'shaken', 'compressed'] as const

export interface Scene {
  readonly seed: number
  readonly shape: Shape
  readonly width: number
  readonly height: number
  readonly background: (typeof backgrounds)[number]
  readonly people: readonly PlacedFace[]
  /** Degrees clockwise by which the finished picture is turned. */
  readonly turn: QuarterTurn
  readonly fault: (typeof faults)[number]
}

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]
/** Pixels of the smallest and the largest scene. */
const fewestPixels = 480 * 640
const mostPixels = 3 * 2 ** 20
/** Shares of the shorter side. */
const smallestFace = 0.06
const largestFace = 0.85
/** Faces below were never asked for. */
const leastPixels = 40
/** A person takes so many widths of the face, so that nobody hides anybody. */
const room = 1.9

export interface SceneWishes {
  readonly turned: boolean
  readonly tilted: boolean
  readonly faulty: boolean
}

/** One person, the face anywhere where it is whole. */
export function singleScene(
  random: SeededRandom,
  seed: number,
  sources: readonly SourceFace[],
  wishes: SceneWishes,
): Scene {
  const canvas = drawCanvas(random)
  const shorter = Math.min(canvas.width, canvas.height)
  const least = Math.max(smallestFace, leastPixels / shorter)
  // As many small ones as large ones.
  const side = shorter * least * (largestFace / least) ** random.next()
  const place = (length: number): number =>
    length / 2 + (random.next() - 0.5) * Math.max(0, length - side * 1.35)
  return {
    seed,
    ...canvas,
    ...manner(random, wishes),
    people: [
      {
        source: pick(random, sources),
        x: place(canvas.width),
        y: place(canvas.height),
        side,
        tilt: wishes.tilted ? random.between(-45, 45) : random.between(-8, 8),
      },
    ],
  }
}

/** Two to eight people in rows, of comparable sizes. */
export function groupScene(
  random: SeededRandom,
  seed: number,
  sources: readonly SourceFace[],
  wishes: SceneWishes,
): Scene {
  const canvas = drawCanvas(random)
  const count = 2 + random.below(7)
  const people = random.shuffled(sources).slice(0, count)
  const aspect = canvas.width / canvas.height
  const columns = Math.min(count, Math.max(1, Math.round(Math.sqrt(count * aspect))))
  const rows = Math.ceil(count / columns)
  const cell = { width: canvas.width / columns, height: canvas.height / rows }
  const most = Math.min(cell.width, cell.height) / room
  const usual = most * random.between(0.35, 1)
  return {
    seed,
    ...canvas,
    ...manner(random, wishes),
    people: people.map((source, i) => {
      const side = Math.max(leastPixels, usual * random.between(0.75, 1))
      const spare = (length: number): number =>
        (random.next() - 0.5) * Math.max(0, length - side * room)
      return {
        source,
        x: ((i % columns) + 0.5) * cell.width + spare(cell.width),
        y: (Math.floor(i / columns) + 0.5) * cell.height + spare(cell.height),
        side,
        tilt: wishes.tilted ? random.between(-45, 45) : random.between(-8, 8),
      }
    }),
  }
}

/** Nobody. */
export function emptyScene(random: SeededRandom, seed: number): Scene {
  return { seed, ...drawCanvas(random), turn: 0, fault: 'none', people: [] }
}

/** The same place in the picture once that is turned. */
export function turnedPlace(
  { x, y }: { x: number; y: number },
  { width, height, turn }: Scene,
): { x: number; y: number } {
  switch (turn) {
    case 0:
      return { x, y }
    case 90:
      return { x: height - y, y: x }
    case 180:
      return { x: width - x, y: height - y }
    case 270:
      return { x: y, y: width - x }
  }
}

function drawCanvas(
  random: SeededRandom,
): Pick<Scene, 'shape' | 'width' | 'height' | 'background'> {
  const shape = pick(random, Object.keys(shapes) as Shape[])
  const pixels = fewestPixels * (mostPixels / fewestPixels) ** random.next()
  const width = Math.floor(Math.sqrt(pixels / shapes[shape]))
  const height = Math.floor(pixels / width)
  return { shape, width, height, background: pick(random, backgrounds) }
}

function manner(random: SeededRandom, wishes: SceneWishes): Pick<Scene, 'turn' | 'fault'> {
  return {
    turn: wishes.turned ? pick(random, turns) : 0,
    fault: wishes.faulty ? pick(random, faults.slice(1)) : 'none',
  }
}

function pick<T>(random: SeededRandom, items: readonly T[]): T {
  return items[random.below(items.length)]!
}
