/** AssemblyScript: what turns a picture into a vector, and a vector into another, in float32. */
import {
  dense_bias,
  dense_in,
  dense_out,
  dense_output,
  dense_weights,
  dense_x,
  globalAverage_channels,
  globalAverage_output,
  globalAverage_pixels,
  globalAverage_x,
  l2Normalise_length,
  l2Normalise_output,
  l2Normalise_x,
} from '../../../build/kernels/generated/commands'

/** Weights [in, out padded to fours], the output padded alike. */
export function dense(command: usize): void {
  const x = <usize>dense_x(command)
  const end = x + (<usize>dense_in(command) << 2)
  const row = <usize>((dense_out(command) + 3) & ~3) << 2
  const output = <usize>dense_output(command)
  const bias = <usize>dense_bias(command)
  for (let c: usize = 0; c < row; c += 16) {
    let sum = v128.load(bias + c)
    let weight = <usize>dense_weights(command) + c
    for (let from = x; from < end; from += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(from), v128.load(weight)))
      weight += row
    }
    v128.store(output + c, sum)
  }
}

export function globalAverage(command: usize): void {
  const pixel = <usize>globalAverage_channels(command) << 2
  let c: usize = 0
  // Sixteen channels at a time: the pixels' lines are read once, and four sums do not wait for each other.
  for (; c + 64 <= pixel; c += 64) averageOf(command, c, 4)
  for (; c < pixel; c += 16) averageOf(command, c, 1)
}

/** Of some vectors of channels, `c` bytes behind the first. */
// @ts-expect-error: decorator
@inline
function averageOf(command: usize, c: usize, vectors: i32): void {
  const pixels = globalAverage_pixels(command)
  const pixel = <usize>globalAverage_channels(command) << 2
  const output = <usize>globalAverage_output(command) + c
  const share = f32x4.splat(1 / <f32>pixels)
  let p = f32x4.splat(0), q = p, r = p, s = p
  let from = <usize>globalAverage_x(command) + c
  for (let i = 0; i < pixels; i++, from += pixel) {
    p = f32x4.add(p, v128.load(from))
    if (vectors < 4) continue
    q = f32x4.add(q, v128.load(from, 16))
    r = f32x4.add(r, v128.load(from, 32))
    s = f32x4.add(s, v128.load(from, 48))
  }
  v128.store(output, f32x4.mul(p, share))
  if (vectors < 4) return
  v128.store(output, f32x4.mul(q, share), 16)
  v128.store(output, f32x4.mul(r, share), 32)
  v128.store(output, f32x4.mul(s, share), 48)
}

/** Zeros, which have no direction, become NaN. */
export function l2Normalise(command: usize): void {
  const x = <usize>l2Normalise_x(command)
  const bytes = <usize>l2Normalise_length(command) << 2
  let squares: f64 = 0
  for (let i: usize = 0; i < bytes; i += 4) {
    const value = <f64>load<f32>(x + i)
    squares += value * value
  }
  const length = <f32>Math.sqrt(squares)
  const output = <usize>l2Normalise_output(command)
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(output + i, load<f32>(x + i) / length)
}
