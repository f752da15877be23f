/** The borders of units, measured as simply as can be: what the kernel does is held against it. */
import {
  type Borders,
  jumpBefore,
  jumpInside,
  type MeanUnits,
  type SeenUnits,
} from '../../../../src/image/decode/jpeg/damage/mean-borders.ts'
import type { RgbImage } from '../../../../src/image/rgb-image.ts'

export interface SampledUnits extends MeanUnits {
  readonly samples: Uint8Array
  readonly stride: number
}

/** Of a unit. */
export const side = 16
export const unitAt = ({ width }: { width: number }, x: number, y: number): number =>
  Math.floor(y / side) * Math.ceil(width / side) + Math.floor(x / side)

/** The green of a picture in units of 16 x 16 samples, whole ones only. */
export function planeOf(
  image: RgbImage,
  shift: (unit: number) => number = () => 0,
  interval = 0,
): SampledUnits {
  const columns = Math.floor(image.width / side)
  const rows = Math.floor(image.height / side)
  const stride = columns * side
  const samples = new Uint8ClampedArray(stride * rows * side)
  for (let unit = 0; unit < columns * rows; unit++) {
    const by = shift(unit)
    const [left, top] = [(unit % columns) * side, Math.floor(unit / columns) * side]
    for (let y = top; y < top + side; y++) {
      for (let x = left; x < left + side; x++) {
        samples[y * stride + x] = image.data[(y * image.width + x) * 3 + 1]! + by
      }
    }
  }
  const plane = { columns, rows, unitWidth: side, unitHeight: side, step: 1, interval }
  return { ...plane, samples: new Uint8Array(samples.buffer), stride }
}

export function seenUnits(plane: SampledUnits): SeenUnits {
  const { samples, stride } = plane
  return {
    ...plane,
    borders: plainBorders(plane),
    jumpInside: (unit, line) => jumpInside(plane, samples, stride, unit, line),
    jumpBefore: (unit) => jumpBefore(plane, samples, stride, unit),
  }
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
