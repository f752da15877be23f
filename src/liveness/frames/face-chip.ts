/**
 * The inner face of a frame as the mean head lies in it: a small square of luma, stretched so that the landmarks lie where those of the
 * mean head do, its light evened out. Two frames of one face can then be laid over each other. Pure.
 */
import { lumaOf } from '../../face/focus.ts'
import type { Landmarks } from '../../face/landmarks.ts'
import type { RgbImage } from '../../image/rgb-image.ts'
import type { Affine } from '../../image/similarity.ts'
import { warp } from '../../image/warp.ts'
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
  const off = luma.slice()
  const mean = boxMean(luma, lightReach)
  for (let i = 0; i < off.length; i++) off[i]! -= mean[i]!
  const squares = off.slice()
  for (let i = 0; i < off.length; i++) squares[i]! *= off[i]!
  const spread = boxMean(squares, lightReach)
  // A floor keeps noise on plain skin from counting as much as an eye.
  for (let i = 0; i < off.length; i++) off[i]! /= Math.sqrt(spread[i]!) + 6
  return off
}

/** Mean over a square around each pixel, as much of it as lies in the chip. */
export function boxMean(values: Float32Array, reach: number): Float32Array {
  const shares = sharesFor(reach)
  const across = boxAlong(values, shares, reach, 1, chipSide)
  return boxAlong(across, shares, reach, chipSide, 1)
}

/** One through the number of pixels of a line that lie within `reach` of each. */
function sharesFor(reach: number): Float64Array {
  return Float64Array.from({ length: chipSide }, (_, i) => {
    const [first, last] = [Math.max(i - reach, 0), Math.min(i + reach, chipSide - 1)]
    return 1 / (last - first + 1)
  })
}

function boxAlong(
  values: Float32Array,
  shares: Float64Array,
  reach: number,
  step: number,
  stride: number,
): Float32Array {
  const mean = new Float32Array(values.length)
  for (let line = 0; line < chipSide; line++) {
    const start = line * stride
    let sum = 0
    for (let i = 0; i < reach; i++) sum += values[start + i * step]!
    for (let i = 0; i < chipSide; i++) {
      if (i + reach < chipSide) sum += values[start + (i + reach) * step]!
      if (i > reach) sum -= values[start + (i - reach - 1) * step]!
      mean[start + i * step] = sum * shares[i]!
    }
  }
  return mean
}
