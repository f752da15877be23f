/** The borders of units, measured as simply as can be: what the kernel does is held against it. */
import type { Borders, MeanUnits } from '../../../src/image/decode/jpeg/mean-borders.ts'

export interface SampledUnits extends MeanUnits {
  readonly samples: Uint8Array
  readonly stride: number
}

export function plainBorders(plane: SampledUnits): Borders {
  const { samples, stride, columns, rows, unitWidth, unitHeight } = plane
  const jumps = new Float32Array(columns * rows)
  const [above, below] = [jumps.slice(), jumps.slice()]
  for (let unit = columns; unit < jumps.length; unit++) {
    const column = unit % columns
    const first = ((unit - column) / columns) * unitHeight * stride + column * unitWidth
    const meanOf = (row: number): number => {
      const from = first + row * stride
      return (
        samples.subarray(from, from + unitWidth).reduce((sum, value) => sum + value, 0) / unitWidth
      )
    }
    const [far, upper, lower, beyond] = [-2, -1, 0, 1].map(meanOf) as [
      number,
      number,
      number,
      number,
    ]
    jumps[unit] = lower - upper - (beyond - lower + upper - far) / 2
    above[unit] = upper
    below[unit] = lower
  }
  return { jumps, above, below }
}
