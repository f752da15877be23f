/** Chip -> encoding: numbers that lie close together for the same person. */

import type { Network } from '../network/load.ts'
import { runOnSquares } from '../network/run.ts'

/** @param chip [size, size, 3], values 0..255, aligned for this network */
export function encodeChip(encoder: Network, chip: Float32Array): Float32Array {
  return runOn(encoder, [chip])
}

export interface BothWays {
  /** Of the chip as it is. */
  readonly single: Float32Array
  /** The mean with the encoding of the mirror image: better by a little, twice the time. */
  readonly averaged: Float32Array
}

/** @param chip as for `encodeChip` */
export function encodeBothWays(encoder: Network, chip: Float32Array): BothWays {
  const values = runOn(encoder, [chip, mirrored(chip, encoder.table.input.size)])
  const single = values.slice(0, values.length / 2)
  const mean = single.map((value, i) => (value + values[single.length + i]!) / 2)
  const hasLengthOne = encoder.table.layers.at(-1)?.op === 'l2Normalise'
  return { single, averaged: hasLengthOne ? toLengthOne(mean) : mean }
}

/** What the networks of one encoder give for one face, as one encoding. @param encodings at least one, of one length */
export function sumOf([first, ...others]: readonly Float32Array[]): Float32Array {
  return others.reduce((sum, other) => sum.map((value, i) => value + other[i]!), first!)
}

function runOn(encoder: Network, chips: readonly Float32Array[]): Float32Array {
  const { size } = encoder.table.input
  return runOnSquares(encoder, chips, [size, size]).values
}

/** The mean of two vectors of length 1 is shorter. */
function toLengthOne(encoding: Float32Array): Float32Array {
  const length = Math.hypot(...encoding)
  return encoding.map((value) => value / length)
}

function mirrored(chip: Float32Array, size: number): Float32Array {
  const mirror = new Float32Array(chip.length)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = (row * size + column) * 3
      mirror.set(chip.subarray(from, from + 3), (row * size + (size - 1 - column)) * 3)
    }
  }
  return mirror
}
