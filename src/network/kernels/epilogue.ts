/** AssemblyScript: what an integer sum becomes: scaled, with bias, perhaps with what goes round the layer, and activated. */

/** `slopes` has 1 for a linear channel, 0 for relu; NaN stays NaN. */
// @ts-expect-error: decorator
@inline
export function finish(sum: v128, scale: v128, bias: v128, residual: usize, slopes: v128, gentle: bool): v128 {
  let y = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), bias)
  if (residual) y = f32x4.add(y, v128.load(residual))
  return gentle ? gentlyActivated(y, slopes) : activated(y, slopes)
}

// @ts-expect-error: decorator
@inline
export function activated(y: v128, slopes: v128): v128 {
  return v128.bitselect(y, f32x4.mul(y, slopes), f32x4.gt(y, f32x4.splat(0)))
}

/** Whether none of these slopes is above 1. */
export function isGentle(slopes: usize, channels: i32): bool {
  const end = slopes + (<usize>channels << 2)
  for (; slopes < end; slopes += 4) if (!(load<f32>(slopes) <= 1)) return false
  return true
}

/** The same where no slope is above 1: then the larger of the two is the right one. */
// @ts-expect-error: decorator
@inline
export function gentlyActivated(y: v128, slopes: v128): v128 {
  return f32x4.pmax(f32x4.mul(y, slopes), y)
}

/**
 * All bits but that of the sign, from any vector that is no constant: this stays in a register, where a constant would be put together
 * anew at every use.
 */
// @ts-expect-error: decorator
@inline
export function signless(any: v128): v128 {
  return i32x4.shr_u(i32x4.eq(any, any), 1)
}

/**
 * The larger number of two, the second without its sign, as bits: those of floats without a sign are in the order of their size, with
 * infinity and NaN above all.
 */
// @ts-expect-error: decorator
@inline
export function larger(most: v128, y: v128, mask: v128): v128 {
  return i32x4.max_u(most, v128.and(y, mask))
}
