/** AssemblyScript, compiled to build/kernels/image.wasm: a band of a photo's rows becomes one row of means. */

/** So many rows of bytes add up within 16 bits. */
export const mostRows: i32 = 257

/**
 * Means of blocks of `factor` pixels by `rows` rows, RGB, halves rounded up; the last block may be narrower.
 *
 * @param band [rows, width, 3] bytes, then room for 16
 * @param sums room for as many uint16 as a row has bytes, and 16 more
 * @param output [ceil(width / factor), 3] bytes
 */
export function averageRows(band: usize, rows: i32, width: i32, factor: i32, sums: usize, output: usize): void {
  const rowBytes = <usize>width * 3
  for (let at: usize = 0; at < rowBytes; at += 16) {
    let from = band + at
    let low = i16x8.splat(0)
    let high = i16x8.splat(0)
    for (let row = 0; row < rows; row++, from += rowBytes) {
      const bytes = v128.load(from)
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes))
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes))
    }
    v128.store(sums + (at << 1), low)
    v128.store(sums + (at << 1), high, 16)
  }
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
    const area = <u32>(rows * columns)
    store<u8>(output, <u8>((2 * red + area) / (2 * area)))
    store<u8>(output, <u8>((2 * green + area) / (2 * area)), 1)
    store<u8>(output, <u8>((2 * blue + area) / (2 * area)), 2)
  }
}
