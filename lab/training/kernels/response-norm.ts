/**
 * AssemblyScript, part of build/kernels/train.wasm: local response normalisation with its gradient. Tensors are
 * [pixels, channels] float32.
 */

// x ^ -0.75
// @ts-expect-error: decorator
@inline
function shrink(x: f32): f32 {
  const root: f32 = Mathf.sqrt(x)
  return 1 / (root * Mathf.sqrt(root))
}

/**
 * Local response normalisation: y[c] = x[c] * s[c] ^ -0.75, s[c] = k + share * (sum of x^2 from c - reach to c + reach).
 *
 * @param s [pixels, channels], kept for the gradient
 */
export function responseNorm(
  x: usize,
  y: usize,
  s: usize,
  pixels: i32,
  channels: i32,
  reach: i32,
  k: f32,
  share: f32,
): void {
  const bytes = <usize>channels << 2
  for (let pixel = 0; pixel < pixels; pixel++, x += bytes, y += bytes, s += bytes) {
    for (let c = 0; c < channels; c++) {
      let sum: f32 = 0
      for (let other = max(0, c - reach); other <= min(channels - 1, c + reach); other++) {
        const value = load<f32>(x + (<usize>other << 2))
        sum += value * value
      }
      const at = <usize>c << 2
      const base = k + share * sum
      store<f32>(s + at, base)
      store<f32>(y + at, load<f32>(x + at) * shrink(base))
    }
  }
}

/**
 * dx[c] = dy[c] * s[c] ^ -0.75 - 2 * 0.75 * share * x[c] * (sum of dy * x * s ^ -1.75 around c).
 *
 * @param scratch `channels` float32
 */
export function responseNormGradient(
  dy: usize,
  x: usize,
  s: usize,
  dx: usize,
  scratch: usize,
  pixels: i32,
  channels: i32,
  reach: i32,
  share: f32,
): void {
  const bytes = <usize>channels << 2
  const factor: f32 = share * 1.5
  for (let pixel = 0; pixel < pixels; pixel++, dy += bytes, x += bytes, s += bytes, dx += bytes) {
    for (let c = 0; c < channels; c++) {
      const at = <usize>c << 2
      const base = load<f32>(s + at)
      const passed = load<f32>(dy + at) * shrink(base)
      store<f32>(dx + at, passed)
      store<f32>(scratch + at, passed * load<f32>(x + at) / base)
    }
    for (let c = 0; c < channels; c++) {
      let sum: f32 = 0
      for (let other = max(0, c - reach); other <= min(channels - 1, c + reach); other++) {
        sum += load<f32>(scratch + (<usize>other << 2))
      }
      const at = <usize>c << 2
      store<f32>(dx + at, load<f32>(dx + at) - factor * load<f32>(x + at) * sum)
    }
  }
}
