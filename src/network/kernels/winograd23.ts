/**
 * AssemblyScript: a 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3) (Lavin and Gray 2016, section 4.1) in integers. The
 * filter's transform is taken twice in each direction, so that it is whole: four output pixels then cost 16 products instead
 * of 36, and the sums are exactly four times those of the plain convolution. Products of int16 are summed in int32; sums on
 * the way may wrap around, the last ones do not (integers.ts proves it for each layer before it is packed).
 */
import { maxRows, product } from '../../../build/kernels/generated/tiles'
import {
  winograd23_bias,
  winograd23_channels,
  winograd23_height,
  winograd23_most,
  winograd23_out,
  winograd23_output,
  winograd23_picture,
  winograd23_products,
  winograd23_range,
  winograd23_residual,
  winograd23_scale,
  winograd23_slopes,
  winograd23_sums,
  winograd23_tileRows,
  winograd23_weights,
  winograd23_width,
  winograd23_x,
  winograd23_xMost,
} from '../../../build/kernels/generated/commands'
import { finish, isGentle, larger, signless } from './epilogue'
import { forget, largestOf, quantise, scaleFor } from './quantise'

/** False when the picture holds a number that is not finite. */
export function winograd23(command: usize): bool {
  const x = winograd23_x(command)
  const height = winograd23_height(command)
  const width = winograd23_width(command)
  const channels = winograd23_channels(command)
  const out = winograd23_out(command)
  const picture = <usize>winograd23_picture(command)
  const products = <usize>winograd23_products(command)
  const sums = <usize>winograd23_sums(command)
  const range = winograd23_range(command)
  const most = largestOf(<usize>winograd23_xMost(command), <usize>x, height * width * channels)
  if (!isFinite(most)) return false
  forget(<usize>winograd23_most(command))
  const tilesWide = (width + 1) >> 1
  const tilesHigh = (height + 1) >> 1
  const rowLength = width * channels
  // One zero before, and one or two behind: whole tiles read two pixels more than they write.
  quantise(
    <usize>x,
    height,
    rowLength,
    picture,
    1,
    2 * tilesHigh - height + 1,
    channels,
    (2 * tilesWide - width + 1) * channels,
    scaleFor(most, range),
  )
  const rowBytes = <usize>((2 * tilesWide + 2) * channels) << 1
  const rows = winograd23_tileRows(command)
  const panelBytes = <usize>(channels * out) << 1
  const gentle = isGentle(<usize>winograd23_slopes(command), out)
  for (let first = 0; first < tilesHigh; first += rows) {
    const high = min(rows, tilesHigh - first)
    const tiles = high * tilesWide
    transformIn(picture + <usize>(2 * first) * rowBytes, rowBytes, channels, high, tilesWide, products)
    for (let place = 0; place < 16; place++) {
      multiply(
        products + (<usize>(place * tiles * channels) << 1),
        <usize>winograd23_weights(command) + <usize>place * panelBytes,
        sums + (<usize>(place * tiles * out) << 2),
        tiles,
        channels,
        out,
      )
    }
    if (gentle) transformGently(command, sums, first, high, tilesWide, most / range)
    else transformSteeply(command, sums, first, high, tilesWide, most / range)
  }
  return true
}

/** [tiles, channels] int16 times panels [out / 8][channels / 2][8][2] -> [tiles, out] int32. */
function multiply(a: usize, panel: usize, c: usize, tiles: i32, channels: i32, out: i32): void {
  // Spread evenly: a last tile of one row would cost nearly as much as one of four.
  const groups = (tiles + maxRows - 1) / maxRows
  const small = tiles / groups
  const large = tiles - small * groups
  const aBytes = <usize>channels << 1
  const cBytes = <usize>out << 2
  const pairs = channels >> 1
  const behind = <usize>(large * (small + 1))
  for (let block = 0; block < out; block += 8) {
    product(small + 1, large, a, aBytes, panel, c, cBytes, pairs)
    product(small, groups - large, a + aBytes * behind, aBytes, panel, c + cBytes * behind, cBytes, pairs)
    panel += <usize>pairs << 5
    c += 32
  }
}

