/**
 * What somebody does to a photo who wants to send it once more: cropped, scaled and turned, lighter or darker, noisier.
 * Seeded. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { warp } from '../../../src/image/warp.ts'
import type { SeededRandom } from '../../learning/seeded-random.ts'

export interface Alteration {
  /** Most by which it is scaled, as a share, moved, as a share of a side, and turned, in degrees. */
  readonly scale: number
  readonly move: number
  readonly turn: number
  /** Most by which gain and gamma change, as a share. */
  readonly tone: number
  /** Deviation of the noise, 0..255. */
  readonly noise: number
  /** Of the JPEG that is made of it. */
  readonly quality: number
}

const none = { scale: 0, move: 0, turn: 0, tone: 0, noise: 0, quality: 85 }

export const alterations = {
  'compressed anew, quality 60': { ...none, quality: 60 },
  'cropped and scaled by up to 10 %': { ...none, scale: 0.1, move: 0.04 },
  'turned by up to 6 degrees, scaled by up to 5 %': { ...none, scale: 0.05, move: 0.03, turn: 6 },
  'gain and gamma changed by up to 15 %': { ...none, tone: 0.15, noise: 3 },
  'brightened or darkened by up to 40 %': { ...none, tone: 0.4 },
  'all of that, noise, quality 70': {
    ...{ scale: 0.1, move: 0.04, turn: 5, tone: 0.15, noise: 5, quality: 70 },
  },
  'more of it: turned by 8 degrees, gamma 25 %, much noise, quality 40': {
    ...{ scale: 0.15, move: 0.04, turn: 8, tone: 0.25, noise: 12, quality: 40 },
  },
} as const satisfies Record<string, Alteration>

export function alter(photo: RgbImage, how: Alteration, random: SeededRandom): RgbImage {
  const { width, height } = photo
  const within = (most: number): number => random.between(-most, most)
  const scale = 1 / (1 + within(how.scale))
  const angle = (within(how.turn) * Math.PI) / 180
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)]
  const [x, y] = [width * (0.5 + within(how.move)), height * (0.5 + within(how.move))]
  const place = { a, b, x0: x - (a * width - b * height) / 2, y0: y - (b * width + a * height) / 2 }
  const [gain, gamma] = [1 + within(how.tone), 1 + within(how.tone)]
  const altered = warp(photo, place, width, height).map((value) => {
    const toned = 255 * (value / 255) ** gamma * gain + how.noise * random.normal()
    return Math.max(0, Math.min(255, Math.round(toned)))
  })
  return { width, height, data: new Uint8Array(altered) }
}
