/**
 * Photos of faces made unfit in named ways and degrees, by other code than the heads learned from (spoil-face.ts): what the gate is
 * tried on. The same is done to every face, as when many people stand before one camera, so that strangers come to look alike.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { meanOf, type Point } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import {
  type Colour,
  changePixels,
  isWithin,
  movePixels,
  paint,
  smear,
} from './draw/change-pixels.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

/** JPEG quality; the caller compresses. */
export interface Spoilt {
  readonly image: RgbImage
  readonly quality?: number
}

export type SpoilOtherwise = (image: RgbImage, face: FaceOnPhoto, random: SeededRandom) => Spoilt

/** Every kind has degrees; all of one kind are one row of the table. */
export const spoiltOtherwise: Readonly<Record<string, Readonly<Record<string, SpoilOtherwise>>>> = {
  'dark glasses': {
    round: glasses(0.36, 0.3, 2, 0),
    'with a frame': glasses(0.42, 0.26, 4, 0.05),
    large: glasses(0.47, 0.42, 2.6, 0.03),
    narrow: glasses(0.38, 0.17, 6, 0.04),
    'paler below': glasses(0.42, 0.32, 3, 0.04, 0.5),
  },
  mask: {
    'over the mouth': mask(33, 4, [150, 190, 215]),
    'to the tip of the nose': mask(30, 3, [152, 192, 217]),
    'to the middle of the nose': mask(29, 2, [240, 240, 238]),
    'to its root': mask(27, 1, [35, 35, 40]),
    striped: mask(29, 2, [170, 60, 60], [225, 215, 200]),
  },
  'glasses and mask': {
    round: both(glasses(0.36, 0.3, 2, 0), mask(30, 3, [152, 192, 217])),
    'with a frame': both(glasses(0.42, 0.26, 4, 0.05), mask(29, 2, [35, 35, 40])),
  },
  'lens too near': {
    'wide, k = 0.3': lens(0.3, 1.3),
    'wide, k = 0.7': lens(0.7, 1.3),
    'k = 0.3': lens(0.3, 0.75),
    'k = 0.5': lens(0.5, 0.75),
    'k = 0.7': lens(0.7, 0.75),
  },
  noise: {
    'sigma 25': noise(25),
    'sigma 40': noise(40),
    'sigma 60': noise(60),
    grey: noise(35, true),
  },
  night: { dark: night(0.15, 5), darker: night(0.08, 5) },
  shake: { '8 %': shake(0.08), '12 %': shake(0.12), '18 %': shake(0.18), bent: shake(0.16, 1.2) },
  'out of focus': { '4 %': defocus(0.04), '7 %': defocus(0.07) },
  'JPEG quality': { 3: jpeg(3), 5: jpeg(5), 8: jpeg(8) },
  'coarse pixels': { '5 %': coarse(0.05), '8 %': coarse(0.08) },
  backlit: { '0.3': backlit(0.3), '0.15': backlit(0.15), '0.08': backlit(0.08) },
}

/** @param wide half a lens, in distances between the eyes */
function glasses(
  wide: number,
  high: number,
  roundness: number,
  frame: number,
  below = 0.97,
): SpoilOtherwise {
  return (image, { landmarks }) => {
    const eyes = [meanOf(landmarks.slice(36, 42)), meanOf(landmarks.slice(42, 48))] as const
    const [right, left] = eyes
    const apart = Math.hypot(left[0] - right[0], left[1] - right[1])
    const [cos, sin] = [(left[0] - right[0]) / apart, (left[1] - right[1]) / apart]
    const made = paint(image, ([x, y]) => {
      for (const [i, [ex, ey]] of eyes.entries()) {
        const u = ((x - ex) * cos + (y - ey) * sin) / apart + (i === 0 ? 0.02 : -0.02)
        const v = ((y - ey) * cos - (x - ex) * sin) / apart - 0.03
        const at = (grown: number): number =>
          Math.abs(u / (wide + grown)) ** roundness + Math.abs(v / (high + grown)) ** roundness
        if (at(0) < 1) return [[14, 14, 18], 0.97 + ((v + high) / (2 * high)) * (below - 0.97)]
        if (at(frame) < 1) return [[70, 45, 30], 1]
      }
      const [mx, my] = meanOf(eyes)
      const u = ((x - mx) * cos + (y - my) * sin) / apart
      const v = ((y - my) * cos - (x - mx) * sin) / apart + 0.05
      const isBridge = Math.abs(u) < 0.5 - wide && Math.abs(v) < frame
      const isTemple = Math.abs(u) > 0.5 + wide && Math.abs(u) < 1.05 && Math.abs(v + 0.02) < frame
      return isBridge || isTemple ? [[70, 45, 30], 1] : null
    })
    return { image: made }
  }
}