/** Tiles of 4x4 pixels, two apart -> [16][tiles, channels] int16, within four times the range. */
function transformIn(x: usize, rowBytes: usize, channels: i32, high: i32, wide: i32, output: usize): void {
  const pixel = <usize>channels << 1
  const plane = pixel * <usize>(high * wide)
  for (let i = 0; i < high; i++) {
    for (let j = 0; j < wide; j++) {
      const corner = x + <usize>(2 * i) * rowBytes + <usize>(2 * j) * pixel
      for (let c: usize = 0; c < pixel; c += 16) {
        const top = corner + c
        const second = top + rowBytes
        const third = second + rowBytes
        const fourth = third + rowBytes
        let to = output + c
        let a = v128.load(top), b = v128.load(second), d = v128.load(third), e = v128.load(fourth)
        const r00 = i16x8.sub(a, d), r10 = i16x8.add(b, d), r20 = i16x8.sub(d, b), r30 = i16x8.sub(b, e)
        a = v128.load(top + pixel), b = v128.load(second + pixel), d = v128.load(third + pixel), e = v128.load(fourth + pixel)
        const r01 = i16x8.sub(a, d), r11 = i16x8.add(b, d), r21 = i16x8.sub(d, b), r31 = i16x8.sub(b, e)
        const two = pixel << 1
        a = v128.load(top + two), b = v128.load(second + two), d = v128.load(third + two), e = v128.load(fourth + two)
        const r02 = i16x8.sub(a, d), r12 = i16x8.add(b, d), r22 = i16x8.sub(d, b), r32 = i16x8.sub(b, e)
        const three = two + pixel
        a = v128.load(top + three), b = v128.load(second + three), d = v128.load(third + three), e = v128.load(fourth + three)
        const r03 = i16x8.sub(a, d), r13 = i16x8.add(b, d), r23 = i16x8.sub(d, b), r33 = i16x8.sub(b, e)
        to = storeRow(to, plane, r00, r01, r02, r03)
        to = storeRow(to, plane, r10, r11, r12, r13)
        to = storeRow(to, plane, r20, r21, r22, r23)
        storeRow(to, plane, r30, r31, r32, r33)
      }
      output += pixel
    }
  }
}

// @ts-expect-error: decorator
@inline
function storeRow(to: usize, plane: usize, a: v128, b: v128, c: v128, d: v128): usize {
  v128.store(to, i16x8.sub(a, c))
  v128.store(to + plane, i16x8.add(b, c))
  v128.store(to + 2 * plane, i16x8.sub(c, b))
  v128.store(to + 3 * plane, i16x8.sub(b, d))
  return to + 4 * plane
}

/** [16][tiles, out] int32 -> the output, two by two pixels a tile, clipped at its right and lower edge. */
// @ts-expect-error: decorator
@inline
function transformOut(command: usize, sums: usize, first: i32, high: i32, wide: i32, step: f32, gentle: bool): void {
  const out = winograd23_out(command)
  const height = winograd23_height(command)
  const width = winograd23_width(command)
  const output = <usize>winograd23_output(command)
  const residual = <usize>winograd23_residual(command)
  const bias = <usize>winograd23_bias(command)
  const slopes = <usize>winograd23_slopes(command)
  const scale = <usize>winograd23_scale(command)
  const pixel = <usize>out << 2
  const rowBytes = pixel * <usize>width
  const plane = pixel * <usize>(high * wide)
  // The transform of the filter was taken twice in each direction.
  const quarter = f32x4.splat(step * 0.25)
  let most = v128.load(<usize>winograd23_most(command))
  const mask = signless(most)
  for (let i = 0; i < high; i++) {
    for (let j = 0; j < wide; j++) {
      const y = 2 * (first + i)
      const x = 2 * j
      const hasRight = x + 1 < width
      const hasBelow = y + 1 < height
      const corner = <usize>y * rowBytes + <usize>x * pixel
      for (let c: usize = 0; c < pixel; c += 16) {
        let from = sums + c
        let p = v128.load(from), q = v128.load(from + 4 * plane), r = v128.load(from + 8 * plane), s = v128.load(from + 12 * plane)
        const e0 = i32x4.add(i32x4.add(p, q), r), g0 = i32x4.sub(i32x4.sub(q, r), s)
        from += plane
        p = v128.load(from), q = v128.load(from + 4 * plane), r = v128.load(from + 8 * plane), s = v128.load(from + 12 * plane)
        const e1 = i32x4.add(i32x4.add(p, q), r), g1 = i32x4.sub(i32x4.sub(q, r), s)
        from += plane
        p = v128.load(from), q = v128.load(from + 4 * plane), r = v128.load(from + 8 * plane), s = v128.load(from + 12 * plane)
        const e2 = i32x4.add(i32x4.add(p, q), r), g2 = i32x4.sub(i32x4.sub(q, r), s)
        from += plane
        p = v128.load(from), q = v128.load(from + 4 * plane), r = v128.load(from + 8 * plane), s = v128.load(from + 12 * plane)
        const e3 = i32x4.add(i32x4.add(p, q), r), g3 = i32x4.sub(i32x4.sub(q, r), s)
        const factor = f32x4.mul(v128.load(scale + c), quarter)
        const offset = v128.load(bias + c)
        const slope = v128.load(slopes + c)
        let at = corner + c
        let round: usize = residual ? residual + at : 0
        let made = finish(i32x4.add(i32x4.add(e0, e1), e2), factor, offset, round, slope, gentle)
        v128.store(output + at, made)
        most = larger(most, made, mask)
        if (hasRight) {
          round = residual ? residual + at + pixel : 0
          made = finish(i32x4.sub(i32x4.sub(e1, e2), e3), factor, offset, round, slope, gentle)
          v128.store(output + at + pixel, made)
          most = larger(most, made, mask)
        }
        if (hasBelow) {
          at += rowBytes
          round = residual ? residual + at : 0
          made = finish(i32x4.add(i32x4.add(g0, g1), g2), factor, offset, round, slope, gentle)
          v128.store(output + at, made)
          most = larger(most, made, mask)
          if (hasRight) {
            round = residual ? residual + at + pixel : 0
            made = finish(i32x4.sub(i32x4.sub(g1, g2), g3), factor, offset, round, slope, gentle)
            v128.store(output + at + pixel, made)
            most = larger(most, made, mask)
          }
        }
      }
      sums += pixel
    }
  }
  v128.store(<usize>winograd23_most(command), most)
}

