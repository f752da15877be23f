/** Least squares with a ridge: the weights w that make |X w - y|^2 + ridge |w|^2 smallest, by Cholesky's decomposition. */

/**
 * @param rows X, one array a row, all of one length
 * @param ridge positive; the first weight, meant for a constant, is left free of it
 * @throws Error when the rows do not fix the weights
 */
export function ridgeRegression(
  rows: readonly Float64Array[],
  targets: readonly number[],
  ridge: number,
): Float64Array {
  const size = rows[0]?.length ?? 0
  const matrix = Array.from({ length: size }, () => new Float64Array(size))
  const right = new Float64Array(size)
  for (const [r, row] of rows.entries()) {
    for (let i = 0; i < size; i++) {
      right[i] += row[i] * targets[r]
      for (let j = 0; j <= i; j++) matrix[i][j] += row[i] * row[j]
    }
  }
  for (let i = 1; i < size; i++) matrix[i][i] += ridge
  return solveCholesky(matrix, right)
}

/** Solves A x = b for a symmetric positive definite A, of which the lower half is read and overwritten. */
function solveCholesky(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const size = b.length
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let value = a[i][j]
      for (let k = 0; k < j; k++) value -= a[i][k] * a[j][k]
      if (i === j && !(value > 0)) throw new Error('the rows do not fix the weights')
      a[i][j] = i === j ? Math.sqrt(value) : value / a[j][j]
    }
  }
  const x = b.slice()
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i][k] * x[k]
    x[i] /= a[i][i]
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= a[k][i] * x[k]
    x[i] /= a[i][i]
  }
  return x
}
