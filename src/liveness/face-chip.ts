/**
 * The inner face of a frame as the mean head lies in it: a small square of luma, stretched so that the landmarks lie where those of the
 * mean head do, its light evened out. Two frames of one face can then be laid over each other. Pure.
 */
import { lumaOf } from '../face/focus.ts'
import type { Landmarks } from '../face/landmarks.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { type Affine, warp } from '../image/warp.ts'
import { meanHead } from './mean-head.ts'

/** Pixels of a side. */
export const chipSide = 72
/** What the chip shows of the mean head, from its middle: distances between the outer corners of the eyes. */
export const chipReach = 0.85

/** Pixels over which light is evened out. */
const lightReach = 7

/** [side, side]: how far each pixel stands out from its surroundings, in deviations of theirs. */
export type FaceChip = Float32Array

export function cutFaceChip(image: RgbImage, landmarks: Landmarks): FaceChip {
  const pixels = warp(image, placeOf(landmarks), chipSide)
  return evenOut(lumaOf(pixels))
}

/** Chip pixels -> pixels of the photo, by least squares over the landmarks. */
function placeOf(landmarks: Landmarks): Affine {
  const toChip = chipSide / (2 * chipReach)
  let [xx, xy, yy] = [0, 0, 0]
  const sums = { ux: 0, uy: 0, vx: 0, vy: 0 }
  const [mx, my] = [0, 1].map((axis) => landmarks.reduce((sum, at) => sum + at[axis]!, 0) / 68) as [
    number,
    number,
  ]
  landmarks.forEach(([px, py], i) => {
    const [x, y] = meanHead[i]!
    xx += x * x
    xy += x * y
    yy += y * y
    sums.ux += x * (px - mx)
    sums.uy += y * (px - mx)
    sums.vx += x * (py - my)
    sums.vy += y * (py - my)
  })
  const determinant = xx * yy - xy * xy
  const solve = (alongX: number, alongY: number): [number, number] => [
    (alongX * yy - alongY * xy) / determinant / toChip,
    (alongY * xx - alongX * xy) / determinant / toChip,
  ]
  const [a, c] = solve(sums.ux, sums.uy)
  const [b, d] = solve(sums.vx, sums.vy)
  const half = chipSide / 2
  return { a, b, c, d, x0: mx - (a + c) * half, y0: my - (b + d) * half }
}

function evenOut(luma: Float32Array): FaceChip {
  const mean = boxMean(luma, lightReach)
  const off = luma.map((value, i) => value - mean[i]!)
  const spread = boxMean(
    off.map((value) => value * value),
    lightReach,
  )
  // A floor keeps noise on plain skin from counting as much as an eye.
  return off.map((value, i) => value / (Math.sqrt(spread[i]!) + 6))
}

/** Mean over a square around each pixel, as much of it as lies in the chip. */
export function boxMean(values: Float32Array, reach: number): Float32Array {
  const across = boxAlong(values, reach, 1, chipSide)
  return boxAlong(across, reach, chipSide, 1)
}

function boxAlong(values: Float32Array, reach: number, step: number, stride: number): Float32Array {
  const mean = new Float32Array(values.length)
  for (let line = 0; line < chipSide; line++) {
    const start = line * stride
    let sum = 0
    for (let i = 0; i < reach; i++) sum += values[start + i * step]!
    for (let i = 0; i < chipSide; i++) {
      const first = i - reach
      const last = i + reach
      if (last < chipSide) sum += values[start + last * step]!
      if (first > 0) sum -= values[start + (first - 1) * step]!
      mean[start + i * step] = sum / (Math.min(last, chipSide - 1) - Math.max(first, 0) + 1)
    }
  }
  return mean
}
