/**
 * AssemblyScript, part of build/kernels/train.wasm: the gradient of a convolution's filter. Reads what arrange.ts has put
 * in order, and is explained there.
 */

/**
 * Gradient of the filter: for every number of a run the products of what pixels read there and of their gradients,
 * summed over pixels. Six numbers of a run by eight channels are held in registers while the pixels go by.
 *
 * @param gradients [blocks, pixels, 8]
 * @param output [runs, runLength, blocks * 8]
 */
export function filterGradient(
  starts: usize,
  gradients: usize,
  output: usize,
  pixels: i32,
  rowBytes: i32,
  runs: i32,
  runLength: i32,
  blocks: i32,
): void {
  const outBytes = <usize>blocks << 5
  memory.fill(output, 0, <usize>(runs * runLength) * outBytes)
  // Gradients of so many pixels stay in the nearest cache while the runs go by.
  const pixelsAtOnce = 256
  for (let first = 0; first < pixels; first += pixelsAtOnce) {
    const end = min(pixels, first + pixelsAtOnce)
    for (let run = 0; run < runs; run++) {
      const runOffset = <usize>(run * rowBytes)
      const runOutput = output + <usize>(run * runLength) * outBytes
      for (let place = 0; place < runLength; place += 6) {
        const offset = runOffset + (<usize>place << 2)
        for (let block = 0; block < blocks; block++) {
          const to = runOutput + <usize>place * outBytes + (<usize>block << 5)
          const from = gradients + ((<usize>block * <usize>pixels) << 5)
          if (runLength - place >= 6) gradientTile(starts, from, to, first, end, offset, outBytes)
          else gradientRest(starts, from, to, first, end, offset, outBytes, runLength - place)
        }
      }
    }
  }
}

// @ts-expect-error: decorator
@inline
function gradientTile(
  starts: usize,
  gradients: usize,
  output: usize,
  first: i32,
  end: i32,
  offset: usize,
  outBytes: usize,
): void {
  let to = output
  let a0 = v128.load(to), b0 = v128.load(to, 16)
  to += outBytes
  let a1 = v128.load(to), b1 = v128.load(to, 16)
  to += outBytes
  let a2 = v128.load(to), b2 = v128.load(to, 16)
  to += outBytes
  let a3 = v128.load(to), b3 = v128.load(to, 16)
  to += outBytes
  let a4 = v128.load(to), b4 = v128.load(to, 16)
  to += outBytes
  let a5 = v128.load(to), b5 = v128.load(to, 16)
  let g = gradients + (<usize>first << 5)
  const lastStart = starts + (<usize>end << 2)
  for (let s = starts + (<usize>first << 2); s < lastStart; s += 4, g += 32) {
    const from = <usize>load<u32>(s) + offset
    const w = v128.load(g)
    const v = v128.load(g, 16)
    let x = v128.load32_splat(from)
    a0 = f32x4.relaxed_madd(x, w, a0)
    b0 = f32x4.relaxed_madd(x, v, b0)
    x = v128.load32_splat(from, 4)
    a1 = f32x4.relaxed_madd(x, w, a1)
    b1 = f32x4.relaxed_madd(x, v, b1)
    x = v128.load32_splat(from, 8)
    a2 = f32x4.relaxed_madd(x, w, a2)
    b2 = f32x4.relaxed_madd(x, v, b2)
    x = v128.load32_splat(from, 12)
    a3 = f32x4.relaxed_madd(x, w, a3)
    b3 = f32x4.relaxed_madd(x, v, b3)
    x = v128.load32_splat(from, 16)
    a4 = f32x4.relaxed_madd(x, w, a4)
    b4 = f32x4.relaxed_madd(x, v, b4)
    x = v128.load32_splat(from, 20)
    a5 = f32x4.relaxed_madd(x, w, a5)
    b5 = f32x4.relaxed_madd(x, v, b5)
  }
  to = output
  v128.store(to, a0)
  v128.store(to, b0, 16)
  to += outBytes
  v128.store(to, a1)
  v128.store(to, b1, 16)
  to += outBytes
  v128.store(to, a2)
  v128.store(to, b2, 16)
  to += outBytes
  v128.store(to, a3)
  v128.store(to, b3, 16)
  to += outBytes
  v128.store(to, a4)
  v128.store(to, b4, 16)
  to += outBytes
  v128.store(to, a5)
  v128.store(to, b5, 16)
}

/** The last numbers of a run, fewer than six. */
function gradientRest(
  starts: usize,
  gradients: usize,
  output: usize,
  first: i32,
  end: i32,
  offset: usize,
  outBytes: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++) {
    const to = output + <usize>i * outBytes
    let a = v128.load(to), b = v128.load(to, 16)
    for (let pixel = first; pixel < end; pixel++) {
      const x = v128.load32_splat(<usize>load<u32>(starts + (<usize>pixel << 2)) + offset + (<usize>i << 2))
      const g = gradients + (<usize>pixel << 5)
      a = f32x4.relaxed_madd(x, v128.load(g), a)
      b = f32x4.relaxed_madd(x, v128.load(g, 16), b)
    }
    v128.store(to, a)
    v128.store(to, b, 16)
  }
}
