/** Solves a system of linear equations whose matrix is symmetric and positive: Cholesky, a little damped unless told. Pure. */

const usualDamping = 1e-3
const least = 1e-12

/**
 * @param lower the lower half of the matrix, row by row; it is overwritten
 * @param damping share by which the diagonal is raised, so that what the data say nothing about stays 0
 */
export function solveSymmetric(
  lower: Float64Array,
  right: Float64Array,
  damping: number = usualDamping,
): Float64Array {
  const count = right.length
  for (let k = 0; k < count; k++) lower[k * count + k]! *= 1 + damping
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * count + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * count + k]! * lower[j * count + k]!
      lower[i * count + j] = i === j ? Math.sqrt(Math.max(sum, least)) : sum / lower[j * count + j]!
    }
  }
  const solved = Float64Array.from(right)
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < i; k++) solved[i]! -= lower[i * count + k]! * solved[k]!
    solved[i]! /= lower[i * count + i]!
  }
  for (let i = count - 1; i >= 0; i--) {
    for (let k = i + 1; k < count; k++) solved[i]! -= lower[k * count + i]! * solved[k]!
    solved[i]! /= lower[i * count + i]!
  }
  return solved
}
