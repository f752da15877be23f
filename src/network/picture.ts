/** Pictures as a network wants them: (pixel - mean) / divisor, colours in its order, all of one size. */
import type { NetworkTable } from './table.ts'

/**
 * @param squares [size, size, 3] each, RGB, values 0..255
 * @param input where it is written; a new array unless given
 * @returns [batch, size, size, 3]
 */
export function toNetworkInput(
  table: NetworkTable,
  squares: readonly Float32Array[],
  input: Float32Array = new Float32Array(squares.length * squares[0]!.length),
): Float32Array {
  const { mean, divisor, order } = table.input
  const [red, green, blue] = mean
  const factor = 1 / divisor
  const [redAt, blueAt] = order === 'bgr' ? [2, 0] : [0, 2]
  const length = squares[0]!.length
  for (const [n, square] of squares.entries()) {
    const start = n * length
    for (let i = 0; i < length; i += 3) {
      const target = start + i
      input[target + redAt] = (square[i]! - red) * factor
      input[target + 1] = (square[i + 1]! - green) * factor
      input[target + blueAt] = (square[i + 2]! - blue) * factor
    }
  }
  return input
}
