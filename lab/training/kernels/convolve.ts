/**
 * AssemblyScript, part of build/kernels/train.wasm: the convolution of training, which with a turned filter is the
 * gradient of the input too. Reads what arrange.ts has put in order, and is explained there.
 */

/**
 * Convolution without bias: six pixels by eight channels are held in registers.
 *
 * @param filter [blocks, runs, runLength, 8]
 * @param output [pixels, blocks * 8]
 */
export function convolve(
  starts: usize,
  filter: usize,
  output: usize,
  pixels: i32,
  rowBytes: i32,
  runs: i32,
  runLength: i32,
  blocks: i32,
): void {
  const outBytes = <usize>blocks << 5
  const blockBytes = (<usize>runs * <usize>runLength) << 5
  // Pixels that fit into the nearest cache go through all blocks before the next ones come.
  const pixelsAtOnce = max(6, (48 * 1024 / max(1, runs * runLength * 4)) / 6 * 6)
  for (let first = 0; first < pixels; first += pixelsAtOnce) {
    const end = min(pixels, first + pixelsAtOnce)
    for (let block = 0; block < blocks; block++) {
      const weights = filter + <usize>block * blockBytes
      for (let pixel = first; pixel < end; pixel += 6) {
        convolveTile(starts, pixel, end - 1, weights, output + (<usize>block << 5), outBytes, rowBytes, runs, runLength)
      }
    }
  }
}

// @ts-expect-error: decorator
@inline
function startOf(starts: usize, pixel: i32, last: i32): usize {
  return load<u32>(starts + (<usize>min(pixel, last) << 2))
}

/** Pixels beyond `last` repeat the last one and are not stored. */
// @ts-expect-error: decorator
@inline
function convolveTile(
  starts: usize,
  pixel: i32,
  last: i32,
  weights: usize,
  output: usize,
  outBytes: usize,
  rowBytes: i32,
  runs: i32,
  runLength: i32,
): void {
  const s0 = startOf(starts, pixel, last)
  const s1 = startOf(starts, pixel + 1, last)
  const s2 = startOf(starts, pixel + 2, last)
  const s3 = startOf(starts, pixel + 3, last)
  const s4 = startOf(starts, pixel + 4, last)
  const s5 = startOf(starts, pixel + 5, last)
  const zero = f32x4.splat(0)
  let a0 = zero, b0 = zero
  let a1 = zero, b1 = zero
  let a2 = zero, b2 = zero
  let a3 = zero, b3 = zero
  let a4 = zero, b4 = zero
  let a5 = zero, b5 = zero
  let offset: usize = 0
  for (let run = 0; run < runs; run++) {
    const end = offset + (<usize>runLength << 2)
    for (let at = offset; at < end; at += 4, weights += 32) {
      const w = v128.load(weights)
      const v = v128.load(weights, 16)
      let x = v128.load32_splat(s0 + at)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1 + at)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2 + at)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3 + at)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4 + at)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5 + at)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)
    }
    offset += <usize>rowBytes
  }
  let to = output + <usize>pixel * outBytes
  const left = last - pixel
  v128.store(to, a0)
  v128.store(to, b0, 16)
  if (left < 1) return
  to += outBytes
  v128.store(to, a1)
  v128.store(to, b1, 16)
  if (left < 2) return
  to += outBytes
  v128.store(to, a2)
  v128.store(to, b2, 16)
  if (left < 3) return
  to += outBytes
  v128.store(to, a3)
  v128.store(to, b3, 16)
  if (left < 4) return
  to += outBytes
  v128.store(to, a4)
  v128.store(to, b4, 16)
  if (left < 5) return
  to += outBytes
  v128.store(to, a5)
  v128.store(to, b5, 16)
}
