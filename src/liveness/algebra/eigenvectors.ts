/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5). Pure.
 */

export interface Eigen {
  readonly values: Float64Array
  /** [width, width]: column k belongs to value k. */
  readonly vectors: Float64Array
}

const mostSweeps = 50
/** Of the largest number, below which what is off the diagonal counts as 0. */
const negligible = 1e-14

/** @param symmetric [width, width]; it stays as it is */
export function eigenOf(symmetric: Float64Array, width: number): Eigen {
  const a = symmetric.slice()
  const vectors = new Float64Array(width * width)
  for (let i = 0; i < width; i++) vectors[i * width + i] = 1
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isDone = true
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        const off = a[p * width + q]!
        if (!(Math.abs(off) > negligible * largest)) continue
        isDone = false
        const theta = (a[q * width + q]! - a[p * width + p]!) / (2 * off)
        const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cos = 1 / Math.sqrt(tan * tan + 1)
        const plane = { width, p, q, cos, sin: tan * cos }
        rotateColumns(a, plane)
        rotateRows(a, plane)
        rotateColumns(vectors, plane)
      }
    }
    if (isDone) break
  }
  return { values: Float64Array.from({ length: width }, (_, i) => a[i * width + i]!), vectors }
}

/** The eigenvector that belongs to the smallest eigenvalue. */
export function smallestEigenvector(symmetric: Float64Array, width: number): Float64Array {
  const { values, vectors } = eigenOf(symmetric, width)
  const smallest = values.indexOf(Math.min(...values))
  return Float64Array.from({ length: width }, (_, row) => vectors[row * width + smallest]!)
}

/** A turn in the plane of p and q. */
interface Plane {
  readonly width: number
  readonly p: number
  readonly q: number
  readonly cos: number
  readonly sin: number
}

function rotateRows(a: Float64Array, { width, p, q, cos, sin }: Plane): void {
  for (let k = 0; k < width; k++) {
    const [x, y] = [a[p * width + k]!, a[q * width + k]!]
    a[p * width + k] = cos * x - sin * y
    a[q * width + k] = sin * x + cos * y
  }
}

function rotateColumns(a: Float64Array, { width, p, q, cos, sin }: Plane): void {
  for (let k = 0; k < width * width; k += width) {
    const [x, y] = [a[k + p]!, a[k + q]!]
    a[k + p] = cos * x - sin * y
    a[k + q] = sin * x + cos * y
  }
}
