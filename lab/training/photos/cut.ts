/**
 * Outputs of the layers that are not trained, kept in memory that all threads see: they never change, so they are
 * computed once for each variant of each photo and not once an epoch.
 */
import type { Item } from './item.ts'

export interface CutPart {
  /** The layer whose output it is. */
  readonly name: string
  /** [height, width, channels] or [channels] */
  readonly shape: readonly number[]
  /** [photos, variants, ...shape] float32. */
  readonly values: SharedArrayBuffer
}

export interface Cut {
  readonly parts: readonly CutPart[]
  /** Kept variants of each photo. */
  readonly variants: number
}

export function writeCut(cut: Cut, part: number, item: Item, values: Float32Array): void {
  slotOf(cut, part, item).set(values)
}

/** One item behind the other. */
export function readCut(cut: Cut, part: number, items: readonly Item[]): Float32Array {
  const length = lengthOf(cut, part)
  const values = new Float32Array(items.length * length)
  items.forEach((item, i) => {
    values.set(slotOf(cut, part, item), i * length)
  })
  return values
}

function slotOf(cut: Cut, part: number, { photo, variant }: Item): Float32Array {
  const length = lengthOf(cut, part)
  const first = (photo * cut.variants + variant) * length
  return new Float32Array(cut.parts[part]!.values, first * 4, length)
}

function lengthOf({ parts }: Cut, part: number): number {
  return parts[part]!.shape.reduce((product, side) => product * side, 1)
}
