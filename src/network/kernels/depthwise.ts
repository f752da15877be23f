/**
 * AssemblyScript: a convolution with one filter a channel, in float32, products summed in the order of the filter's places. A 3x3
 * filter of which no more than one row and one column lie outside the picture, nearly all that there is, stays in registers along
 * a row of output.
 */
import {
  depthwise_bias,
  depthwise_channels,
  depthwise_height,
  depthwise_kernelHeight,
  depthwise_kernelWidth,
  depthwise_left,
  depthwise_most,
  depthwise_outHeight,
  depthwise_output,
  depthwise_outWidth,
  depthwise_slopes,
  depthwise_stride,
  depthwise_top,
  depthwise_weights,
  depthwise_width,
  depthwise_x,
} from '../../../build/kernels/generated/commands'
import { atBottomFours, atTopFours, insideFours } from '../../../build/kernels/generated/depthwise-tiles'
import { activated, gentlyActivated, isGentle, larger, signless } from './epilogue'
import { forget } from './quantise'

export function depthwise(command: usize): void {
  const outHeight = depthwise_outHeight(command)
  const outWidth = depthwise_outWidth(command)
  const height = depthwise_height(command)
  const left = depthwise_left(command)
  const width = depthwise_width(command)
  const stride = depthwise_stride(command)
  const gentle = isGentle(<usize>depthwise_slopes(command), depthwise_channels(command))
  forget(<usize>depthwise_most(command))
  // Of the last column's filter too only one column may lie outside; the picture has two rows and two columns at least.
  const isSmall =
    depthwise_kernelHeight(command) === 3 &&
    depthwise_kernelWidth(command) === 3 &&
    left <= 1 &&
    (outWidth - 1) * stride - left + 2 <= width &&
    width > 1
  // Outputs of a row whose filters have all columns in the picture.
  const innerTo = min(outWidth, width + left - 2)
  const goesByFours = isSmall && stride === 1 && innerTo - left >= 4 && depthwise_channels(command) % 4 === 0
  // So few pixels that their lines, which lie far apart, stay in the first cache for all channels.
  const piece = max(4, 2048 / (depthwise_channels(command) * stride))
  for (let i = 0; i < outHeight; i++) {
    const top = i * stride - depthwise_top(command)
    const hasAbove = top >= 0
    const hasBelow = top + 3 <= height
    // Only one row of the filter may lie outside.
    if (!isSmall || top < -1 || top + 2 > height || !(hasAbove || hasBelow)) {
      span(command, i, 0, outWidth)
      continue
    }
    if (goesByFours) {
      if (left > 0) part(command, i, 0, left, hasAbove, hasBelow, gentle)
      fours(command, i, left, innerTo, hasAbove, hasBelow, gentle)
      if (innerTo < outWidth) part(command, i, innerTo, outWidth, hasAbove, hasBelow, gentle)
      continue
    }
    for (let first = 0; first < outWidth; first += piece) {
      part(command, i, first, min(outWidth, first + piece), hasAbove, hasBelow, gentle)
    }
  }
}

/** Outputs `from` to `to` of row `i`, four or more, of filters that have all columns in the picture. */
function fours(
  command: usize, i: i32, from: i32, to: i32, hasAbove: bool, hasBelow: bool, gentle: bool,
): void {
  const pixel = <usize>depthwise_channels(command) << 2
  const row = <usize>depthwise_width(command) * pixel
  const x = inputOf(command, i - depthwise_top(command), from - depthwise_left(command))
  const output = outputOf(command, i, from)
  const weights = <usize>depthwise_weights(command)
  const bias = <usize>depthwise_bias(command)
  const slopes = <usize>depthwise_slopes(command)
  const most = <usize>depthwise_most(command)
  const count = to - from
  if (hasAbove && hasBelow) insideFours(x, row, pixel, count, weights, bias, slopes, gentle, output, most)
  else if (hasBelow) atTopFours(x, row, pixel, count, weights, bias, slopes, gentle, output, most)
  else atBottomFours(x, row, pixel, count, weights, bias, slopes, gentle, output, most)
}

/** Outputs `from` to `to` of row `i`, with no more than one row and one column of a filter outside the picture. */
function part(
  command: usize, i: i32, from: i32, to: i32, hasAbove: bool, hasBelow: bool, gentle: bool,
): void {
  if (hasAbove && hasBelow) inside(command, i, from, to, gentle)
  else if (hasBelow) atTop(command, i, from, to, gentle)
  else atBottom(command, i, from, to, gentle)
}

/** Outputs `from` to `to` of row `i`, wherever the filter lies. */
function span(command: usize, i: i32, from: i32, to: i32): void {
  const width = depthwise_width(command)
  const kernelWidth = depthwise_kernelWidth(command)
  const pixel = <usize>depthwise_channels(command) << 2
  const bias = <usize>depthwise_bias(command)
  const slopes = <usize>depthwise_slopes(command)
  const top = i * depthwise_stride(command) - depthwise_top(command)
  const fromRow = max(0, -top)
  const toRow = min(depthwise_kernelHeight(command), depthwise_height(command) - top)
  let output = outputOf(command, i, from)
  let most = v128.load(<usize>depthwise_most(command))
  const mask = signless(most)
  for (let j = from; j < to; j++, output += pixel) {
    const left = j * depthwise_stride(command) - depthwise_left(command)
    const fromColumn = max(0, -left)
    const toColumn = min(kernelWidth, width - left)
    const rowBytes = <usize>(toColumn - fromColumn) * pixel
    const start = inputOf(command, top + fromRow, left + fromColumn)
    const weights = <usize>depthwise_weights(command) + <usize>(fromRow * kernelWidth + fromColumn) * pixel
    for (let c: usize = 0; c < pixel; c += 16) {
      let sum = v128.load(bias + c)
      let x = start + c
      let weight = weights + c
      for (let row = fromRow; row < toRow; row++) {
        for (let end = x + rowBytes; x < end; x += pixel, weight += pixel) {
          sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(weight)))
        }
        x += <usize>width * pixel - rowBytes
        weight += <usize>kernelWidth * pixel - rowBytes
      }
      sum = activated(sum, v128.load(slopes + c))
      v128.store(output + c, sum)
      most = larger(most, sum, mask)
    }
  }
  v128.store(<usize>depthwise_most(command), most)
}

/** The same of a 3x3 filter that lies within the picture. */
function inside(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
  if (gentle) along(command, i, from, to, true, true, true)
  else along(command, i, from, to, true, true, false)
}

/** Its first row lies above the picture. */
function atTop(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
  if (gentle) along(command, i, from, to, false, true, true)
  else along(command, i, from, to, false, true, false)
}

/** Its last row lies below the picture. */
function atBottom(command: usize, i: i32, from: i32, to: i32, gentle: bool): void {
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
function inputOf(command: usize, row: i32, column: i32): usize {
  const pixel = row * depthwise_width(command) + column
  return <usize>depthwise_x(command) + (<usize>(pixel * depthwise_channels(command)) << 2)
}

// @ts-expect-error: decorator
@inline
function outputOf(command: usize, row: i32, column: i32): usize {
  const pixel = row * depthwise_outWidth(command) + column
  return <usize>depthwise_output(command) + (<usize>(pixel * depthwise_channels(command)) << 2)
}
