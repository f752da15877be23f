/**
 * What the frequencies of a component's blocks make of the edges of each: the means along them, of what one scan brought and of everything
 * else. Pure.
 */
import { places } from '../file/zigzag.ts'

/** The frequencies of a component, and how its blocks stand. */
export interface Band {
  /** `size` x `size` of each block. */
  readonly kept: Int16Array
  readonly size: number
  /** Blocks from one row to the next, of which the component has `columns`. */
  readonly stride: number
  readonly columns: number
  readonly rows: number
  /** Of edgeWeights. */
  readonly weights: Float32Array
}

/** Of each block from `start` on, at the edges where it begins and ends: what it has without the scan, and what the scan brings. */
export interface Edges {
  readonly start: number
  readonly firstRest: Float32Array
  readonly lastRest: Float32Array
  readonly firstBand: Float32Array
  readonly lastBand: Float32Array
}

/** @param side 0 down, 1 across */
export function edges(
  { kept, size, stride, columns, weights }: Band,
  side: number,
  [start, end]: readonly [number, number],
): Edges {
  const room = (): Float32Array => new Float32Array(end - start)
  const [firstRest, lastRest, firstBand, lastBand] = [room(), room(), room(), room()]
  const step = side === 0 ? size : 1
  for (let i = 0; i < end - start; i++) {
    const column = (start + i) % columns
    const at = (((start + i - column) / columns) * stride + column) * size * size
    for (let u = 0; u < size; u++) {
      const value = kept[at + u * step]!
      const rest = value * weights[2 * side * size + u]!
      const band = value * weights[(2 * side + 1) * size + u]!
      firstRest[i]! += rest
      firstBand[i]! += band
      lastRest[i]! += u % 2 === 0 ? rest : -rest
      lastBand[i]! += u % 2 === 0 ? band : -band
    }
  }
  return { start, firstRest, lastRest, firstBand, lastBand }
}

/** What each of the frequencies along a side of a block adds to the mean of its edge: down and across, without the scan's and the scan's alone. */
export function edgeWeights(
  steps: Uint16Array,
  size: number,
  first: number,
  last: number,
): Float32Array {
  const weights = new Float32Array(4 * size)
  for (let u = 0; u < size; u++) {
    const scale = u === 0 ? 1 / 8 : (Math.SQRT2 / 8) * Math.cos((u * Math.PI) / (2 * size))
    for (const [side, place] of [8 * u, u].entries()) {
      const k = places.indexOf(place)
      const isScan = k >= first && k <= last
      weights[(2 * side + (isScan ? 1 : 0)) * size + u] = steps[k]! * scale
    }
  }
  return weights
}
