/**
 * Faces covered in named ways that the heads did not learn by name: by other code than theirs (cover-face.ts), alike for everybody. Lengths
 * are distances between the eyes, from the point between them, right and down. Pure.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { Point } from '../../src/image/similarity.ts'
import { type Colour, isWithin, paint } from './draw/change-pixels.ts'
import { measureOf } from './draw/face-measure.ts'
import type { FaceOnPhoto } from './spoil-face.ts'

export type Dye = (u: number, v: number) => Colour
export type Shape = (u: number, v: number, jaw: readonly Point[]) => boolean

/** A shape in one dye, over which a second shape may lie. */
export interface Drape {
  readonly shape: Shape
  readonly dye: Dye
  readonly opacity?: number
}

const white: Colour = [236, 234, 230]
const navy: Colour = [32, 40, 84]
const red: Colour = [176, 42, 50]
const black: Colour = [22, 22, 26]

/** From the jaw up to so high, over the nose. */
const maskUpTo =
  (top: number, lean = 0): Shape =>
  (u, v, jaw) =>
    v > top + Math.abs(u) * 0.25 + lean * u && isWithin(jaw, [u, v])
export const plain =
  (colour: Colour): Dye =>
  () =>
    colour
const stripes =
  (wide: number, way: readonly [number, number], one: Colour, other: Colour): Dye =>
  (u, v) =>
    Math.floor((u * way[0] + v * way[1]) / wide + 100) % 2 === 0 ? one : other
const checks =
  (wide: number, one: Colour, other: Colour): Dye =>
  (u, v) =>
    (Math.floor(u / wide + 100) + Math.floor(v / wide + 100)) % 2 === 0 ? one : other
const dots =
  (apart: number, one: Colour, other: Colour): Dye =>
  (u, v) =>
    Math.hypot((((u + 10) / apart) % 1) - 0.5, (((v + 10) / apart) % 1) - 0.5) < 0.3 ? other : one
const petals: Dye = (u, v) => {
  const wave = Math.sin(u * 9 + 2 * Math.sin(v * 5)) + Math.sin(v * 11 + 2 * Math.cos(u * 6))
  return wave > 0.7 ? [214, 90, 120] : wave < -0.9 ? [70, 120, 70] : [240, 226, 200]
}
const drawnMouth: Dye = (u, v) => {
  const lip = v - 1.05 + 0.3 * u * u
  if (Math.abs(u) < 0.42 && Math.abs(lip) < 0.02) return [60, 20, 25]
  if (Math.abs(u) < 0.42 * (1 - 6 * lip * lip) && Math.abs(lip) < 0.1) return [180, 70, 80]
  return Math.hypot(Math.abs(u) - 0.12, (v - 0.62) * 1.5) < 0.05 ? [110, 70, 60] : [214, 172, 148]
}
const eachEye =
  (inside: (u: number, v: number) => boolean): Shape =>
  (u, v) =>
    inside(Math.abs(u) - 0.5, v)
const power = (u: number, v: number, w: number, h: number, n: number): boolean =>
  Math.abs(u / w) ** n + Math.abs(v / h) ** n < 1

