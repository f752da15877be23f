/** Statistics that few outliers do not change. Pure. */
import { median } from '../../../../lib/median.ts'

/** As the standard deviation: of the distances from the median, the median. */
export function spread(values: Float32Array, centre = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)))
}

/** How much two rows of values follow each other, -1 to 1. */
export function correlation(some: Float32Array, others: Float32Array): number {
  const [a, b] = [withoutOutliers(some), withoutOutliers(others)]
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b) || 1)
}

/** Distances from the median, none more than twice as far as most. */
function withoutOutliers(values: Float32Array): Float32Array {
  const centre = median(values)
  const most = 2 * spread(values, centre)
  return values.map((value) => Math.max(-most, Math.min(most, value - centre)))
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
