/** AssemblyScript: what a plane of samples does at the upper borders of its units. As mean-borders.ts has it. */

/**
 * @param samples rows of `stride` bytes
 * @param jumps room for three float32 a unit: how much lighter each begins than the one above would go on; then the means along the upper
 * side of each border, then along the lower one. Zeros in the first row
 */
export function measureBorders(
  samples: usize,
  stride: i32,
  columns: i32,
  rows: i32,
  unitWidth: i32,
  unitHeight: i32,
  jumps: usize,
): void {
  const bytes = <usize>(columns * rows) << 2
  memory.fill(jumps, 0, 3 * bytes)
  const share: f32 = 1 / <f32>unitWidth
  let to = jumps + (<usize>columns << 2)
  for (let row = 1; row < rows; row++) {
    let at = samples + <usize>(row * unitHeight) * <usize>stride
    for (let column = 0; column < columns; column++, at += <usize>unitWidth, to += 4) {
      const far = sumOf(at - <usize>(2 * stride), unitWidth)
      const upper = sumOf(at - <usize>stride, unitWidth)
      const lower = sumOf(at, unitWidth)
      const beyond = sumOf(at + <usize>stride, unitWidth)
      // Half of what the picture changes by on both sides is expected of the border too.
      store<f32>(to, (<f32>(lower - upper) - <f32>(beyond - lower + upper - far) / 2) * share)
      store<f32>(to + bytes, <f32>upper * share)
      store<f32>(to + 2 * bytes, <f32>lower * share)
    }
  }
}

/** Of `count` bytes. */
// @ts-expect-error: decorator
@inline
function sumOf(at: usize, count: i32): i32 {
  let sums = i32x4.splat(0)
  let left = count
  for (; left >= 8; left -= 8, at += 8) sums = i32x4.add(sums, inFours(v128.load64_zero(at)))
  if (left >= 4) {
    sums = i32x4.add(sums, inFours(v128.load32_zero(at)))
    left -= 4
    at += 4
  }
  let rest = 0
  for (; left > 0; left--, at++) rest += <i32>load<u8>(at)
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + rest
}

/** Bytes, each four of them added up. */
// @ts-expect-error: decorator
@inline
function inFours(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes))
}
