/** Chips made worse step by step, to learn how bad a photo may be: out of focus, too dark, pale, overexposed. Pure. */

export interface Degradation {
  readonly name: string
  /** @param chip [size, size, 3], values 0..255 @returns the same, whole numbers as a camera gives them */
  readonly degrade: (chip: Float32Array, size: number) => Float32Array
}

const blurs = [0, 2, 3, 4, 5, 6, 8, 10]
const dims = [0.5, 0.35, 0.25, 0.15, 0.08, 0.04]
const fades = [0.4, 0.25, 0.15, 0.08, 0.04]
const glares = [40, 80, 120, 150]
/** Luma 0..255 that a pale photo fades to, and gain of an overexposed one. */
const haze = 110
const exposure = 1.6

export const degradations: readonly Degradation[] = [
  ...blurs.map((sigma) => ({
    name: sigma === 0 ? 'as it is' : `blurred, sigma ${sigma} of 150 pixels`,
    degrade: (chip: Float32Array, size: number) => quantised(blur(chip, size, sigma), (v) => v),
  })),
  ...dims.map((gain) => ({
    name: `light times ${gain}`,
    degrade: (chip: Float32Array) => quantised(chip, (value) => value * gain),
  })),
  ...fades.map((gain) => ({
    name: `contrast times ${gain}`,
    degrade: (chip: Float32Array) => quantised(chip, (value) => haze + (value - haze) * gain),
  })),
  ...glares.map((added) => ({
    name: `overexposed by ${added}`,
    degrade: (chip: Float32Array) => quantised(chip, (value) => value * exposure + added),
  })),
]

function quantised(chip: Float32Array, change: (value: number) => number): Float32Array {
  return chip.map((value) => Math.round(Math.min(255, Math.max(0, change(value)))))
}

/** Gaussian, along the rows and then along the columns; the edge goes on beyond the edge. */
export function blur(chip: Float32Array, size: number, sigma: number): Float32Array {
  if (sigma === 0) return chip
  const reach = Math.ceil(3 * sigma)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const along = (from: Float32Array, step: (i: number, offset: number) => number) =>
    from.map((_, i) => {
      let sum = 0
      for (const [k, weight] of weights.entries()) sum += weight * from[step(i, k - reach)]!
      return sum / total
    })
  const inside = (place: number): number => Math.min(size - 1, Math.max(0, place))
  const pixel = (x: number, y: number, channel: number): number => (y * size + x) * 3 + channel
  const at = (i: number) => ({
    x: Math.floor(i / 3) % size,
    y: Math.floor(i / 3 / size),
    channel: i % 3,
  })
  const rows = along(chip, (i, offset) => {
    const { x, y, channel } = at(i)
    return pixel(inside(x + offset), y, channel)
  })
  return along(rows, (i, offset) => {
    const { x, y, channel } = at(i)
    return pixel(x, inside(y + offset), channel)
  })
}
