/**
 * Faces painted or masked in named ways that the heads did not learn by name: by other code than theirs (paint-face.ts), alike for everybody.
 * Lengths are distances between the eyes, from the point between them, right and down. Pure.
 */

import { type Drape, plain, type Shape } from '../cover-otherwise.ts'
import { type Colour, isWithin } from '../draw/change-pixels.ts'

const white: Colour = [242, 242, 240]
const black: Colour = [14, 14, 16]
const red: Colour = [200, 24, 32]

/** From the jaw to the hair. */
const face: Shape = (u, v, jaw) =>
  isWithin(jaw, [u, v]) || (v < 0.3 && Math.hypot(u / 0.95, (v - 0.3) / 1.2) < 1)
const eye = (u: number, v: number, wide: number, high: number): boolean =>
  Math.hypot((Math.abs(u) - 0.5) / wide, v / high) < 1
const spot =
  (u0: number, v0: number, wide: number, high: number): Shape =>
  (u, v) =>
    Math.hypot((u - u0) / wide, (v - v0) / high) < 1
const mouth = spot(0, 1.08, 0.4, 0.15)
/** All of the face but the eyes, and the mouth. */
const open: Shape = (u, v, jaw) => face(u, v, jaw) && !eye(u, v, 0.25, 0.2) && !mouth(u, v, jaw)
const slits: Shape = (u, v, jaw) => face(u, v, jaw) && !eye(u, v, 0.22, 0.12)
const wave = (u: number, v: number): number =>
  Math.sin(u * 5 + 2 * Math.sin(v * 4)) + Math.sin(v * 6 + 2 * Math.cos(u * 5))

export const paints: Readonly<Record<string, Readonly<Record<string, readonly Drape[]>>>> = {
  'face paint': {
    'thin cream': [{ shape: open, dye: plain(white), opacity: 0.5 }],
    'thick cream': [{ shape: open, dye: plain(white), opacity: 0.85 }],
    gold: [{ shape: face, dye: (u) => [212 - 50 * u * u, 172 - 50 * u * u, 60], opacity: 0.7 }],
    skull: [
      { shape: face, dye: plain(white), opacity: 0.9 },
      { shape: (u, v) => eye(u, v, 0.35, 0.3), dye: plain(black), opacity: 0.9 },
      { shape: spot(0, 0.6, 0.15, 0.15), dye: plain(black), opacity: 0.9 },
      {
        shape: (u, v) => Math.abs(v - 1.1) < 0.15 && Math.abs(Math.sin(u * 20)) < 0.3,
        dye: plain(black),
        opacity: 0.9,
      },
    ],
    clown: [
      { shape: face, dye: plain(white), opacity: 0.85 },
      { shape: spot(0, 1.1, 0.55, 0.25), dye: plain(red), opacity: 0.9 },
      {
        shape: (u, v) => eye(u, v, 0.3, 0.35) && !eye(u, v, 0.2, 0.12),
        dye: plain([30, 60, 190]),
        opacity: 0.8,
      },
      { shape: spot(0, 0.62, 0.2, 0.2), dye: plain(red) },
    ],
    tiger: [
      { shape: open, dye: plain([232, 140, 40]), opacity: 0.7 },
      {
        shape: (u, v, jaw) => open(u, v, jaw) && Math.abs(Math.sin(v * 8 + Math.abs(u) * 3)) < 0.3,
        dye: plain(black),
        opacity: 0.85,
      },
    ],
    'stripes of a tiger alone': [
      {
        shape: (u, v, jaw) =>
          open(u, v, jaw) &&
          Math.abs(u) > 0.4 &&
          Math.abs(Math.sin(v * 8 + Math.abs(u) * 3)) < 0.25,
        dye: plain(black),
        opacity: 0.85,
      },
    ],
    camouflage: [
      {
        shape: face,
        dye: (u, v) => {
          const height = wave(u, v)
          return height > 0.5 ? [40, 50, 25] : height < -0.5 ? [95, 80, 50] : [60, 80, 40]
        },
        opacity: 0.8,
      },
    ],
    'three upright bands': [
      {
        shape: open,
        dye: (u) => (u < -0.3 ? [20, 60, 160] : u > 0.3 ? red : white),
        opacity: 0.85,
      },
    ],
    'three level bands': [
      {
        shape: face,
        dye: (_, v) => (v < 0.1 ? black : v < 0.8 ? red : [240, 200, 40]),
        opacity: 0.8,
      },
    ],
  },
  'party mask': {
    'upper half': [
      {
        shape: (u, v, jaw) => slits(u, v, jaw) && v < 0.6 - 0.2 * Math.abs(u) && v > -0.5,
        dye: plain(black),
      },
    ],
    'sheet of paper': [{ shape: open, dye: plain([228, 226, 220]), opacity: 0.95 }],
    'printed face': [
      { shape: slits, dye: plain([222, 184, 160]) },
      {
        shape: (u, v) => Math.abs(v - 1.08 + 0.2 * u * u) < 0.07 && Math.abs(u) < 0.4,
        dye: plain(red),
      },
      {
        shape: (u, v) => Math.abs(v + 0.28) < 0.05 && Math.abs(Math.abs(u) - 0.5) < 0.25,
        dye: plain([70, 44, 30]),
      },
      {
        shape: (u, v) => Math.abs(Math.abs(u) - 0.12) < 0.04 && Math.abs(v - 0.66) < 0.03,
        dye: plain([120, 70, 60]),
      },
    ],
    'of an animal': [
      { shape: slits, dye: plain([150, 110, 70]) },
      { shape: spot(0, 0.85, 0.5, 0.45), dye: plain([235, 220, 195]) },
      { shape: spot(0, 0.6, 0.2, 0.14), dye: plain(black) },
    ],
  },
}
