/** AssemblyScript: a picture made larger by a whole factor, each pixel read bilinearly between the centres of four. */
import {
  enlarge_channels,
  enlarge_factor,
  enlarge_height,
  enlarge_output,
  enlarge_width,
  enlarge_x,
} from '../../../build/kernels/generated/commands'

export function enlarge(command: usize): void {
  const height = enlarge_height(command)
  const width = enlarge_width(command)
  const factor = enlarge_factor(command)
  const pixel = <usize>enlarge_channels(command) << 2
  const x = <usize>enlarge_x(command)
  let output = <usize>enlarge_output(command)
  for (let i = 0; i < height * factor; i++) {
    const row = centre(i, factor)
    const upper = <usize>(max(0, <i32>floor(row)) * width) * pixel
    const lower = <usize>(min(height - 1, <i32>floor(row) + 1) * width) * pixel
    const down = f32x4.splat(row - floor(row))
    for (let j = 0; j < width * factor; j++) {
      const column = centre(j, factor)
      const left = <usize>max(0, <i32>floor(column)) * pixel
      const right = <usize>min(width - 1, <i32>floor(column) + 1) * pixel
      const across = f32x4.splat(column - floor(column))
      for (let c: usize = 0; c < pixel; c += 16) {
        const from = x + c
        const top = between(v128.load(from + upper + left), v128.load(from + upper + right), across)
        const bottom = between(v128.load(from + lower + left), v128.load(from + lower + right), across)
        v128.store(output + c, between(top, bottom, down))
      }
      output += pixel
    }
  }
}

/** Where the centre of a pixel of the larger picture lies in the smaller one. */
// @ts-expect-error: decorator
@inline
function centre(place: i32, factor: i32): f32 {
  return (<f32>place + 0.5) / <f32>factor - 0.5
}

// @ts-expect-error: decorator
@inline
function between(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share))
}
