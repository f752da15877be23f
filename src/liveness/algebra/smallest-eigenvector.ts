/** The eigenvector of a symmetric matrix that belongs to the smallest eigenvalue, by Jacobi's rotations. Pure. */

const mostSweeps = 50
const negligible = 1e-22

export function smallestEigenvector(symmetric: readonly (readonly number[])[]): number[] {
  const size = symmetric.length
  const a = symmetric.map((row) => [...row])
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  const total = a.reduce((sum, row) => sum + row.reduce((s, value) => s + value * value, 0), 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0
    for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) off += a[p]![q]! ** 2
    if (!(off > negligible * total)) break
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q)
    }
  }
  const values = a.map((row, i) => row[i]!)
  const smallest = values.indexOf(Math.min(...values))
  return vectors.map((row) => row[smallest]!)
}

/** Turns in the plane of p and q so that a[p][q] becomes 0. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const apq = a[p]![q]!
  if (apq === 0) return
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq)
  const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const cos = 1 / Math.sqrt(tan * tan + 1)
  const sin = tan * cos
  for (const row of [...a, ...vectors]) {
    const [left, right] = [row[p]!, row[q]!]
    row[p] = cos * left - sin * right
    row[q] = sin * left + cos * right
  }
  const [above, below] = [[...a[p]!], [...a[q]!]]
  above.forEach((value, k) => {
    a[p]![k] = cos * value - sin * below[k]!
    a[q]![k] = sin * value + cos * below[k]!
  })
}
