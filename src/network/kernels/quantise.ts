/**
 * AssemblyScript, compiled to build/kernels/kernels.wasm: a picture of float32 becomes one of int16 with a border of zeros, by
 * a scale of its own. The scale comes from the picture's largest number, so nothing is clipped and no calibration is needed.
 */

/** Bits of the smallest float that is not finite. */
const infinityBits: u32 = 0x7f800000

/**
 * Largest absolute value of `length` float32; infinity when one is not finite. Compared as integers: bits of floats without
 * their sign are in the order of their size, with infinity and NaN above all.
 */
export function maxAbs(x: usize, length: i32): f32 {
  const mask = i32x4.splat(0x7fffffff)
  let a = i32x4.splat(0)
  let b = i32x4.splat(0)
  const end = x + (<usize>length << 2)
  for (; x + 32 <= end; x += 32) {
    a = i32x4.max_u(a, v128.and(v128.load(x), mask))
    b = i32x4.max_u(b, v128.and(v128.load(x, 16), mask))
  }
  a = i32x4.max_u(a, b)
  let most: u32 = 0
  most = max(most, <u32>i32x4.extract_lane(a, 0))
  most = max(most, <u32>i32x4.extract_lane(a, 1))
  most = max(most, <u32>i32x4.extract_lane(a, 2))
  most = max(most, <u32>i32x4.extract_lane(a, 3))
  for (; x < end; x += 4) most = max(most, load<u32>(x) & 0x7fffffff)
  return most >= infinityBits ? Infinity : reinterpret<f32>(most)
}

/**
 * The same from what the kernel that made the picture has kept of it, four numbers of which one is the largest, or counted anew.
 *
 * @param kept 0 where nothing was kept
 */
export function largestOf(kept: usize, x: usize, length: i32): f32 {
  return kept ? maxAbs(kept, 4) : maxAbs(x, length)
}

/** Before a kernel keeps the largest number of what it makes. */
export function forget(kept: usize): void {
  v128.store(kept, i32x4.splat(0))
}

/** What a picture is multiplied with, so that its largest number becomes `range`. A picture of hardly anything counts as zeros. */
export function scaleFor(most: f32, range: f32): f32 {
  return most > 1e-30 ? range / most : 0
}

/**
 * @param x [height, rowLength] float32
 * @param output [top + height + bottom, before + rowLength + after] int16
 * @param scale what a number is multiplied with; the products must fit
 */
export function quantise(
  x: usize,
  height: i32,
  rowLength: i32,
  output: usize,
  top: i32,
  bottom: i32,
  before: i32,
  after: i32,
  scale: f32,
): void {
  const rowBytes = <usize>(before + rowLength + after) << 1
  memory.fill(output, 0, rowBytes * <usize>top)
  output += rowBytes * <usize>top
  const scales = f32x4.splat(scale)
  const large = largeFor(scales)
  for (let y = 0; y < height; y++) {
    memory.fill(output, 0, <usize>before << 1)
    output += <usize>before << 1
    const end = x + (<usize>rowLength << 2)
    for (; x + 32 <= end; x += 32, output += 16) v128.store(output, eightOf(x, scales, large))
    for (; x < end; x += 4, output += 2) store<i16>(output, <i16>nearest(load<f32>(x) * scale))
    memory.fill(output, 0, <usize>after << 1)
    output += <usize>after << 1
  }
  memory.fill(output, 0, rowBytes * <usize>bottom)
}

/**
 * 3 * 2^22, to which a number of at most 22 bits is added: the last bits of the sum are the nearest whole number, the even one of two.
 * Made of what is no constant, or it would be put together anew for each vector.
 */
// @ts-expect-error: decorator
@inline
export function largeFor(any: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.shl(i32x4.shr_u(i32x4.eq(any, any), 30), 22))
}

/** Eight float32 in whole numbers. @param large of `largeFor` */
// @ts-expect-error: decorator
@inline
export function eightOf(x: usize, scales: v128, large: v128): v128 {
  const low = i32x4.sub(f32x4.add(f32x4.mul(v128.load(x), scales), large), large)
  const high = i32x4.sub(f32x4.add(f32x4.mul(v128.load(x, 16), scales), large), large)
  return i16x8.narrow_i32x4_s(low, high)
}
