/**
 * Encodings -> the projection to fewer numbers that keeps most of their squared length, and so most of what their cosines say: the
 * directions of the largest second moments (a principal component analysis about 0). Pure.
 */

export interface Projected {
  /** [length, width] */
  readonly matrix: Float32Array
  /** Share of the squared length that is kept, 0..1. */
  readonly kept: number
}

/** @param encodings of one width, at least `length` wide. @param length of what comes out */
export function fitProjection(encodings: readonly Float32Array[], length: number): Projected {
  const width = encodings[0]!.length
  if (encodings.length < length) {
    throw new Error(`${encodings.length} photos are too few to fold to ${length} numbers`)
  }
  const { values, vectors } = eigenOf(secondMoments(encodings, width), width)
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!)
  const total = values.reduce((sum, value) => sum + value, 0)
  const matrix = new Float32Array(length * width)
  let kept = 0
  for (const [row, from] of order.slice(0, length).entries()) {
    kept += values[from]!
    for (let i = 0; i < width; i++) matrix[row * width + i] = vectors[i * width + from]!
  }
  return { matrix, kept: kept / total }
}

/** [width, width] */
function secondMoments(encodings: readonly Float32Array[], width: number): Float64Array {
  const moments = new Float64Array(width * width)
  for (const encoding of encodings) {
    for (let i = 0; i < width; i++) {
      const value = encoding[i]!
      for (let j = 0; j <= i; j++) moments[i * width + j]! += value * encoding[j]!
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) moments[j * width + i] = moments[i * width + j]!
  }
  return moments
}

const mostSweeps = 30
/** Of the largest number, below which what is off the diagonal counts as 0. */
const negligible = 1e-12

/**
 * Of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5): column k of `vectors` belongs to value k.
 */
function eigenOf(
  matrix: Float64Array,
  width: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice()
  const vectors = new Float64Array(width * width)
  for (let i = 0; i < width; i++) vectors[i * width + i] = 1
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isDone = true
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        const off = a[p * width + q]!
        if (Math.abs(off) <= negligible * largest) continue
        isDone = false
        const theta = (a[q * width + q]! - a[p * width + p]!) / (2 * off)
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        rotate(a, width, p, q, c, t * c)
        rotateColumns(vectors, width, p, q, c, t * c)
      }
    }
    if (isDone) break
  }
  return { values: Float64Array.from({ length: width }, (_, i) => a[i * width + i]!), vectors }
}

/** Rows and columns p and q. */
function rotate(a: Float64Array, width: number, p: number, q: number, c: number, s: number): void {
  rotateColumns(a, width, p, q, c, s)
  const [rowP, rowQ] = [p * width, q * width]
  for (let k = 0; k < width; k++) {
    const [x, y] = [a[rowP + k]!, a[rowQ + k]!]
    a[rowP + k] = c * x - s * y
    a[rowQ + k] = s * x + c * y
  }
}

function rotateColumns(
  a: Float64Array,
  width: number,
  p: number,
  q: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < width * width; k += width) {
    const [x, y] = [a[k + p]!, a[k + q]!]
    a[k + p] = c * x - s * y
    a[k + q] = s * x + c * y
  }
}