export const drapes: Readonly<Record<string, Readonly<Record<string, readonly Drape[]>>>> = {
  'patterned mask': {
    'broad stripes': [{ shape: maskUpTo(0.4), dye: stripes(0.3, [0, 1], navy, white) }],
    'thin stripes': [{ shape: maskUpTo(0.35), dye: stripes(0.08, [1, 0.6], black, white) }],
    'upright stripes': [{ shape: maskUpTo(0.3), dye: stripes(0.18, [1, 0], red, white) }],
    checked: [{ shape: maskUpTo(0.35), dye: checks(0.16, red, white) }],
    dotted: [{ shape: maskUpTo(0.35), dye: dots(0.24, navy, white) }],
    flowers: [{ shape: maskUpTo(0.35), dye: petals }],
    'of skin': [{ shape: maskUpTo(0.35), dye: plain([206, 164, 140]) }],
    'with a drawn mouth': [{ shape: maskUpTo(0.35), dye: drawnMouth }],
    'half transparent': [{ shape: maskUpTo(0.35), dye: plain(white), opacity: 0.7 }],
    askew: [{ shape: maskUpTo(0.45, 0.25), dye: plain([90, 150, 120]) }],
  },
  'other than a mask': {
    scarf: [
      {
        shape: (u, v) => v > 0.5 + 0.06 * Math.sin(6 * u),
        dye: stripes(0.4, [0.3, 1], [120, 84, 60], [150, 110, 84]),
      },
    ],
    'mouth only': [{ shape: (u, v) => power(u, v - 1.1, 0.6, 0.3, 4), dye: plain(black) }],
    hand: [
      {
        shape: (u, v) =>
          power(u * 0.8 + (v - 1.15) * 0.6, (v - 1.15) * 0.8 - u * 0.6, 1.2, 0.45, 3),
        dye: (u, v) =>
          Math.abs(((((v - 1.15) * 0.8 - u * 0.6 + 9) / 0.225) % 1) - 0.5) > 0.44
            ? [120, 76, 60]
            : [212, 160, 134],
      },
    ],
    telephone: [
      {
        shape: (u, v) => power(u - 0.1 + 0.2 * v, v - 1.1, 0.4, 0.75, 8),
        dye: plain([30, 32, 36]),
      },
    ],
  },
  'coloured glasses': {
    red: [
      {
        shape: eachEye((u, v) => power(u, v, 0.4, 0.32, 2.5)),
        dye: plain([150, 30, 40]),
        opacity: 0.85,
      },
    ],
    blue: [
      {
        shape: eachEye((u, v) => power(u, v, 0.44, 0.28, 4)),
        dye: plain([40, 70, 170]),
        opacity: 0.85,
      },
    ],
    mirrored: [
      {
        shape: eachEye((u, v) => power(u, v - 0.05, 0.44 * (1 - 0.4 * v), 0.36, 2.6)),
        dye: (u, v) => (v + 0.3 * u > 0.08 ? [96, 84, 70] : [186, 206, 226]),
      },
    ],
    brown: [
      {
        shape: eachEye((u, v) => power(u, v, 0.42, 0.34, 3)),
        dye: plain([84, 56, 36]),
        opacity: 0.8,
      },
    ],
    'cat-eye': [
      { shape: eachEye((u, v) => power(u, v + 0.3 * u, 0.46, 0.24, 2.4)), dye: plain(black) },
    ],
    askew: [
      {
        shape: (u, v) =>
          power(Math.abs(u * 0.98 + v * 0.17) - 0.5, v * 0.98 - u * 0.17, 0.42, 0.3, 3),
        dye: plain(black),
      },
    ],
    'white frame': [
      { shape: eachEye((u, v) => power(u, v, 0.5, 0.4, 3)), dye: plain(white) },
      { shape: eachEye((u, v) => power(u, v, 0.42, 0.32, 3)), dye: plain(black), opacity: 0.95 },
    ],
  },
  'other than glasses': {
    visor: [
      {
        shape: (u, v) => power(u, v, 1.05, 0.34, 6),
        dye: (_, v) => [200 - 150 * v, 120, 40 + 160 * v],
      },
    ],
    bar: [{ shape: (u, v) => power(u, v, 1.2, 0.22, 12), dye: plain([0, 0, 0]) }],
    brim: [{ shape: (u, v) => v < 0.22 - 0.1 * u * u, dye: plain([54, 58, 50]) }],
    hand: [
      {
        shape: (u, v) => power(u, v + 0.1 * u, 1.4, 0.4, 5),
        dye: (u, v) =>
          Math.abs((((v + 0.1 * u + 9) / 0.27) % 1) - 0.5) > 0.45 ? [120, 76, 60] : [212, 160, 134],
      },
    ],
  },
}

export function drape(
  image: RgbImage,
  { landmarks }: FaceOnPhoto,
  layers: readonly Drape[],
): RgbImage {
  const { toFace, points } = measureOf(landmarks)
  const jaw = points.slice(0, 17).map(([u, v]): Point => [u * 1.06, v * 1.04])
  return layers.reduce(
    (under, { shape, dye, opacity = 1 }) =>
      paint(under, (at) => {
        const [u, v] = toFace(at)
        return shape(u, v, jaw) ? [dye(u, v), opacity] : null
      }),
    image,
  )
}
