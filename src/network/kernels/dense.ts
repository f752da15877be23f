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
  const pixels = globalAverage_pixels(command)
  const pixel = <usize>globalAverage_channels(command) << 2
  const output = <usize>globalAverage_output(command)
  const share = f32x4.splat(1 / <f32>pixels)
  for (let c: usize = 0; c < pixel; c += 16) {
    let sum = f32x4.splat(0)
    let from = <usize>globalAverage_x(command) + c
    for (let i = 0; i < pixels; i++) {
      sum = f32x4.add(sum, v128.load(from))
      from += pixel
    }
    v128.store(output + c, f32x4.mul(sum, share))
  }
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
