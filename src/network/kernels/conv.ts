/**
 * AssemblyScript, compiled to build/kernels/kernels.wasm: convolution, bias and activation in one pass, on the heap of
 * tfjs's WASM backend. Six output pixels by eight output channels are held in registers while the kernel's places and
 * input channels go by: twelve fused multiply-adds (relaxed SIMD) for two loads of weights and six of pixels.
 *
 * Row `ky` of a filter at one output pixel reads kernelWidth * channels numbers that lie side by side in the picture:
 * a "run". So the inner loop knows neither places nor channels.
 */

const pixelsPerTile: i32 = 6
const channelsPerBlock: i32 = 8

const relu: i32 = 1
const leakyRelu: i32 = 2

/**
 * @param picture [height, width, channels] float32, padding included
 * @param filter [blocks, runs, runLength, 8] float32
 * @param bias [blocks * 8] float32
 * @param output [pixels, blocks * 8] float32
 * @param starts scratch for `pixels` uint32
 * @param width of the picture
 * @param runs rows of the kernel
 * @param runLength columns of the kernel times channels
 * @param activation 0 none, 1 relu, 2 leaky relu of slope 0.1
 */
export function conv(
  picture: usize,
  filter: usize,
  bias: usize,
  output: usize,
  starts: usize,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  blocks: i32,
  stride: i32,
  runs: i32,
  runLength: i32,
  activation: i32,
): void {
  const rowBytes = (width * channels) << 2
  const outBytes = (blocks * channelsPerBlock) << 2
  const pixels = outHeight * outWidth
  for (let y = 0, p = starts; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++, p += 4) {
      store<u32>(p, <u32>picture + y * stride * rowBytes + ((x * stride * channels) << 2))
    }
  }
  const blockBytes = <usize>(runs * runLength * channelsPerBlock) << 2
  for (let block = 0; block < blocks; block++) {
    for (let pixel = 0; pixel < pixels; pixel += pixelsPerTile) {
      tile(
        starts,
        pixel,
        pixels - 1,
        filter + <usize>block * blockBytes,
        bias + ((<usize>block * channelsPerBlock) << 2),
        output + ((<usize>block * channelsPerBlock) << 2),
        outBytes,
        rowBytes,
        runs,
        runLength,
        activation,
      )
    }
  }
}

