/**
 * AssemblyScript, part of build/kernels/train.wasm: the gradient of max pooling. Pictures are
 * [batch, height, width, channels] float32.
 */

/**
 * Gradient of max pooling: of each window, the first number that is its maximum takes the window's gradient.
 *
 * @param dx [batch, height, width, channels], the result
 */
export function maxPoolGradient(
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  size: i32,
  stride: i32,
  top: i32,
  left: i32,
): void {
  const bytes = <usize>channels << 2
  const fours = channels & ~3
  memory.fill(dx, 0, <usize>(batch * height * width) * bytes)
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++, y += bytes, dy += bytes) {
        const firstY = max(0, row * stride - top)
        const endY = min(height, row * stride - top + size)
        const firstX = max(0, column * stride - left)
        const endX = min(width, column * stride - left + size)
        for (let c = 0; c < channels; c += 4) {
          const at = <usize>c << 2
          if (c < fours) {
            const peak = v128.load(y + at)
            let rest = v128.load(dy + at)
            for (let j = firstY; j < endY; j++) {
              for (let i = firstX; i < endX; i++) {
                const spot = <usize>((n * height + j) * width + i) * bytes + at
                const isPeak = f32x4.eq(v128.load(x + spot), peak)
                v128.store(dx + spot, f32x4.add(v128.load(dx + spot), v128.and(rest, isPeak)))
                rest = v128.andnot(rest, isPeak)
              }
            }
            continue
          }
          for (let k = at; k < bytes; k += 4) {
            let rest = load<f32>(dy + k)
            for (let j = firstY; j < endY; j++) {
              for (let i = firstX; i < endX; i++) {
                const spot = <usize>((n * height + j) * width + i) * bytes + k
                if (load<f32>(x + spot) != load<f32>(y + k)) continue
                store<f32>(dx + spot, load<f32>(dx + spot) + rest)
                rest = 0
              }
            }
          }
        }
      }
    }
  }
}
