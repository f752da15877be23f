/**
 * AssemblyScript: a convolution with one filter a channel, in float32, products summed in the order of the filter's places. Chooses for each
 * row of output, and for parts of it, how it is run: 3x3 filters in registers (depthwise-3x3.ts), four outputs at a time (generated), or as
 * any filter, wherever it lies.
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
  depthwise_outWidth,
  depthwise_output,
  depthwise_slopes,
  depthwise_stride,
  depthwise_top,
  depthwise_weights,
  depthwise_width,
  depthwise_x,
} from '../../../build/kernels/generated/commands'
import { atBottomFours, atTopFours, insideFours } from '../../../build/kernels/generated/depthwise-tiles'
import { atBottom, atTop, inputOf, inside, outputOf } from './depthwise-3x3'
import { activated, isGentle, larger, signless } from './epilogue'
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
