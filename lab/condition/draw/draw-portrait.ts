/** A drawn portrait from a seed: flat colours, an outline here and there, as icons and comics have it. */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'
import { type Colour, colourOf, shaded } from './change-pixels.ts'

interface Shape {
  readonly colour: Colour
  contains(x: number, y: number): boolean
}

/** @param side in pixels */
export function drawPortrait(side: number, random: SeededRandom): RgbImage {
  const share = (low: number, high: number): number => side * random.between(low, high)
  const tone = random.between(90, 245)
  const skin: Colour = [tone, tone * random.between(0.7, 0.85), tone * random.between(0.5, 0.75)]
  const dark = (most: number): Colour => colourOf(() => random.between(0, most))
  const [hair, brow, iris] = [dark(160), dark(90), dark(130)]
  const lip: Colour = [random.between(140, 220), random.between(40, 110), random.between(40, 120)]
  const [cx, cy] = [side / 2 + share(-0.04, 0.04), side / 2 + share(-0.04, 0.04)]
  const [wide, high] = [share(0.2, 0.28), share(0.28, 0.36)]
  const [eyeX, eyeY] = [wide * random.between(0.4, 0.52), high * random.between(0.08, 0.22)]
  const [eyeWide, eyeHigh] = [wide * random.between(0.16, 0.24), wide * random.between(0.08, 0.16)]
  const [mouthY, mouthWide] = [high * random.between(0.48, 0.6), wide * random.between(0.3, 0.5)]
  const smile = high * random.between(-0.03, 0.1)
  const noseHigh = high * random.between(0.18, 0.3)
  const oval = (colour: Colour, x: number, y: number, w: number, h: number): Shape => ({
    colour,
    contains: (u, v) => ((u - x) / w) ** 2 + ((v - y) / h) ** 2 < 1,
  })
  const line = wide * random.between(0.03, 0.07)
  const eyes = [-1, 1].flatMap((sign): Shape[] => [
    oval([250, 250, 248], cx + sign * eyeX, cy - eyeY, eyeWide, eyeHigh),
    oval(iris, cx + sign * eyeX, cy - eyeY, eyeHigh * 0.75, eyeHigh * 0.8),
    {
      colour: brow,
      contains: (u, v) => {
        const off = (u - cx - sign * eyeX) / (eyeWide * 1.2)
        const arch = cy - eyeY - eyeHigh * 2 + off * off * eyeHigh * 0.7
        return Math.abs(off) < 1 && Math.abs(v - arch) < line
      },
    },
  ])
  const shapes: Shape[] = [
    {
      colour: hair,
      contains: (u, v) =>
        v < cy && oval(hair, cx, cy - high * 0.1, wide * 1.12, high * 1.1).contains(u, v),
    },
    oval(skin, cx, cy, wide, high),
    {
      colour: hair,
      contains: (u, v) => v < cy - high * 0.55 && oval(hair, cx, cy, wide, high).contains(u, v),
    },
    ...eyes,
    {
      colour: shaded(skin, 0.7),
      contains: (u, v) =>
        v > cy - eyeY &&
        v < cy + noseHigh &&
        Math.abs(u - cx + (v - cy - noseHigh) * 0.15) < line * 0.6,
    },
    {
      colour: lip,
      contains: (u, v) => {
        const off = (u - cx) / mouthWide
        return (
          Math.abs(off) < 1 &&
          Math.abs(v - cy - mouthY + off * off * smile) < line * 1.3 * (1 - off * off * 0.6)
        )
      },
    },
  ]
  const ground: Colour = [
    random.between(120, 255),
    random.between(120, 255),
    random.between(120, 255),
  ]
  const data = new Uint8Array(side * side * 3)
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) + 0.5, Math.floor(i / side) + 0.5]
    data.set(
      (shapes.findLast((shape) => shape.contains(x, y))?.colour ?? ground).map(Math.round),
      i * 3,
    )
  }
  return { width: side, height: side, data }
}
