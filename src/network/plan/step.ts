/** One layer as a plan sees it: where its inputs and its output lie in the arena, and which layers were fused into it. */

import type { PlacedLayer, Shape } from '../shapes.ts'
import { slopeOf } from '../table.ts'
import type { Command } from './commands.ts'
import type { PlacedLayerWeights, PlacedWeights } from './place-weights.ts'
import type { SlopeArrays } from './slope-arrays.ts'

export interface Step {
  readonly placed: PlacedLayer
  /** What follows the layer and is done in the same go. */
  readonly fused: readonly PlacedLayer[]
  /** In the order in which the layer reads them. */
  readonly inputs: readonly Picture[]
  readonly output: number
  /** Whether a convolution reads the output, and so asks for its largest number. */
  readonly isScaled: boolean
  /** Offset of what is added to the layer's output. */
  readonly residual: number | null
  readonly weights: PlacedWeights
  readonly slopes: SlopeArrays
  /** Places that are free again once one command has run. @param bytes of each */
  scratch<const Bytes extends readonly number[]>(
    ...bytes: Bytes
  ): { [Place in keyof Bytes]: number }
}

/** What a layer gives. */
export interface Picture {
  /** Bytes in the arena. */
  readonly offset: number
  readonly shape: Shape
  /** Whether whoever makes it keeps its largest number behind it. */
  readonly keepsMost: boolean
}

/** Four numbers, of which one is the largest. */
export const mostBytes = 16

/** Where the largest number of a picture at `offset` is kept. */
export function mostBehind(offset: number, shape: Shape): number {
  return offset + Math.ceil(bytesOf(shape) / mostBytes) * mostBytes
}

/** A command once it is known where the arena lies. */
export type Relative = (base: number) => Command

/** Address of the slopes of what is negative, of the layer itself or of what went into it. */
export function slopesAfter({ placed, fused, weights, slopes }: Step): number {
  const last = fused.at(-1)?.layer ?? placed.layer
  if (last.op === 'prelu') return floatsOf(weights, last.name).weights
  if (last.op === 'relu') return slopes.of(0)
  const activation = 'activation' in last ? last.activation : 'linear'
  return slopes.of(slopeOf[activation])
}

/** Throws an Error that names the layer when its weights are not floats. */
export function floatsOf(
  weights: PlacedWeights,
  name: string,
): PlacedLayerWeights & { kind: 'float' } {
  const placed = weights.get(name)
  if (placed?.kind !== 'float') throw new Error(`${name} has no weights in float32`)
  return placed
}

/** Of a picture in float32. */
export function bytesOf({ height, width, channels }: Shape): number {
  return height * width * channels * 4
}
