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
      measure(at, <usize>stride, unitWidth)
      // Half of what the picture changes by on both sides is expected of the border too.
      store<f32>(to, (<f32>jump / 2) * share)
      store<f32>(to + bytes, <f32>upper * share)
      store<f32>(to + 2 * bytes, <f32>lower * share)
    }
  }
}

/** Sums along a border: twice how much lighter what is below begins than what is above would go on, and of the samples on both sides. */
let jump: i32 = 0
let upper: i32 = 0
let lower: i32 = 0

/** @param at the first sample below the border */
// @ts-expect-error: decorator
@inline
function measure(at: usize, stride: usize, count: i32): void {
  let jumps = i32x4.splat(0), uppers = i32x4.splat(0), lowers = i32x4.splat(0)
  for (let left = count; left > 0; left -= 8, at += 8) {
    // 1 for each sample of the unit, and 0 for those behind it.
    const ones = i16x8.shr_u(i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>left)), 15)
    const above = v128.load_ext<u8>(at - stride), below = v128.load_ext<u8>(at)
    const around = i16x8.sub(v128.load_ext<u8>(at - 2 * stride), v128.load_ext<u8>(at + stride))
    const step = i16x8.sub(below, above)
    const steps = i16x8.add(i16x8.add(step, step), step)
    jumps = i32x4.add(jumps, i32x4.dot_i16x8_s(i16x8.add(steps, around), ones))
    uppers = i32x4.add(uppers, i32x4.dot_i16x8_s(above, ones))
    lowers = i32x4.add(lowers, i32x4.dot_i16x8_s(below, ones))
  }
  jump = sumOf(jumps)
  upper = sumOf(uppers)
  lower = sumOf(lowers)
}

// @ts-expect-error: decorator
@inline
function sumOf(sums: v128): i32 {
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
}
