/**
 * AssemblyScript: planes of the components -> RGB, three bytes a pixel, by the plain product of inks where it is printed in four. A component that is coarser by two, across, down or both, is read between
 * its samples, three parts of the nearer and one of the farther, as libjpeg does; any coarser one is repeated.
 */

/** Of a plane: int32 each. Samples of the picture across and down; pixels of it that each stands for. */
// @ts-expect-error: decorator
@inline const address: usize = 0
// @ts-expect-error: decorator
@inline const stride: usize = 4
// @ts-expect-error: decorator
@inline const samplesAcross: usize = 8
// @ts-expect-error: decorator
@inline const samplesDown: usize = 12
// @ts-expect-error: decorator
@inline const across: usize = 16
// @ts-expect-error: decorator
@inline const down: usize = 20
// @ts-expect-error: decorator
@inline const planeBytes: usize = 24

/** What the planes are: luma and chroma unless they are one of these. */
const rgbColours: i32 = 1
const grey: i32 = 2
/** Four of them: how much light each ink lets through; luma and chroma of the inks, and that of black; how much there is of each ink. */
const cmykLight: i32 = 3
const ycckInk: i32 = 4
const cmykInk: i32 = 5

/**
 * Rows of the picture.
 *
 * @param planes of the components, at most four
 * @param rgb room for 48 bytes more than the rows
 * @param scratch room for eight rows of `width` + 64 bytes
 */
export function toRgb(planes: usize, colours: i32, width: i32, firstRow: i32, endRow: i32, rgb: usize, scratch: usize): void {
  const rowBytes = <usize>(width + 64)
  const between = scratch + 4 * rowBytes + 16
  for (let y = firstRow; y < endRow; y++, rgb += <usize>(3 * width)) {
    const first = rowOf(planes, y, between, scratch)
    if (colours === grey) {
      for (let x = 0; x < width; x += 16) {
        const samples = v128.load(first + <usize>x)
        interleave(rgb + <usize>(3 * x), samples, samples, samples)
      }
      continue
    }
    const second = rowOf(planes + planeBytes, y, between, scratch + rowBytes)
    const third = rowOf(planes + 2 * planeBytes, y, between, scratch + 2 * rowBytes)
    if (colours === rgbColours || colours === cmykLight || colours === cmykInk) {
      for (let x = 0; x < width; x += 16) {
        const to = rgb + <usize>(3 * x)
        interleave(to, v128.load(first + <usize>x), v128.load(second + <usize>x), v128.load(third + <usize>x))
      }
    } else {
      for (let x = 0; x < width; x += 16) {
        store48(rgb + <usize>(3 * x), first + <usize>x, second + <usize>x, third + <usize>x)
      }
    }
    if (colours < cmykLight) continue
    const black = rowOf(planes + 3 * planeBytes, y, between, scratch + 3 * rowBytes)
    const inks = i8x16.splat(colours === cmykLight ? 0 : -1)
    const blackInk = i8x16.splat(colours === cmykInk ? -1 : 0)
    for (let x = 0; x < width; x += 16) {
      darken48(rgb + <usize>(3 * x), inks, v128.xor(v128.load(black + <usize>x), blackInk))
    }
  }
}

/** What sixteen pixels of three inks let through, less what black takes away. @param inks ones where they are ink, and not light */
// @ts-expect-error: decorator
@inline
function darken48(at: usize, inks: v128, black: v128): void {
  const first = v128.shuffle<i8>(black, black, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5)
  v128.store(at, product(v128.xor(v128.load(at), inks), first))
  const second = v128.shuffle<i8>(black, black, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10)
  v128.store(at + 16, product(v128.xor(v128.load(at + 16), inks), second))
  const third = v128.shuffle<i8>(black, black, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15)
  v128.store(at + 32, product(v128.xor(v128.load(at + 32), inks), third))
}

/** Of bytes that stand for 0 to 1, rounded. */
// @ts-expect-error: decorator
@inline
function product(a: v128, b: v128): v128 {
  return i8x16.narrow_i16x8_u(
    share(i16x8.extmul_low_i8x16_u(a, b)),
    share(i16x8.extmul_high_i8x16_u(a, b)),
  )
}

/** A 255th, rounded, of at most 255 x 255. */
// @ts-expect-error: decorator
@inline
function share(x: v128): v128 {
  const half = i16x8.add(x, i16x8.splat(128))
  return i16x8.shr_u(i16x8.add(half, i16x8.shr_u(half, 8)), 8)
}

/** Row `y` of the picture in a plane: where it stands, or where it was made as wide as the picture. */
function rowOf(plane: usize, y: i32, between: usize, wide: usize): usize {
  const from = <usize>load<u32>(plane + address)
  const rowBytes = <usize>load<u32>(plane + stride)
  const wideBy = load<i32>(plane + across)
  const highBy = load<i32>(plane + down)
  if (wideBy === 1 && highBy === 1) return from + <usize>y * rowBytes
  widen(from, rowBytes, y / highBy, y, load<i32>(plane + samplesAcross), load<i32>(plane + samplesDown), wideBy, highBy, between, wide)
  return wide
}

