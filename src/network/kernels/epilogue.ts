/** AssemblyScript: what an integer sum becomes: scaled, with bias, perhaps with what goes round the layer, and activated. */

/** `slopes` has 1 for a linear channel, 0 for relu; NaN stays NaN. */
// @ts-expect-error: decorator
@inline
export function finish(sum: v128, scale: v128, bias: v128, residual: usize, slopes: v128): v128 {
  let y = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), bias)
  if (residual) y = f32x4.add(y, v128.load(residual))
  return activated(y, slopes)
}

// @ts-expect-error: decorator
@inline
export function activated(y: v128, slopes: v128): v128 {
  return v128.bitselect(y, f32x4.mul(y, slopes), f32x4.gt(y, f32x4.splat(0)))
}
