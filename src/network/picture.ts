/** Pictures as a network wants them: (pixel - mean) / divisor, all of one size. */
import type { NetworkTable } from './table.ts'

/**
 * @param squares [size, size, 3] each, values 0..255
 * @returns [batch, size, size, 3]
 */
export function toNetworkInput(
  table: NetworkTable,
  squares: readonly Float32Array[],
): Float32Array {
  const { mean, divisor } = table.input
  const [red, green, blue] = mean
  const factor = 1 / divisor
  const length = squares[0]!.length
  const input = new Float32Array(squares.length * length)
  for (const [n, square] of squares.entries()) {
    let target = n * length
    for (let i = 0; i < length; i += 3) {
      input[target++] = (square[i]! - red) * factor
      input[target++] = (square[i + 1]! - green) * factor
      input[target++] = (square[i + 2]! - blue) * factor
    }
  }
  return input
}
