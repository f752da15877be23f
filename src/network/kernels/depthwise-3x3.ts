/**
 * AssemblyScript: a 3x3 filter a channel of which no more than one row and one column lie outside the picture, nearly all that there is. It
 * stays in registers along a row of output.
 */
import {
  depthwise_bias,
  depthwise_channels,
  depthwise_left,
  depthwise_most,
  depthwise_outWidth,
  depthwise_output,
  depthwise_slopes,
  depthwise_stride,
  depthwise_top,
  depthwise_weights,
  depthwise_width,
  depthwise_x,
} from '../../../build/kernels/generated/commands'
import { activated, gentlyActivated, larger, signless } from './epilogue'

/** Outputs `from` to `to` of row `i`, of a filter whose rows lie within the picture. */
export function inside(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
  if (gentle) along(command, i, from, to, true, true, true)
  else along(command, i, from, to, true, true, false)
}

/** Its first row lies above the picture. */
export function atTop(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
  if (gentle) along(command, i, from, to, false, true, true)
  else along(command, i, from, to, false, true, false)
}

/** Its last row lies below the picture. */
export function atBottom(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
  if (gentle) along(command, i, from, to, true, false, true)
  else along(command, i, from, to, true, false, false)
}

// @ts-expect-error: decorator
@inline
function along(
  command: usize, i: i32, from: i32, to: i32, hasAbove: bool, hasBelow: bool, gentle: bool,
): void {
  const pixel = <usize>depthwise_channels(command) << 2
  const row = <usize>depthwise_width(command) * pixel
  const stride = depthwise_stride(command)
  const step = <usize>stride * pixel
  const left = from * stride - depthwise_left(command)
  // The first and the last filter may have a column outside the picture.
  const hasEdge = left < 0
  const inner = from + (hasEdge ? 1 : 0)
  const hasEnd = to > inner && (to - 1) * stride - depthwise_left(command) + 3 > depthwise_width(command)
  const innerTo = hasEnd ? to - 1 : to
  // Of the filter's middle, which is in the picture.
  const start = inputOf(command, i * stride - depthwise_top(command) + 1, left + 1)
  const first = outputOf(command, i, from)
  const slopes = <usize>depthwise_slopes(command)
  let most = v128.load(<usize>depthwise_most(command))
  const mask = signless(most)
  // From the last channels to the first: what a vector writes past the end of its pixel is written over later.
  for (let c = ((<isize>pixel - 1) >> 4) << 4; c >= 0; c -= 16) {
    let weight = <usize>depthwise_weights(command) + c
    const w0 = v128.load(weight), w1 = v128.load(weight + pixel), w2 = v128.load(weight + 2 * pixel)
    weight += 3 * pixel
    const w3 = v128.load(weight), w4 = v128.load(weight + pixel), w5 = v128.load(weight + 2 * pixel)
    weight += 3 * pixel
    const w6 = v128.load(weight), w7 = v128.load(weight + pixel), w8 = v128.load(weight + 2 * pixel)
    const bias = v128.load(<usize>depthwise_bias(command) + c)
    const slope = v128.load(slopes + c)
    let y = start + c
    let output = first + c
    if (hasEdge) {
      let sum = bias
      if (hasAbove) sum = rowOf(sum, y - row, pixel, w0, w1, w2, false, true)
      sum = rowOf(sum, y, pixel, w3, w4, w5, false, true)
      if (hasBelow) sum = rowOf(sum, y + row, pixel, w6, w7, w8, false, true)
      sum = gentle ? gentlyActivated(sum, slope) : activated(sum, slope)
      v128.store(output, sum)
      most = larger(most, sum, mask)
      y += step
      output += pixel
    }
    for (let j = inner; j < innerTo; j++, y += step, output += pixel) {
      let sum = bias
      if (hasAbove) sum = rowOf(sum, y - row, pixel, w0, w1, w2, true, true)
      sum = rowOf(sum, y, pixel, w3, w4, w5, true, true)
      if (hasBelow) sum = rowOf(sum, y + row, pixel, w6, w7, w8, true, true)
      sum = gentle ? gentlyActivated(sum, slope) : activated(sum, slope)
      v128.store(output, sum)
      most = larger(most, sum, mask)
    }
    if (hasEnd) {
      let sum = bias
      if (hasAbove) sum = rowOf(sum, y - row, pixel, w0, w1, w2, true, false)
      sum = rowOf(sum, y, pixel, w3, w4, w5, true, false)
      if (hasBelow) sum = rowOf(sum, y + row, pixel, w6, w7, w8, true, false)
      sum = gentle ? gentlyActivated(sum, slope) : activated(sum, slope)
      v128.store(output, sum)
      most = larger(most, sum, mask)
    }
  }
  v128.store(<usize>depthwise_most(command), most)
}

/** With the products of one row of the filter. @param x of its middle */
// @ts-expect-error: decorator
@inline
function rowOf(sum: v128, x: usize, pixel: usize, left: v128, middle: v128, right: v128, hasLeft: bool, hasRight: bool): v128 {
  if (hasLeft) sum = f32x4.add(sum, f32x4.mul(left, v128.load(x - pixel)))
  sum = f32x4.add(sum, f32x4.mul(middle, v128.load(x)))
  if (hasRight) sum = f32x4.add(sum, f32x4.mul(right, v128.load(x + pixel)))
  return sum
}

// @ts-expect-error: decorator
@inline
export function inputOf(command: usize, row: i32, column: i32): usize {
  const pixel = row * depthwise_width(command) + column
  return <usize>depthwise_x(command) + (<usize>(pixel * depthwise_channels(command)) << 2)
}

// @ts-expect-error: decorator
@inline
export function outputOf(command: usize, row: i32, column: i32): usize {
  const pixel = row * depthwise_outWidth(command) + column
  return <usize>depthwise_output(command) + (<usize>(pixel * depthwise_channels(command)) << 2)
}