/** @param top landmark up to which it reaches, @param from the jaw's landmark where it starts */
function mask(top: number, from: number, colour: Colour, stripes?: Colour): SpoilOtherwise {
  return (image, { landmarks, width }) => {
    const outline = [...landmarks.slice(from, 17 - from), landmarks[top]!]
    const made = paint(image, ([x, y]) => {
      if (!isWithin(outline, [x, y])) return null
      const isStripe = stripes && Math.floor((x + y) / (0.06 * width)) % 2 === 0
      const fold = 1 - 0.12 * Math.abs(Math.sin((y / width) * 22))
      const [r, g, b] = isStripe ? stripes : colour
      return [[r * fold, g * fold, b * fold], 1]
    })
    return { image: made }
  }
}

function both(first: SpoilOtherwise, second: SpoilOtherwise): SpoilOtherwise {
  return (image, face, random) => second(first(image, face, random).image, face, random)
}

/** The middle of the face 1 + k times as large, and less outward: what is `far` widths of the face away stays as it was. */
function lens(k: number, far: number): SpoilOtherwise {
  return (image, { landmarks, width }) => {
    const [cx, cy] = meanOf([meanOf(landmarks.slice(36, 48)), meanOf(landmarks.slice(48, 60))])
    const reach = far * width
    const made = movePixels(image, (x, y) => {
      const r = Math.hypot(x - cx, y - cy) / reach
      const share = (1 + k * r * r) / (1 + k)
      return [cx + (x - cx) * share, cy + (y - cy) * share]
    })
    return { image: made }
  }
}

function noise(sigma: number, isGrey = false): SpoilOtherwise {
  return (image, _, random) => {
    let grain = 0
    return each(image, (value, channel) => {
      if (!isGrey || channel === 0) grain = random.normal() * sigma
      return value + grain
    })
  }
}

/** Little light, the sensor's noise, then brightened by the phone. */
function night(light: number, sigma: number): SpoilOtherwise {
  return (image, _, random) => {
    const dark = each(image, (value) => value * light + random.normal() * sigma).image
    return each(dark, (value) => (value * 0.6) / light)
  }
}

/** @param bend radians by which the way turns */
function shake(share: number, bend = 0): SpoilOtherwise {
  return (image, { width }, random) => {
    const steps = Math.max(3, Math.round(width * share * 2))
    const length = (width * share) / steps
    let angle = random.between(0, 2 * Math.PI)
    let [x, y] = [0, 0]
    const way = Array.from({ length: steps }, (): Point => {
      x += length * Math.cos(angle)
      y += length * Math.sin(angle)
      angle += bend / steps
      return [x, y]
    })
    const [mx, my] = meanOf(way)
    const centred = way.map(([u, v]): Point => [u - mx, v - my])
    return { image: smear(image, centred) }
  }
}

/** @param share of the face's width that a point of light fills, its radius */
function defocus(share: number): SpoilOtherwise {
  return (image, { width }) => {
    const radius = width * share
    const disc: Point[] = []
    for (let v = -Math.ceil(radius); v <= radius; v++) {
      for (let u = -Math.ceil(radius); u <= radius; u++) {
        if (Math.hypot(u, v) <= radius) disc.push([u, v])
      }
    }
    return { image: smear(image, disc) }
  }
}

function jpeg(quality: number): SpoilOtherwise {
  return (image) => ({ image, quality })
}

function coarse(share: number): SpoilOtherwise {
  return (image, { width }) => {
    const side = Math.max(2, width * share)
    const middle = (place: number): number => (Math.floor(place / side) + 0.5) * side
    return { image: movePixels(image, (x, y) => [middle(x), middle(y)]) }
  }
}

/** A person before a window: little light on the face, which flare lifts, and much around it. */
function backlit(light: number): SpoilOtherwise {
  return (image, { landmarks, width }, random) => {
    const [cx, cy] = meanOf(landmarks)
    const made = changePixels(image, (value, x, y) => {
      const off = Math.hypot((x - cx) / (0.75 * width), (y - cy) / width)
      const inside = Math.max(0, Math.min(1, (1.15 - off) / 0.3))
      const before = 25 + value * light + 2 * random.normal()
      return before * inside + (170 + value * 0.4) * (1 - inside)
    })
    return { image: made }
  }
}

function each(image: RgbImage, to: (value: number, channel: number) => number): Spoilt {
  return { image: changePixels(image, (value, _x, _y, channel) => to(value, channel)) }
}