/** One tile; pixels beyond `last` repeat the last one and are not stored. */
// @ts-expect-error: decorator
@inline
function tile(
  starts: usize,
  pixel: i32,
  last: i32,
  weights: usize,
  bias: usize,
  output: usize,
  outBytes: i32,
  rowBytes: i32,
  runs: i32,
  runLength: i32,
  activation: i32,
): void {
  let s0 = startOf(starts, pixel, last)
  let s1 = startOf(starts, pixel + 1, last)
  let s2 = startOf(starts, pixel + 2, last)
  let s3 = startOf(starts, pixel + 3, last)
  let s4 = startOf(starts, pixel + 4, last)
  let s5 = startOf(starts, pixel + 5, last)
  const low = v128.load(bias)
  const high = v128.load(bias, 16)
  let a0 = low, b0 = high
  let a1 = low, b1 = high
  let a2 = low, b2 = high
  let a3 = low, b3 = high
  let a4 = low, b4 = high
  let a5 = low, b5 = high
  const inFours = runLength >> 2
  const rest = runLength & 3
  const skip = rowBytes - (runLength << 2)
  for (let run = 0; run < runs; run++) {
    for (let k = 0; k < inFours; k++) {
      let w = v128.load(weights)
      let v = v128.load(weights, 16)
      let x = v128.load32_splat(s0)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)

      w = v128.load(weights, 32)
      v = v128.load(weights, 48)
      x = v128.load32_splat(s0, 4)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1, 4)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2, 4)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3, 4)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4, 4)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5, 4)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)

      w = v128.load(weights, 64)
      v = v128.load(weights, 80)
      x = v128.load32_splat(s0, 8)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1, 8)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2, 8)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3, 8)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4, 8)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5, 8)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)

      w = v128.load(weights, 96)
      v = v128.load(weights, 112)
      x = v128.load32_splat(s0, 12)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1, 12)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2, 12)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3, 12)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4, 12)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5, 12)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)

      weights += 128
      s0 += 16
      s1 += 16
      s2 += 16
      s3 += 16
      s4 += 16
      s5 += 16
    }
    for (let k = 0; k < rest; k++) {
      const w = v128.load(weights)
      const v = v128.load(weights, 16)
      let x = v128.load32_splat(s0)
      a0 = f32x4.relaxed_madd(x, w, a0)
      b0 = f32x4.relaxed_madd(x, v, b0)
      x = v128.load32_splat(s1)
      a1 = f32x4.relaxed_madd(x, w, a1)
      b1 = f32x4.relaxed_madd(x, v, b1)
      x = v128.load32_splat(s2)
      a2 = f32x4.relaxed_madd(x, w, a2)
      b2 = f32x4.relaxed_madd(x, v, b2)
      x = v128.load32_splat(s3)
      a3 = f32x4.relaxed_madd(x, w, a3)
      b3 = f32x4.relaxed_madd(x, v, b3)
      x = v128.load32_splat(s4)
      a4 = f32x4.relaxed_madd(x, w, a4)
      b4 = f32x4.relaxed_madd(x, v, b4)
      x = v128.load32_splat(s5)
      a5 = f32x4.relaxed_madd(x, w, a5)
      b5 = f32x4.relaxed_madd(x, v, b5)
      weights += 32
      s0 += 4
      s1 += 4
      s2 += 4
      s3 += 4
      s4 += 4
      s5 += 4
    }
    s0 += skip
    s1 += skip
    s2 += skip
    s3 += skip
    s4 += skip
    s5 += skip
  }
  let to = output + <usize>pixel * <usize>outBytes
  const left = last - pixel
  store8(to, a0, b0, activation)
  if (left < 1) return
  to += outBytes
  store8(to, a1, b1, activation)
  if (left < 2) return
  to += outBytes
  store8(to, a2, b2, activation)
  if (left < 3) return
  to += outBytes
  store8(to, a3, b3, activation)
  if (left < 4) return
  to += outBytes
  store8(to, a4, b4, activation)
  if (left < 5) return
  store8(to + outBytes, a5, b5, activation)
}

// @ts-expect-error: decorator
@inline
function startOf(starts: usize, pixel: i32, last: i32): usize {
  return load<u32>(starts + (<usize>(pixel < last ? pixel : last) << 2))
}

// @ts-expect-error: decorator
@inline
function store8(to: usize, low: v128, high: v128, activation: i32): void {
  v128.store(to, activate(low, activation))
  v128.store(to, activate(high, activation), 16)
}

// @ts-expect-error: decorator
@inline
function activate(x: v128, activation: i32): v128 {
  if (activation == relu) return f32x4.max(x, f32x4.splat(0))
  if (activation == leakyRelu) return f32x4.max(x, f32x4.mul(x, f32x4.splat(0.1)))
  return x
}

/** Copies a picture of `height` rows of `rowBytes` bytes into a larger one, zeros around it. */
export function pad(
  picture: usize,
  output: usize,
  height: i32,
  rowBytes: i32,
  top: i32,
  bottom: i32,
  leftBytes: i32,
  rightBytes: i32,
): void {
  const outRowBytes = leftBytes + rowBytes + rightBytes
  memory.fill(output, 0, top * outRowBytes)
  let to = output + top * outRowBytes
  for (let row = 0; row < height; row++) {
    memory.fill(to, 0, leftBytes)
    memory.copy(to + leftBytes, picture + row * rowBytes, rowBytes)
    memory.fill(to + leftBytes + rowBytes, 0, rightBytes)
    to += outRowBytes
  }
  memory.fill(to, 0, bottom * outRowBytes)
}
