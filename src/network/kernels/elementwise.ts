/** AssemblyScript: number by number: sums, activations, gates, and pictures copied into larger ones. */
import {
  activate_channels,
  activate_output,
  activate_pixels,
  activate_slopes,
  activate_x,
  add_a,
  add_b,
  add_c,
  add_d,
  add_length,
  add_most,
  add_output,
  add_slope,
  copy_height,
  copy_output,
  copy_outputPixelBytes,
  copy_outputRowBytes,
  copy_pixelBytes,
  copy_width,
  copy_x,
  gate_channels,
  gate_gates,
  gate_isClamped,
  gate_most,
  gate_output,
  gate_pixels,
  gate_residual,
  gate_squashed,
  gate_x,
  zero_bytes,
  zero_output,
} from '../../../build/kernels/generated/commands'
import { activated, larger, signless } from './epilogue'

/** `c` and `d` are 0 when there are fewer. Lengths are padded to fours. */
export function add(command: usize): void {
  const a = <usize>add_a(command)
  const b = <usize>add_b(command)
  const c = <usize>add_c(command)
  const d = <usize>add_d(command)
  const output = <usize>add_output(command)
  const slope = f32x4.splat(add_slope(command))
  const mask = signless(slope)
  const bytes = <usize>add_length(command) << 2
  let most = i32x4.splat(0)
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = f32x4.add(v128.load(a + i), v128.load(b + i))
    if (c) sum = f32x4.add(sum, v128.load(c + i))
    if (d) sum = f32x4.add(sum, v128.load(d + i))
    sum = activated(sum, slope)
    v128.store(output + i, sum)
    most = larger(most, sum, mask)
  }
  v128.store(<usize>add_most(command), most)
}

export function activate(command: usize): void {
  const pixel = <usize>activate_channels(command) << 2
  const slopes = <usize>activate_slopes(command)
  let x = <usize>activate_x(command)
  let output = <usize>activate_output(command)
  for (let i = 0; i < activate_pixels(command); i++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      v128.store(output + c, activated(v128.load(x + c), v128.load(slopes + c)))
    }
    x += pixel
    output += pixel
  }
}

export function gate(command: usize): void {
  const pixel = <usize>gate_channels(command) << 2
  const gates = <usize>gate_gates(command)
  const squashed = <usize>gate_squashed(command)
  const isClamped = gate_isClamped(command) !== 0
  for (let c: usize = 0; c < pixel; c += 4) {
    const gate = load<f32>(gates + c)
    const between = isClamped ? Mathf.max(0, Mathf.min(1, gate)) : 1 / (1 + Mathf.exp(-gate))
    store<f32>(squashed + c, between)
  }
  const residual = <usize>gate_residual(command)
  const x = <usize>gate_x(command)
  const output = <usize>gate_output(command)
  const end = <usize>gate_pixels(command) * pixel
  let most = i32x4.splat(0)
  const mask = signless(v128.load(squashed))
  for (let at: usize = 0; at < end; at += pixel) {
    for (let c: usize = 0; c < pixel; c += 16) {
      let y = f32x4.mul(v128.load(x + at + c), v128.load(squashed + c))
      if (residual) y = f32x4.add(y, v128.load(residual + at + c))
      v128.store(output + at + c, y)
      most = larger(most, y, mask)
    }
  }
  v128.store(<usize>gate_most(command), most)
}

export function copy(command: usize): void {
  const width = copy_width(command)
  const pixelBytes = <usize>copy_pixelBytes(command)
  const outputPixelBytes = <usize>copy_outputPixelBytes(command)
  let x = <usize>copy_x(command)
  let row = <usize>copy_output(command)
  for (let i = 0; i < copy_height(command); i++) {
    if (pixelBytes === outputPixelBytes) {
      memory.copy(row, x, pixelBytes * <usize>width)
      x += pixelBytes * <usize>width
    } else {
      let to = row
      for (let j = 0; j < width; j++) {
        memory.copy(to, x, pixelBytes)
        x += pixelBytes
        to += outputPixelBytes
      }
    }
    row += <usize>copy_outputRowBytes(command)
  }
}

export function zero(command: usize): void {
  memory.fill(<usize>zero_output(command), 0, <usize>zero_bytes(command))
}
