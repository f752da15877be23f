/**
 * What the samples of a component do at the borders between the units of the scan that has its means, and at the restart markers between
 * them: what shifted means are found by.
 */
import type { PhotoMemory } from '../photo-memory.ts'

/** The units of a component. */
export interface MeanUnits {
  /** Across and down; samples of each. */
  readonly columns: number
  readonly rows: number
  readonly unitWidth: number
  readonly unitHeight: number
  /** What the mean of a block changes by, at least, in levels of its samples. */
  readonly step: number
  /** Units between two restart markers, of which each ends a shift; 0 for none. */
  readonly interval: number
}

/** Rounded means may differ by a step where a picture is smooth. */
export const leastStep = ({ step }: MeanUnits): number => 0.5 + step

/** Whether a restart marker comes before a shift could reach its own beginning, one row further down. */
export const restartsSoon = ({ columns, interval }: MeanUnits): boolean =>
  interval > 0 && interval < 2 * columns

/** Where its samples lie. */
export interface MeanPlane extends MeanUnits {
  readonly samples: number
  readonly stride: number
}

/** Of each unit, in their order: what its upper border does. Zeros in the first row. */
export interface Borders {
  /** How much lighter it begins than the unit above would go on. */
  readonly jumps: Float32Array
  /** Means along both sides of the border. */
  readonly above: Float32Array
  readonly below: Float32Array
}

/** The units of a component, and what is seen of them. */
export interface SeenUnits extends MeanUnits {
  readonly borders: Borders
  /** How much lighter a unit goes on from one of its lines of samples, its middle at first, than it was above that. */
  jumpInside(unit: number, line?: number): number
  /** How much lighter a unit begins than the one to its left would go on. */
  jumpBefore(unit: number): number
}

export interface BorderKernel {
  measureBorders(
    samples: number,
    stride: number,
    columns: number,
    rows: number,
    unitWidth: number,
    unitHeight: number,
    jumps: number,
  ): void
}

/** Bytes that the borders of a unit take. */
export const borderBytes = 3 * Float32Array.BYTES_PER_ELEMENT

/** Of the components of a scan. Valid until more of the memory is taken. */
export function seeUnits(
  kernel: BorderKernel,
  memory: PhotoMemory,
  planes: readonly MeanPlane[],
): SeenUnits[] {
  const places = planes.map(({ columns, rows }) => memory.take(borderBytes * columns * rows))
  return planes.map((plane, i) => {
    const { samples, stride, columns, rows, unitWidth, unitHeight } = plane
    const [at, units] = [places[i]!, columns * rows]
    kernel.measureBorders(samples, stride, columns, rows, unitWidth, unitHeight, at)
    const [jumps, above, below] = [0, 1, 2].map(
      (side) => new Float32Array(memory.buffer, at + 4 * units * side, units),
    )
    const bytes = new Uint8Array(memory.buffer, samples, stride * rows * unitHeight)
    return {
      ...plane,
      borders: { jumps: jumps!, above: above!, below: below! },
      jumpInside: (unit, line) => jumpInside(plane, bytes, stride, unit, line),
      jumpBefore: (unit) => jumpBefore(plane, bytes, stride, unit),
    }
  })
}

/** Between two rows of samples that no border of blocks lies between, unless another `line` is asked for. @param samples rows of `stride` */
export function jumpInside(
  { columns, unitWidth, unitHeight }: MeanUnits,
  samples: Uint8Array,
  stride: number,
  unit: number,
  line = Math.min(4, unitHeight / 2),
): number {
  const column = unit % columns
  const row = ((unit - column) / columns) * unitHeight + line
  return jumpAt(samples, row * stride + column * unitWidth, stride, 1, unitWidth)
}

/** At the left border of a unit, which is not the first of its row. @param samples rows of `stride` */
export function jumpBefore(
  { columns, unitWidth, unitHeight }: MeanUnits,
  samples: Uint8Array,
  stride: number,
  unit: number,
): number {
  const column = unit % columns
  const row = ((unit - column) / columns) * unitHeight
  return jumpAt(samples, row * stride + column * unitWidth, 1, stride, unitHeight)
}

/** How much lighter a line of samples is than the line before it would go on. @param across from one line to the next @param along the line */
function jumpAt(
  samples: Uint8Array,
  first: number,
  across: number,
  along: number,
  count: number,
): number {
  let [far, before, behind, beyond] = [0, 0, 0, 0]
  for (let i = 0, at = first; i < count; i++, at += along) {
    far += samples[at - 2 * across]!
    before += samples[at - across]!
    behind += samples[at]!
    beyond += samples[at + across]!
  }
  return (behind - before - (beyond - behind + before - far) / 2) / count
}
