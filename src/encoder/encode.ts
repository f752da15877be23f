/** Chip -> encoding: 128 numbers that lie close together for the same person. */

import type { Network } from '../network/load.ts'
import { toNetworkInput } from '../network/picture.ts'
import { runNetwork } from '../network/run.ts'

export const encodingLength = 128

/**
 * @param chip [size, size, 3], values 0..255, aligned for this network
 * @param mirror average with the encoding of the mirror image: better by a little, twice the time
 */
export function encodeChip(encoder: Network, chip: Float32Array, mirror: boolean): Float32Array {
  const { size } = encoder.table.input
  const chips = mirror ? [chip, mirrored(chip, size)] : [chip]
  const { values } = runNetwork(encoder, toNetworkInput(encoder.table, chips), [
    chips.length,
    size,
    size,
  ])
  if (!mirror) return values
  const encoding = new Float32Array(encodingLength)
  for (let i = 0; i < encodingLength; i++)
    encoding[i] = (values[i]! + values[encodingLength + i]!) / 2
  return encoder.table.layers.at(-1)?.op === 'l2Normalise' ? toLengthOne(encoding) : encoding
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