function transformGently(command: usize, sums: usize, first: i32, high: i32, wide: i32, step: f32): void {
  transformOut(command, sums, first, high, wide, step, true)
}

function transformSteeply(command: usize, sums: usize, first: i32, high: i32, wide: i32, step: f32): void {
  transformOut(command, sums, first, high, wide, step, false)
}

/**
 * The filter's transform, and the panels that `multiply` reads.
 *
 * @param filter [3, 3, channels, out] int16, channels even, out a multiple of 8
 * @param output [16][out / 8][channels / 2][8][2] int16, at most nine times the filter's largest
 */
export function winograd23Weights(filter: usize, channels: i32, out: i32, output: usize): void {
  const row = <usize>out << 1
  const place = row * <usize>channels
  const plane = <usize>(channels * out) << 1
  for (let block = 0; block < out; block += 8) {
    for (let channel = 0; channel < channels; channel += 2) {
      const from = filter + <usize>channel * row + (<usize>block << 1)
      const to = output + (<usize>(block * channels + channel * 8) << 1)
      for (let i = 0; i < 4; i++) {
        // Row i of the transform applied to the three rows of the filter, for each of its columns, of both channels.
        const a0 = rowOf(from, place, 3 * place, i), a1 = rowOf(from + place, place, 3 * place, i), a2 = rowOf(from + 2 * place, place, 3 * place, i)
        const next = from + row
        const b0 = rowOf(next, place, 3 * place, i), b1 = rowOf(next + place, place, 3 * place, i), b2 = rowOf(next + 2 * place, place, 3 * place, i)
        let at = to + <usize>(4 * i) * plane
        storePair(at, i16x8.add(a0, a0), i16x8.add(b0, b0))
        at += plane
        storePair(at, i16x8.add(i16x8.add(a0, a1), a2), i16x8.add(i16x8.add(b0, b1), b2))
        at += plane
        storePair(at, i16x8.add(i16x8.sub(a0, a1), a2), i16x8.add(i16x8.sub(b0, b1), b2))
        at += plane
        storePair(at, i16x8.add(a2, a2), i16x8.add(b2, b2))
      }
    }
  }
}

/** Row `i` of twice G: 2 0 0, 1 1 1, 1 -1 1, 0 0 2. */
// @ts-expect-error: decorator
@inline
function rowOf(column: usize, place: usize, down: usize, i: i32): v128 {
  const first = v128.load(column)
  const second = v128.load(column + down)
  const third = v128.load(column + 2 * down)
  if (i === 0) return i16x8.add(first, first)
  if (i === 1) return i16x8.add(i16x8.add(first, second), third)
  if (i === 2) return i16x8.add(i16x8.sub(first, second), third)
  return i16x8.add(third, third)
}

/** Eight numbers of two channels, side by side. */
// @ts-expect-error: decorator
@inline
export function storePair(to: usize, a: v128, b: v128): void {
  v128.store(to, v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11))
  v128.store(to, v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16)
}
