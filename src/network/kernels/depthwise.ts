/**
 * AssemblyScript: a convolution with one filter a channel, in float32, products summed in the order of the filter's places. A 3x3
 * filter within the picture, nearly all that there is, stays in registers along a row of output.
 */
import {
  depthwise_bias,
  depthwise_channels,
  depthwise_height,
  depthwise_kernelHeight,
  depthwise_kernelWidth,
  depthwise_left,
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
import { activated } from './epilogue'

export function depthwise(command: usize): void {
  const outHeight = depthwise_outHeight(command)
  const outWidth = depthwise_outWidth(command)
  const height = depthwise_height(command)
  const left = depthwise_left(command)
  const width = depthwise_width(command)
  const isSmall = depthwise_kernelHeight(command) === 3 && depthwise_kernelWidth(command) === 3
  // So few pixels that their lines, which lie far apart, stay in the first cache for all channels.
  const piece = max(4, 2048 / (depthwise_channels(command) * depthwise_stride(command)))
  let from = 0
  while (isSmall && from < outWidth && !isWithin(from, left, width, command)) from++
  let to = outWidth
  while (isSmall && to > from && !isWithin(to - 1, left, width, command)) to--
  for (let i = 0; i < outHeight; i++) {
    const top = i * depthwise_stride(command) - depthwise_top(command)
    const hasAbove = top >= 0
    const hasBelow = top + 3 <= height
    // Only one row of the filter may lie outside.
    if (!isSmall || top < -1 || top + 2 > height || !(hasAbove || hasBelow)) {
      span(command, i, 0, outWidth)
      continue
    }
    span(command, i, 0, from)
    for (let first = from; first < to; first += piece) {
      const end = min(to, first + piece)
      if (hasAbove && hasBelow) inside(command, i, first, end)
      else if (hasBelow) atTop(command, i, first, end)
      else atBottom(command, i, first, end)
    }
    span(command, i, to, outWidth)
  }
}

/** Whether the three places of a filter at output `at` lie in the picture, along one side of it. */
// @ts-expect-error: decorator
@inline
function isWithin(at: i32, before: i32, side: i32, command: usize): bool {
  const start = at * depthwise_stride(command) - before
  return start >= 0 && start + 3 <= side
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
      v128.store(output + c, activated(sum, v128.load(slopes + c)))
    }
  }
}

/** The same of a 3x3 filter that lies within the picture. */
function inside(command: usize, i: i32, from: i32, to: i32): void {
  along(command, i, from, to, true, true)
}

/** Its first row lies above the picture. */
function atTop(command: usize, i: i32, from: i32, to: i32): void {
  along(command, i, from, to, false, true)
}

/** Its last row lies below the picture. */
function atBottom(command: usize, i: i32, from: i32, to: i32): void {
  along(command, i, from, to, true, false)
}

// @ts-expect-error: decorator
@inline
function along(command: usize, i: i32, from: i32, to: i32, hasAbove: bool, hasBelow: bool): void {
  const pixel = <usize>depthwise_channels(command) << 2
  const row = <usize>depthwise_width(command) * pixel
  const step = <usize>depthwise_stride(command) * pixel
  const stride = depthwise_stride(command)
  // Of the filter's second row, which is in the picture.
  const start = inputOf(command, i * stride - depthwise_top(command) + 1, from * stride - depthwise_left(command))
  const first = outputOf(command, i, from)
  // From the last channels to the first: what a vector writes past the end of its pixel is written over later.
  for (let c = ((<isize>pixel - 1) >> 4) << 4; c >= 0; c -= 16) {
    let weight = <usize>depthwise_weights(command) + c
    const w0 = v128.load(weight), w1 = v128.load(weight + pixel), w2 = v128.load(weight + 2 * pixel)
    weight += 3 * pixel
    const w3 = v128.load(weight), w4 = v128.load(weight + pixel), w5 = v128.load(weight + 2 * pixel)
    weight += 3 * pixel
    const w6 = v128.load(weight), w7 = v128.load(weight + pixel), w8 = v128.load(weight + 2 * pixel)
    const bias = v128.load(<usize>depthwise_bias(command) + c)
    const slopes = v128.load(<usize>depthwise_slopes(command) + c)
    let y = start + c
    let output = first + c
    for (let j = from; j < to; j++, y += step, output += pixel) {
      let sum = bias
      if (hasAbove) {
        const x = y - row
        sum = f32x4.add(sum, f32x4.mul(w0, v128.load(x)))
        sum = f32x4.add(sum, f32x4.mul(w1, v128.load(x + pixel)))
        sum = f32x4.add(sum, f32x4.mul(w2, v128.load(x + 2 * pixel)))
      }
      sum = f32x4.add(sum, f32x4.mul(w3, v128.load(y)))
      sum = f32x4.add(sum, f32x4.mul(w4, v128.load(y + pixel)))
      sum = f32x4.add(sum, f32x4.mul(w5, v128.load(y + 2 * pixel)))
      if (hasBelow) {
        const z = y + row
        sum = f32x4.add(sum, f32x4.mul(w6, v128.load(z)))
        sum = f32x4.add(sum, f32x4.mul(w7, v128.load(z + pixel)))
        sum = f32x4.add(sum, f32x4.mul(w8, v128.load(z + 2 * pixel)))
      }
      v128.store(output, activated(sum, slopes))
    }
  }
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
