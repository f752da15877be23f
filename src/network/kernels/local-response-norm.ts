/**
 * AssemblyScript, compiled to build/kernels/kernels.wasm: local response normalisation across channels with the exponent
 * 0.75, which is two square roots and a division where a general power costs twenty times as much.
 */

/**
 * output = x / (k + scale * sum)^0.75, the sum over the squares of the `window` channels around x's own.
 *
 * @param x [pixels, channels] float32
 * @param output the same shape
 * @param squares scratch for channels + window float32
 */
export function localResponseNorm(
  x: usize,
  output: usize,
  squares: usize,
  pixels: i32,
  channels: i32,
  window: i32,
  scale: f32,
  k: f32,
): void {
  const bytes = <usize>channels << 2
  const inFours = bytes & ~15
  // Zeros before the first square and behind the last stay where they are.
  memory.fill(squares, 0, bytes + (<usize>window << 2))
  const firstSquare = squares + (<usize>(window >> 1) << 2)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c: usize = 0; c < inFours; c += 16) {
      const value = v128.load(x + c)
      v128.store(firstSquare + c, f32x4.mul(value, value))
    }
    for (let c = inFours; c < bytes; c += 4) {
      const value = load<f32>(x + c)
      store<f32>(firstSquare + c, value * value)
    }
    for (let c: usize = 0; c < inFours; c += 16) {
      let sum = f32x4.splat(0)
      for (let i = 0; i < window; i++) {
        sum = f32x4.add(sum, v128.load(squares + c + (<usize>i << 2)))
      }
      const base = f32x4.add(f32x4.splat(k), f32x4.mul(f32x4.splat(scale), sum))
      const root = f32x4.sqrt(base)
      const power = f32x4.mul(root, f32x4.sqrt(root))
      v128.store(output + c, f32x4.div(v128.load(x + c), power))
    }
    for (let c = inFours; c < bytes; c += 4) {
      let sum: f32 = 0
      for (let i = 0; i < window; i++) sum += load<f32>(squares + c + (<usize>i << 2))
      const root = Mathf.sqrt(k + scale * sum)
      store<f32>(output + c, load<f32>(x + c) / (root * Mathf.sqrt(root)))
    }
    x += bytes
    output += bytes
  }
}
