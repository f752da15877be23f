/**
 * AssemblyScript, compiled to build/kernels/gallery.wasm: the scan of a gallery, in a memory of its own. A row is one template:
 * its numbers as int8, its scale as float32 and the sum of the squares of its numbers as int32. The probe is rounded to int16,
 * so that a product of the two is exact in int32: eight multiply-adds an instruction. How many numbers there are is for the
 * caller to say; rows and probe end with zeros up to a multiple of 32, which a step of the scan takes.
 */

/** Behind the numbers of a row. */
const scaleBytes: usize = 4
const squaresBytes: usize = 4

/** Writes the sum of the squares of its numbers into a row. */
export function measure(row: usize, length: usize): void {
  let sums = i32x4.splat(0)
  for (let at: usize = 0; at < length; at += 16) {
    const numbers = v128.load(row + at)
    const low = i16x8.extend_low_i8x16_s(numbers)
    const high = i16x8.extend_high_i8x16_s(numbers)
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(low, low))
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(high, high))
  }
  store<i32>(row + length + scaleBytes, total(sums))
}

/**
 * Gives every row whose template may be within `reach` of the probe, with the least L2 distance that it can have.
 *
 * @param length numbers of the probe and of a row, zeros at their end included: a multiple of 32
 * @param probe int16
 * @param probeScale value = number * probeScale
 * @param probeSquare squared length of the probe
 * @param probeRounding most that rounding the probe moved it
 * @param roundingSteps most that rounding a row moved it, in steps of its scale
 * @param unit 0 compares the rows as they are, 1 at unit length
 * @param found room for `count` pairs of row (int32, from `first`) and least distance (float32)
 * @returns number of pairs
 */
export function scan(
  length: usize,
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
  const end = found
  const probeEnd = probe + (length << 1)
  let to = found
  let at = rows
  for (let row = first; row < first + count; row++) {
    // Four sums, which need not wait for each other.
    let a = i32x4.splat(0)
    let b = i32x4.splat(0)
    let c = i32x4.splat(0)
    let d = i32x4.splat(0)
    for (let p = probe; p < probeEnd; p += 64, at += 32) {
      const n = v128.load(at)
      const m = v128.load(at, 16)
      a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(n), v128.load(p)))
      b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(n), v128.load(p, 16)))
      c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(m), v128.load(p, 32)))
      d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(m), v128.load(p, 48)))
    }
    const product = <f64>total(i32x4.add(i32x4.add(a, b), i32x4.add(c, d))) * probeScale
    let scale = <f64>load<f32>(at)
    const squares = <f64>load<i32>(at + scaleBytes)
    at += scaleBytes + squaresBytes
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
