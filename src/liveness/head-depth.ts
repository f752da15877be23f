/** Depth of the mean head between its landmarks. Pure. */
import { meanHead } from './mean-head.ts'

/** Squared distance within which a landmark no longer gains weight. */
const softness = 0.002

/** The mean of the landmarks' depths, near ones far heavier; x and y as in mean-head.ts. */
export function headDepthAt(x: number, y: number): number {
  let [sum, weights] = [0, 0]
  for (const [px, py, pz] of meanHead) {
    const weight = 1 / ((x - px) ** 2 + (y - py) ** 2 + softness) ** 2
    sum += weight * pz
    weights += weight
  }
  return sum / weights
}
