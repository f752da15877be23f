/** AssemblyScript, compiled to build/kernels/image.wasm: bands of a photo's rows become a row of means each. */

/** So many rows of bytes add up within 16 bits. */
export const mostRows: i32 = 257

/**
 * Each `factor` rows become one.
 *
 * @param rows `count` of them, `stride` bytes apart; then room for 16 bytes
 * @param sums as below
 * @param output one row behind the other
 */
export function averageBands(rows: usize, stride: usize, count: i32, width: i32, factor: i32, sums: usize, output: usize): void {
  const rowBytes = <usize>((width + factor - 1) / factor) * 3
  for (; count > 0; count -= factor, rows += stride * <usize>factor, output += rowBytes) {
    averageRows(rows, stride, min(factor, count), width, factor, sums, output)
  }
}

/**
 * Means of blocks of `factor` pixels by `rows` rows, RGB, halves rounded up; the last block may be narrower.
 *
 * @param band rows of `width` pixels, `stride` bytes apart; then room for 16 bytes
 * @param sums room for as many uint16 as a row has bytes, and 16 more
 * @param output [ceil(width / factor), 3] bytes
 */
function averageRows(band: usize, stride: usize, rows: i32, width: i32, factor: i32, sums: usize, output: usize): void {
  const rowBytes = <usize>width * 3
  for (let at: usize = 0; at < rowBytes; at += 16) {
    let from = band + at
    let low = i16x8.splat(0)
    let high = i16x8.splat(0)
    for (let row = 0; row < rows; row++, from += stride) {
      const bytes = v128.load(from)
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes))
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes))
    }
    v128.store(sums + (at << 1), low)
    v128.store(sums + (at << 1), high, 16)
  }
  const whole = <u32>(rows * factor)
  const share = shareOf(whole)
  let from = sums
  for (let left = width; left > 0; left -= factor, output += 3) {
    const columns = min(factor, left)
    let red: u32 = 0
    let green: u32 = 0
    let blue: u32 = 0
    for (let column = 0; column < columns; column++, from += 6) {
      red += load<u16>(from)
      green += load<u16>(from, 2)
      blue += load<u16>(from, 4)
    }
    const area = columns === factor ? whole : <u32>(rows * columns)
    const part = columns === factor ? share : shareOf(area)
    store<u8>(output, meanOf(red, area, part))
    store<u8>(output, meanOf(green, area, part), 1)
    store<u8>(output, meanOf(blue, area, part), 2)
  }
}

/**
 * 2^48 over twice the area, rounded up: by a product with it the quotient below is exact, as what rounding adds to it, times the dividend, is
 * less than 2^48 for blocks of up to 500,000 pixels. Divisions were most of the time that this takes.
 */
// @ts-expect-error: decorator
@inline
function shareOf(area: u32): u64 {
  const twice = <u64>(2 * area)
  return ((<u64>1 << 48) + twice - 1) / twice
}

/** (2 sum + area) / (2 area) */
// @ts-expect-error: decorator
@inline
function meanOf(sum: u32, area: u32, share: u64): u8 {
  return <u8>((<u64>(2 * sum + area) * share) >> 48)
}