/** A row of a coarser component in full width. */
function widen(
  plane: usize,
  stride: usize,
  row: i32,
  y: i32,
  width: i32,
  height: i32,
  across: i32,
  down: i32,
  between: usize,
  wide: usize,
): void {
  const nearer = plane + <usize>min(row, height - 1) * stride
  if (across > 2 || down > 2) {
    for (let x = 0; x < width; x++) {
      memory.fill(wide + <usize>(x * across), load<u8>(nearer + <usize>x), across)
    }
    return
  }
  const other = max(0, min(height - 1, y & 1 ? row + 1 : row - 1))
  const farther = plane + <usize>other * stride
  // Between rows: four parts where there are two of them, one where there is one.
  for (let x = 0; x < width; x += 16) {
    const from = v128.load(nearer + <usize>x)
    let low = i16x8.extend_low_i8x16_u(from), high = i16x8.extend_high_i8x16_u(from)
    if (down === 2) {
      const far = v128.load(farther + <usize>x)
      const three = i16x8.splat(3)
      low = i16x8.add(i16x8.mul(low, three), i16x8.extend_low_i8x16_u(far))
      high = i16x8.add(i16x8.mul(high, three), i16x8.extend_high_i8x16_u(far))
    }
    v128.store(between + (<usize>x << 1), low)
    v128.store(between + (<usize>x << 1), high, 16)
  }
  if (across === 1) {
    const half = i16x8.splat(y & 1 ? 2 : 1)
    for (let x = 0; x < width; x += 16) {
      const low = i16x8.shr_u(i16x8.add(v128.load(between + (<usize>x << 1)), half), 2)
      const high = i16x8.shr_u(i16x8.add(v128.load(between + (<usize>x << 1), 16), half), 2)
      v128.store(wide + <usize>x, i8x16.narrow_i16x8_u(low, high))
    }
    return
  }
  // Beyond its ends a row goes on as it ends.
  store<i16>(between - 2, load<i16>(between))
  store<i16>(between + (<usize>width << 1), load<i16>(between + (<usize>(width - 1) << 1)))
  const three = i16x8.splat(3)
  const left = i16x8.splat(down === 2 ? 8 : 1), right = i16x8.splat(down === 2 ? 7 : 2)
  const bits = down === 2 ? 4 : 2
  for (let x = 0; x < width; x += 8) {
    const at = between + (<usize>x << 1)
    const here = i16x8.mul(v128.load(at), three)
    const even = i16x8.shr_u(i16x8.add(i16x8.add(here, v128.load(at - 2)), left), bits)
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(here, v128.load(at + 2)), right), bits)
    const low = v128.shuffle<i16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11)
    const high = v128.shuffle<i16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15)
    v128.store(wide + (<usize>x << 1), i8x16.narrow_i16x8_u(low, high))
  }
}

/** Sixteen pixels. JFIF: R = Y + 1.402 Cr, G = Y - 0.344136 Cb - 0.714136 Cr, B = Y + 1.772 Cb, chroma less 128. */
// @ts-expect-error: decorator
@inline
function store48(to: usize, luma: usize, blue: usize, red: usize): void {
  const middle = i16x8.splat(128)
  const y = v128.load(luma), cb = v128.load(blue), cr = v128.load(red)
  const y0 = i16x8.extend_low_i8x16_u(y), y1 = i16x8.extend_high_i8x16_u(y)
  const b0 = i16x8.sub(i16x8.extend_low_i8x16_u(cb), middle), b1 = i16x8.sub(i16x8.extend_high_i8x16_u(cb), middle)
  const r0 = i16x8.sub(i16x8.extend_low_i8x16_u(cr), middle), r1 = i16x8.sub(i16x8.extend_high_i8x16_u(cr), middle)
  interleave(
    to,
    i8x16.narrow_i16x8_u(i16x8.add(y0, plusShare(r0, 13173)), i16x8.add(y1, plusShare(r1, 13173))),
    i8x16.narrow_i16x8_u(i16x8.add(y0, green(b0, r0)), i16x8.add(y1, green(b1, r1))),
    i8x16.narrow_i16x8_u(i16x8.add(y0, plusShare(b0, 25297)), i16x8.add(y1, plusShare(b1, 25297))),
  )
}

/** x and `share` / 32768 of it, rounded. */
// @ts-expect-error: decorator
@inline
function plusShare(x: v128, share: i16): v128 {
  return i16x8.add(x, i16x8.q15mulr_sat_s(x, i16x8.splat(share)))
}

// @ts-expect-error: decorator
@inline
function green(b: v128, r: v128): v128 {
  // In 1 / 16384: 0.344136 and 0.714136.
  const shares = i16x8(-5638, -11700, -5638, -11700, -5638, -11700, -5638, -11700)
  const half = i32x4.splat(8192)
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(b, r, 0, 8, 1, 9, 2, 10, 3, 11), shares)
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(b, r, 4, 12, 5, 13, 6, 14, 7, 15), shares)
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 14), i32x4.shr_s(i32x4.add(high, half), 14))
}

/** r0 g0 b0 r1 g1 b1 ... */
// @ts-expect-error: decorator
@inline
function interleave(to: usize, r: v128, g: v128, b: v128): void {
  const first = v128.shuffle<i8>(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5)
  v128.store(to, v128.shuffle<i8>(first, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15))
  const second = v128.shuffle<i8>(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26)
  v128.store(to + 16, v128.shuffle<i8>(second, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15))
  const third = v128.shuffle<i8>(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0)
  v128.store(to + 32, v128.shuffle<i8>(third, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31))
}
