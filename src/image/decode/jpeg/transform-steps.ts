/**
 * What the coefficients of a block are multiplied by before they are transformed: the step of each, and the scale that the transform of
 * Arai, Agui and Nakajima leaves out. Pure.
 */

/** Of rows and columns: the root of two times cos(k pi / 16), 1 for k = 0. */
const scales = Array.from({ length: 8 }, (_, k) =>
  k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16),
)

/**
 * @param table steps in the order in which coefficients come
 * @param size samples across and down that a block becomes: 8, or fewer of the lowest frequencies
 * @returns [64], in rows
 */
export function transformSteps(table: Uint16Array, size: number): Float32Array {
  const steps = new Float32Array(64)
  let [row, column] = [0, 0]
  for (const step of table) {
    const scale = size === 8 ? scales[row]! * scales[column]! : 1
    steps[row * 8 + column] = (step * scale) / 8
    ;[row, column] = nextInZigzag(row, column)
  }
  return steps
}

/** Up and to the right along every other diagonal, down and to the left along the ones between. */
function nextInZigzag(row: number, column: number): [row: number, column: number] {
  if ((row + column) % 2 === 0) {
    if (column === 7) return [row + 1, column]
    return row === 0 ? [row, column + 1] : [row - 1, column + 1]
  }
  if (row === 7) return [row, column + 1]
  return column === 0 ? [row + 1, column] : [row + 1, column - 1]
}
