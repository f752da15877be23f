/**
 * AssemblyScript: any convolution in integers, as it is defined: stride, kernel and border as given. A row of the kernel at one
 * output pixel reads numbers that lie side by side in the picture, a "run"; up to four pixels by eight output channels
 * are summed in registers while the runs go by.
 */
import { direct, maxRows } from '../../../build/kernels/generated/tiles'
import {
  direct16_bias,
  direct16_bottom,
  direct16_channels,
  direct16_height,
  direct16_kernelHeight,
  direct16_left,
  direct16_most,
  direct16_out,
  direct16_outHeight,
  direct16_output,
  direct16_outWidth,
  direct16_picture,
  direct16_range,
  direct16_residual,
  direct16_rest,
  direct16_right,
  direct16_runPairs,
  direct16_scale,
  direct16_slopes,
  direct16_starts,
  direct16_stride,
  direct16_top,
  direct16_weights,
  direct16_width,
  direct16_x,
  direct16_xMost,
} from '../../../build/kernels/generated/commands'
import { isGentle } from './epilogue'
import { forget, largestOf, quantise, scaleFor } from './quantise'

/** False when the picture holds a number that is not finite. */
export function direct16(command: usize): bool {
  const x = <usize>direct16_x(command)
  const height = direct16_height(command)
  const width = direct16_width(command)
  const channels = direct16_channels(command)
  const left = direct16_left(command)
  const right = direct16_right(command)
  const top = direct16_top(command)
  const bottom = direct16_bottom(command)
  const range = direct16_range(command)
  const stride = direct16_stride(command)
  const picture = <usize>direct16_picture(command)
  const most = largestOf(<usize>direct16_xMost(command), x, height * width * channels)
  if (!isFinite(most)) return false
  if (direct16_most(command)) forget(<usize>direct16_most(command))
  const scale = scaleFor(most, range)
  const pixels = direct16_outHeight(command) * direct16_outWidth(command)
  // A piece of the picture that stays in the first cache is done for all channels before the next one.
  const pixelBytes = <i32>(channels * stride * stride) << 1
  const piece = max(1, pieceBytes / (pixelBytes * maxRows)) * maxRows
  const rowBytes = <usize>((left + width + right) * channels) << 1
  // Output pixels that read their own pixel only want no more of the picture than that piece.
  const isPointwise = stride === 1 && direct16_kernelHeight(command) === 1 && (left | right | top | bottom) === 0
  if (isPointwise) placeStarts(command, rowBytes, 1, min(piece, pixels))
  else {
    quantise(x, height, width * channels, picture, top, bottom, left * channels, right * channels, scale)
    placeStarts(command, rowBytes, direct16_outHeight(command), direct16_outWidth(command))
  }
  for (let first = 0; first < pixels; first += piece) {
    const count = min(piece, pixels - first)
    if (isPointwise) {
      quantise(x + (<usize>(first * channels) << 2), 1, count * channels, picture, 0, 0, 0, 0, scale)
    }
    channelsOf(command, first, isPointwise ? 0 : first, count, rowBytes, most / range)
  }
  return true
}

/** Of the picture; the first cache has 32 KiB and more, and holds a panel of weights too. */
const pieceBytes: i32 = 20 * 1024

/** Where in the picture the runs of each output pixel begin. */
function placeStarts(command: usize, rowBytes: usize, rows: i32, columns: i32): void {
  const stride = direct16_stride(command)
  const channels = direct16_channels(command)
  let start = <usize>direct16_starts(command)
  for (let y = 0; y < rows; y++) {
    const row = <usize>(y * stride) * rowBytes
    for (let at = 0; at < columns; at++, start += 4) {
      store<u32>(start, <u32>(row + (<usize>(at * stride * channels) << 1)))
    }
  }
}

/** All output channels, eight by eight, of some pixels. @param at of the first start */
function channelsOf(command: usize, first: i32, at: i32, pixels: i32, rowBytes: usize, step: f32): void {
  const out = direct16_out(command)
  const outBytes = <usize>out << 2
  const runs = direct16_kernelHeight(command)
  const pairs = direct16_runPairs(command)
  const panelBytes = <usize>(runs * pairs) << 5
  const starts = <usize>direct16_starts(command) + (<usize>at << 2)
  const picture = <usize>direct16_picture(command)
  const rest = <usize>direct16_rest(command)
  const residual = <usize>direct16_residual(command)
  const slopes = <usize>direct16_slopes(command)
  const gentle = slopes ? isGentle(slopes, out) : true
  const most = <usize>direct16_most(command)
  const before = <usize>first * outBytes
  // Spread evenly: a last tile of one row would cost nearly as much as one of four.
  const groups = (pixels + maxRows - 1) / maxRows
  const small = pixels / groups
  const large = pixels - small * groups
  let weights = <usize>direct16_weights(command)
  for (let at: usize = 0; at < outBytes; at += 32, weights += panelBytes) {
    const scale = <usize>direct16_scale(command) + at
    const bias = <usize>direct16_bias(command) + at
    const slope = slopes ? slopes + at : 0
    // Of eight channels those that there are not would be written over the next pixel's.
    const isWhole = at + 32 <= outBytes
    const to = <usize>direct16_output(command) + before + at
    const round = residual ? residual + before + at : 0
    if (isWhole) {
      const behind = <usize>(large * (small + 1))
      const next = round ? round + behind * outBytes : 0
      direct(small + 1, large, picture, starts, weights, runs, pairs, rowBytes, scale, step, bias, slope, gentle, round, outBytes, to, outBytes, most)
      direct(small, groups - large, picture, starts + (behind << 2), weights, runs, pairs, rowBytes, scale, step, bias, slope, gentle, next, outBytes, to + behind * outBytes, outBytes, most)
      continue
    }
    let pixel: usize = 0
    for (let group = 0; group < groups; group++) {
      const rows = group < large ? small + 1 : small
      const next = round ? round + pixel * outBytes : 0
      direct(rows, 1, picture, starts + (pixel << 2), weights, runs, pairs, rowBytes, scale, step, bias, slope, gentle, next, outBytes, rest, 32, most)
      for (let row = 0; row < rows; row++, pixel++) {
        memory.copy(to + pixel * outBytes, rest + (<usize>row << 5), outBytes - at)
      }
    }
  }
}
