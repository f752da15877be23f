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
} from '../../../build/kernels/generated/commands'
import { maxAbs, quantise } from './quantise'

/** False when the picture holds a number that is not finite. */
export function direct16(command: usize): bool {
  const x = <usize>direct16_x(command)
  const height = direct16_height(command)
  const width = direct16_width(command)
  const channels = direct16_channels(command)
  const outHeight = direct16_outHeight(command)
  const outWidth = direct16_outWidth(command)
  const left = direct16_left(command)
  const right = direct16_right(command)
  const range = direct16_range(command)
  const picture = <usize>direct16_picture(command)
  const starts = <usize>direct16_starts(command)
  const most = maxAbs(x, height * width * channels)
  if (!isFinite(most)) return false
  quantise(
    x,
    height,
    width * channels,
    picture,
    direct16_top(command),
    direct16_bottom(command),
    left * channels,
    right * channels,
    most > 0 ? range / most : 0,
  )
  const rowBytes = <usize>((left + width + right) * channels) << 1
  const stride = direct16_stride(command)
  const pixels = outHeight * outWidth
  let start = starts
  for (let y = 0; y < outHeight; y++) {
    const row = picture + <usize>(y * stride) * rowBytes
    for (let at = 0; at < outWidth; at++, start += 4) {
      store<u32>(start, <u32>(row + (<usize>(at * stride * channels) << 1)))
    }
  }
  // A piece of the picture that stays in the first cache is done for all channels before the next one.
  const pixelBytes = <i32>(channels * stride * stride) << 1
  const piece = max(1, pieceBytes / (pixelBytes * maxRows)) * maxRows
  for (let first = 0; first < pixels; first += piece) {
    channelsOf(command, first, min(piece, pixels - first), rowBytes, most / range)
  }
  return true
}

/** Of the picture; the first cache has 32 KiB and more, and holds a panel of weights too. */
const pieceBytes: i32 = 20 * 1024

/** All output channels, eight by eight, of some pixels. */
function channelsOf(command: usize, first: i32, pixels: i32, rowBytes: usize, step: f32): void {
  const out = direct16_out(command)
  const outBytes = <usize>out << 2
  const runs = direct16_kernelHeight(command)
  const pairs = direct16_runPairs(command)
  const panelBytes = <usize>(runs * pairs) << 5
  const starts = <usize>direct16_starts(command) + (<usize>first << 2)
  const rest = <usize>direct16_rest(command)
  const residual = <usize>direct16_residual(command)
  const slopes = <usize>direct16_slopes(command)
  const before = <usize>first * outBytes
  const groups = (pixels + maxRows - 1) / maxRows
  const small = pixels / groups
  const large = pixels - small * groups
  let weights = <usize>direct16_weights(command)
  for (let at: usize = 0; at < outBytes; at += 32, weights += panelBytes) {
    const scale = <usize>direct16_scale(command) + at
    const bias = <usize>direct16_bias(command) + at
    // Of eight channels those that there are not would be written over the next pixel's.
    const isWhole = at + 32 <= outBytes
    let to = <usize>direct16_output(command) + before + at
    let round = residual ? residual + before + at : 0
    let start = starts
    for (let group = 0; group < groups; group++) {
      const rows = group < large ? small + 1 : small
      direct(
        rows,
        start,
        weights,
        runs,
        pairs,
        rowBytes,
        scale,
        step,
        bias,
        slopes ? slopes + at : 0,
        round,
        outBytes,
        isWhole ? to : rest,
        isWhole ? outBytes : 32,
      )
      if (!isWhole) {
        for (let row = 0; row < rows; row++) {
          memory.copy(to + <usize>row * outBytes, rest + (<usize>row << 5), outBytes - at)
        }
      }
      start += <usize>rows << 2
      to += <usize>rows * outBytes
      if (round) round += <usize>rows * outBytes
    }
  }
}
