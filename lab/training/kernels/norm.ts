/**
 * AssemblyScript, part of build/kernels/train.wasm: batch normalisation in the passes that it is made of. Tensors are
 * [pixels, channels] float32.
 */

/** Numbers that are added up in float32 before the sum goes on in float64. */
const pixelsPerSum: i32 = 64

/** wide[c] += narrow[c], narrow[c] = 0. */
function flush(narrow: usize, wide: usize, channels: i32): void {
  for (let c = 0; c < channels; c++) {
    const from = narrow + (<usize>c << 2)
    const to = wide + (<usize>c << 3)
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from))
    store<f32>(from, 0)
  }
}

/**
 * means[c] = mean over pixels of x[c].
 *
 * @param scratch `channels` float64 and as many float32
 */
export function channelMeans(x: usize, means: usize, scratch: usize, pixels: i32, channels: i32): void {
  const narrow = scratch + (<usize>channels << 3)
  memory.fill(scratch, 0, <usize>channels * 12)
  const fours = channels & ~3
  for (let pixel = 0; pixel < pixels; pixel++) {
    let c = 0
    for (let to = narrow; c < fours; c += 4, x += 16, to += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(x)))
    }
    for (; c < channels; c++, x += 4) {
      const to = narrow + (<usize>c << 2)
      store<f32>(to, load<f32>(to) + load<f32>(x))
    }
    if (pixel % pixelsPerSum == pixelsPerSum - 1) flush(narrow, scratch, channels)
  }
  flush(narrow, scratch, channels)
  for (let c = 0; c < channels; c++) {
    store<f32>(means + (<usize>c << 2), <f32>(load<f64>(scratch + (<usize>c << 3)) / <f64>pixels))
  }
}

/** variances[c] = mean over pixels of (x[c] - means[c])^2. */
export function channelVariances(
  x: usize,
  means: usize,
  variances: usize,
  scratch: usize,
  pixels: i32,
  channels: i32,
): void {
  const narrow = scratch + (<usize>channels << 3)
  memory.fill(scratch, 0, <usize>channels * 12)
  const fours = channels & ~3
  for (let pixel = 0; pixel < pixels; pixel++) {
    let c = 0
    for (let to = narrow, mean = means; c < fours; c += 4, x += 16, to += 16, mean += 16) {
      const off = f32x4.sub(v128.load(x), v128.load(mean))
      v128.store(to, f32x4.relaxed_madd(off, off, v128.load(to)))
    }
    for (; c < channels; c++, x += 4) {
      const to = narrow + (<usize>c << 2)
      const off = load<f32>(x) - load<f32>(means + (<usize>c << 2))
      store<f32>(to, load<f32>(to) + off * off)
    }
    if (pixel % pixelsPerSum == pixelsPerSum - 1) flush(narrow, scratch, channels)
  }
  flush(narrow, scratch, channels)
  for (let c = 0; c < channels; c++) {
    store<f32>(variances + (<usize>c << 2), <f32>(load<f64>(scratch + (<usize>c << 3)) / <f64>pixels))
  }
}

/** y = x * gain + shift per channel, with relu where `relu` is 1. */
export function scale(
  x: usize,
  gain: usize,
  shift: usize,
  y: usize,
  pixels: i32,
  channels: i32,
  relu: i32,
): void {
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity)
  const fours = channels & ~3
  for (let pixel = 0; pixel < pixels; pixel++) {
    let c = 0
    for (; c < fours; c += 4, x += 16, y += 16) {
      const at = <usize>c << 2
      v128.store(y, f32x4.max(f32x4.relaxed_madd(v128.load(x), v128.load(gain + at), v128.load(shift + at)), floor))
    }
    for (; c < channels; c++, x += 4, y += 4) {
      const at = <usize>c << 2
      const value = load<f32>(x) * load<f32>(gain + at) + load<f32>(shift + at)
      store<f32>(y, relu ? max<f32>(value, 0) : value)
    }
  }
}

/**
 * What the gradient of `scale` sums over pixels: sums[c] of the gradient that passed the relu, and products[c] of that
 * times x.
 *
 * @param sums `channels` float64, the result
 * @param products `channels` float64, the result
 * @param scratch 2 * channels float32
 */
export function scaleSums(
  dy: usize,
  y: usize,
  x: usize,
  sums: usize,
  products: usize,
  scratch: usize,
  pixels: i32,
  channels: i32,
  relu: i32,
): void {
  const second = scratch + (<usize>channels << 2)
  memory.fill(sums, 0, <usize>channels << 3)
  memory.fill(products, 0, <usize>channels << 3)
  memory.fill(scratch, 0, <usize>channels << 3)
  const zero = f32x4.splat(0)
  const fours = channels & ~3
  for (let pixel = 0; pixel < pixels; pixel++) {
    let c = 0
    for (let to = scratch, also = second; c < fours; c += 4) {
      let g = v128.load(dy)
      if (relu) g = v128.and(g, f32x4.gt(v128.load(y), zero))
      v128.store(to, f32x4.add(v128.load(to), g))
      v128.store(also, f32x4.relaxed_madd(g, v128.load(x), v128.load(also)))
      to += 16
      also += 16
      x += 16
      y += 16
      dy += 16
    }
    for (; c < channels; c++, x += 4, y += 4, dy += 4) {
      const at = <usize>c << 2
      const g: f32 = relu && !(load<f32>(y) > 0) ? 0 : load<f32>(dy)
      store<f32>(scratch + at, load<f32>(scratch + at) + g)
      store<f32>(second + at, load<f32>(second + at) + g * load<f32>(x))
    }
    if (pixel % pixelsPerSum == pixelsPerSum - 1) {
      flush(scratch, sums, channels)
      flush(second, products, channels)
    }
  }
  flush(scratch, sums, channels)
  flush(second, products, channels)
}

/** dx = g * a + x * b + c per channel, where g is the gradient that passed the relu. */
export function scaleGradient(
  dy: usize,
  y: usize,
  x: usize,
  a: usize,
  b: usize,
  c: usize,
  dx: usize,
  pixels: i32,
  channels: i32,
  relu: i32,
): void {
  const zero = f32x4.splat(0)
  const fours = channels & ~3
  for (let pixel = 0; pixel < pixels; pixel++) {
    let k = 0
    for (; k < fours; k += 4, dy += 16, y += 16, x += 16, dx += 16) {
      const at = <usize>k << 2
      let g = v128.load(dy)
      if (relu) g = v128.and(g, f32x4.gt(v128.load(y), zero))
      const rest = f32x4.relaxed_madd(v128.load(x), v128.load(b + at), v128.load(c + at))
      v128.store(dx, f32x4.relaxed_madd(g, v128.load(a + at), rest))
    }
    for (; k < channels; k++, dy += 4, y += 4, x += 4, dx += 4) {
      const at = <usize>k << 2
      const g: f32 = relu && !(load<f32>(y) > 0) ? 0 : load<f32>(dy)
      store<f32>(dx, g * load<f32>(a + at) + load<f32>(x) * load<f32>(b + at) + load<f32>(c + at))
    }
  }
}
