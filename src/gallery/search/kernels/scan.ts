/**
 * AssemblyScript, compiled to build/kernels/gallery.wasm: the scan of a gallery, in a memory of its own. A row is one template:
 * 128 int8 numbers, its scale as float32 and the sum of the squares of its numbers as int32. The probe is rounded to int16,
 * so that a product of the two is exact in int32: eight multiply-adds an instruction.
 */

const length: usize = 128
const rowBytes: usize = 136
const scaleAt: usize = 128
const squaresAt: usize = 132

/** Writes the sum of the squares of its numbers into a row. */
export function measure(row: usize): void {
  let sums = i32x4.splat(0)
  for (let at: usize = 0; at < length; at += 16) {
    const numbers = v128.load(row + at)
    const low = i16x8.extend_low_i8x16_s(numbers)
    const high = i16x8.extend_high_i8x16_s(numbers)
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(low, low))
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(high, high))
  }
  store<i32>(row + squaresAt, total(sums))
}

/**
 * Gives every row whose template may be within `reach` of the probe, with the least L2 distance that it can have.
 *
 * @param probe 128 int16
 * @param probeScale value = number * probeScale
 * @param probeSquare squared length of the probe
 * @param probeRounding most that rounding the probe moved it
 * @param roundingSteps most that rounding a row moved it, in steps of its scale
 * @param unit 0 compares the rows as they are, 1 at unit length
 * @param found room for `count` pairs of row (int32, from `first`) and least distance (float32)
 * @returns number of pairs
 */
export function scan(
  probe: usize,
  probeScale: f64,
  probeSquare: f64,
  probeRounding: f64,
  rows: usize,
  first: i32,
  count: i32,
  roundingSteps: f64,
  unit: i32,
  reach: f64,
  found: usize,
): i32 {
  const p0 = v128.load(probe)
  const p1 = v128.load(probe, 16)
  const p2 = v128.load(probe, 32)
  const p3 = v128.load(probe, 48)
  const p4 = v128.load(probe, 64)
  const p5 = v128.load(probe, 80)
  const p6 = v128.load(probe, 96)
  const p7 = v128.load(probe, 112)
  const p8 = v128.load(probe, 128)
  const p9 = v128.load(probe, 144)
  const pa = v128.load(probe, 160)
  const pb = v128.load(probe, 176)
  const pc = v128.load(probe, 192)
  const pd = v128.load(probe, 208)
  const pe = v128.load(probe, 224)
  const pf = v128.load(probe, 240)
  const end = found
  let to = found
  for (let row = first; row < first + count; row++, rows += rowBytes) {
    let n = v128.load(rows)
    let a = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), p0)
    let b = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), p1)
    n = v128.load(rows, 16)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), p2))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), p3))
    n = v128.load(rows, 32)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), p4))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), p5))
    n = v128.load(rows, 48)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), p6))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), p7))
    n = v128.load(rows, 64)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), p8))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), p9))
    n = v128.load(rows, 80)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), pa))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), pb))
    n = v128.load(rows, 96)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), pc))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), pd))
    n = v128.load(rows, 112)
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), pe))
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), pf))
    const product = <f64>total(i32x4.add(a, b)) * probeScale
    const squares = <f64>load<i32>(rows, squaresAt)
    let scale = <f64>load<f32>(rows, scaleAt)
    if (unit) scale = 1 / sqrt<f64>(squares)
    // |p - x|^2 = |p|^2 - 2 p.x + |x|^2
    const square = probeSquare + scale * (squares * scale - 2 * product)
    const rounding = roundingSteps * scale + probeRounding
    const farthest = reach + rounding
    if (square <= farthest * farthest) {
      store<i32>(to, row)
      const least = max<f64>(0, sqrt<f64>(max<f64>(0, square)) - rounding)
      // A hair less, because float32 may round it up.
      store<f32>(to, <f32>(least * 0.9999998), 4)
      to += 8
    }
  }
  return <i32>((to - end) >> 3)
}

// @ts-expect-error: decorator
@inline
function total(sums: v128): i32 {
  const pairs = i32x4.add(sums, i32x4.shuffle(sums, sums, 2, 3, 0, 1))
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1)
}
