/**
 * AssemblyScript: any convolution in integers, as it is defined: stride, kernel and border as given. A row of the kernel at one
 * output pixel reads numbers that lie side by side in the picture, a "run"; up to five pixels by eight output channels
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
import { finish } from './epilogue'
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
  const sums = starts + (<usize>pixels << 2)
  const out = direct16_out(command)
  const panelBytes = <usize>(direct16_kernelHeight(command) * direct16_runPairs(command)) << 5
  let weights = <usize>direct16_weights(command)
  for (let block = 0; block < out; block += 8, weights += panelBytes) {
    channels8(command, block, weights, starts, sums, pixels, rowBytes, most / range)
  }
  return true
}

/** Eight output channels of all pixels; those of them that there are not are left out. */
function channels8(
  command: usize,
  block: i32,
  weights: usize,
  starts: usize,
  sums: usize,
  pixels: i32,
  rowBytes: usize,
  step: f32,
): void {
  const runs = direct16_kernelHeight(command)
  const pairs = direct16_runPairs(command)
  const outBytes = <usize>direct16_out(command) << 2
  const at = <usize>block << 2
  const scale = <usize>direct16_scale(command) + at
  const bias = <usize>direct16_bias(command) + at
  const slopes = <usize>direct16_slopes(command) + at
  const steps = f32x4.splat(step)
  const s0 = f32x4.mul(v128.load(scale), steps), s1 = f32x4.mul(v128.load(scale, 16), steps)
  const b0 = v128.load(bias), b1 = v128.load(bias, 16)
  const a0 = v128.load(slopes), a1 = v128.load(slopes, 16)
  const hasResidual = direct16_residual(command) !== 0
  let residual = <usize>direct16_residual(command) + at
  let to = <usize>direct16_output(command) + at
  const isWhole = at + 32 <= outBytes
  const groups = (pixels + maxRows - 1) / maxRows
  const small = pixels / groups
  const large = pixels - small * groups
  for (let group = 0; group < groups; group++) {
    const rows = group < large ? small + 1 : small
    direct(rows, starts, weights, runs, pairs, rowBytes, sums)
    starts += <usize>rows << 2
    const end = sums + (<usize>rows << 5)
    for (let sum = sums; sum < end; sum += 32, to += outBytes, residual += outBytes) {
      const low = finish(v128.load(sum), s0, b0, hasResidual ? residual : 0, a0)
      const high = finish(v128.load(sum, 16), s1, b1, hasResidual ? residual + 16 : 0, a1)
      if (isWhole) {
        v128.store(to, low)
        v128.store(to, high, 16)
      } else {
        // These sums are done with.
        v128.store(sum, low)
        v128.store(sum, high, 16)
        memory.copy(to, sum, outBytes - at)
      }
    }
  }
}
