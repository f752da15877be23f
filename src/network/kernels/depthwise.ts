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
  const isSmall = depthwise_kernelHeight(command) === 3 && depthwise_kernelWidth(command) === 3
  for (let i = 0; i < outHeight; i++) {
    if (!isSmall || !isWithin(i, depthwise_top(command), depthwise_height(command), command)) {
      span(command, i, 0, outWidth)
      continue
    }
    const left = depthwise_left(command)
    const width = depthwise_width(command)
    let from = 0
    while (from < outWidth && !isWithin(from, left, width, command)) from++
    let to = outWidth
    while (to > from && !isWithin(to - 1, left, width, command)) to--
    span(command, i, 0, from)
    inside(command, i, from, to)
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
  const weights = <usize>depthwise_weights(command)
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
    for (let c: usize = 0; c < pixel; c += 16) {
      let sum = v128.load(bias + c)
      for (let row = fromRow; row < toRow; row++) {
        let x = inputOf(command, top + row, left + fromColumn) + c
        let weight = weights + <usize>(row * kernelWidth + fromColumn) * pixel + c
        for (let column = fromColumn; column < toColumn; column++) {
          sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(weight)))
          x += pixel
          weight += pixel
        }
      }
      v128.store(output + c, activated(sum, v128.load(slopes + c)))
    }
  }
}

/** The same of a 3x3 filter that lies within the picture. */
function inside(command: usize, i: i32, from: i32, to: i32): void {
  const pixel = <usize>depthwise_channels(command) << 2
  const row = <usize>depthwise_width(command) * pixel
  const step = <usize>depthwise_stride(command) * pixel
  const stride = depthwise_stride(command)
  const start = inputOf(command, i * stride - depthwise_top(command), from * stride - depthwise_left(command))
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
    let x = start + c
    let output = first + c
    for (let j = from; j < to; j++, x += step, output += pixel) {
      const y = x + row
      const z = y + row
      let sum = f32x4.add(bias, f32x4.mul(w0, v128.load(x)))
      sum = f32x4.add(sum, f32x4.mul(w1, v128.load(x + pixel)))
      sum = f32x4.add(sum, f32x4.mul(w2, v128.load(x + 2 * pixel)))
      sum = f32x4.add(sum, f32x4.mul(w3, v128.load(y)))
      sum = f32x4.add(sum, f32x4.mul(w4, v128.load(y + pixel)))
      sum = f32x4.add(sum, f32x4.mul(w5, v128.load(y + 2 * pixel)))
      sum = f32x4.add(sum, f32x4.mul(w6, v128.load(z)))
      sum = f32x4.add(sum, f32x4.mul(w7, v128.load(z + pixel)))
      sum = f32x4.add(sum, f32x4.mul(w8, v128.load(z + 2 * pixel)))
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
