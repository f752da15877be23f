/**
 * AssemblyScript: a 1x1 convolution of stride 1, which is a product of matrices: pixels by channels, times channels by output
 * channels. Each is cut in four, and seven products of quarters take the place of eight (Strassen 1969, with the fewest sums, as
 * Winograd has them). Sums of at most four numbers of 14 bits fit into int16, so all of it is exact; sums on the way may wrap around,
 * the last ones do not, as in a plain convolution.
 */
import { direct, extend, maxRows, product } from '../../../build/kernels/generated/tiles'
import {
  strassen_bias,
  strassen_channels,
  strassen_most,
  strassen_operands,
  strassen_out,
  strassen_output,
  strassen_pixels,
  strassen_range,
  strassen_residual,
  strassen_rows,
  strassen_scale,
  strassen_slopes,
  strassen_starts,
  strassen_sums,
  strassen_weights,
  strassen_x,
  strassen_xMost,
} from '../../../build/kernels/generated/commands'
import { isGentle } from './epilogue'
import { eightOf, forget, largeFor, largestOf, scaleFor } from './quantise'
import { storePair } from './winograd23'

/** Quarters of the picture, and sums of them, that are multiplied. */
const operandCount: usize = 7

/** False when the picture holds a number that is not finite. */
export function strassen(command: usize): bool {
  const x = <usize>strassen_x(command)
  const pixels = strassen_pixels(command)
  const channels = strassen_channels(command)
  const range = strassen_range(command)
  const most = largestOf(<usize>strassen_xMost(command), x, pixels * channels)
  if (!isFinite(most)) return false
  if (strassen_most(command)) forget(<usize>strassen_most(command))
  const scale = scaleFor(most, range)
  const gentle = isGentleOrLinear(command)
  const piece = 2 * strassen_rows(command)
  // Rows of an operand lie one behind the other.
  const starts = <usize>strassen_starts(command)
  for (let row = 0; row < strassen_rows(command); row++) store<u32>(starts + (<usize>row << 2), row * channels)
  for (let first = 0; first < pixels; first += piece) {
    // Of an odd number of pixels the one in the middle is in both halves.
    const count = min(piece, pixels - first)
    const rows = (count + 1) >> 1
    const second = first + count - rows
    quarter(command, first, second, rows, scale)
    blocksOf(command, first, second, rows, most / range, gentle)
  }
  return true
}

function isGentleOrLinear(command: usize): bool {
  const slopes = <usize>strassen_slopes(command)
  return slopes ? isGentle(slopes, strassen_out(command)) : true
}

/**
 * Two halves of a piece's pixels, each with two halves of its channels, in whole numbers: a, b of the first half, c, d of the second;
 * a, b, then what is added up of them in the order in which it is multiplied: [7][rows, channels / 2] int16.
 */
function quarter(command: usize, first: i32, second: i32, rows: i32, scale: f32): void {
  const pixel = <usize>strassen_channels(command) << 2
  const half = pixel >> 1
  const operand = (<usize>rows * pixel) >> 2
  const scales = f32x4.splat(scale)
  const large = largeFor(scales)
  let upper = <usize>strassen_x(command) + <usize>first * pixel
  let lower = <usize>strassen_x(command) + <usize>second * pixel
  let output = <usize>strassen_operands(command)
  const end = upper + <usize>rows * pixel
  for (; upper < end; upper += half, lower += half) {
    for (const row = upper + half; upper < row; upper += 32, lower += 32, output += 16) {
      const a = eightOf(upper, scales, large)
      const b = eightOf(upper + half, scales, large)
      const c = eightOf(lower, scales, large)
      const d = eightOf(lower + half, scales, large)
      const below = i16x8.add(c, d)
      const apart = i16x8.sub(below, a)
      let to = output
      v128.store(to, a)
      to += operand
      v128.store(to, b)
      to += operand
      v128.store(to, apart)
      to += operand
      v128.store(to, i16x8.sub(a, c))
      to += operand
      v128.store(to, below)
      to += operand
      v128.store(to, d)
      to += operand
      v128.store(to, i16x8.sub(b, apart))
    }
  }
}

/** Eight output channels of the first half and eight of the second at a time, of a piece's pixels. */
function blocksOf(command: usize, first: i32, second: i32, rows: i32, step: f32, gentle: bool): void {
  const channels = strassen_channels(command)
  const panel = <usize>channels << 3
  const operand = <usize>(rows * channels)
  const a = <usize>strassen_operands(command)
  const size = <usize>rows << 5
  const p = <usize>strassen_sums(command)
  const u = p + size, v = u + size, w = v + size
  const half = <usize>strassen_out(command) << 1
  let weights = <usize>strassen_weights(command)
  for (let at: usize = 0; at < half; at += 32, weights += operandCount * panel) {
    add(0, a, weights, p, rows, channels)
    finish(command, p, 0, a + operand, weights + panel, rows, first, at, step, gentle)
    add(p, a + 2 * operand, weights + 2 * panel, u, rows, channels)
    add(u, a + 3 * operand, weights + 3 * panel, v, rows, channels)
    finish(command, v, w, a + 4 * operand, weights + 4 * panel, rows, second, at + half, step, gentle)
    finish(command, v, 0, a + 5 * operand, weights + 5 * panel, rows, second, at, step, gentle)
    // Without the fourth product.
    for (let i: usize = 0; i < size; i += 16) {
      v128.store(w + i, i32x4.add(i32x4.sub(v128.load(w + i), v128.load(v + i)), v128.load(u + i)))
    }
    finish(command, w, 0, a + 6 * operand, weights + 6 * panel, rows, first, at + half, step, gentle)
  }
}

/** [rows, channels / 2] int16 times a panel, on top of the sums at `from` unless that is 0 -> [rows, 8] int32. */
function add(from: usize, a: usize, panel: usize, to: usize, rows: i32, channels: i32): void {
  const groups = (rows + maxRows - 1) / maxRows
  const small = rows / groups
  const large = rows - small * groups
  const pairs = channels >> 2
  const behind = <usize>(large * (small + 1))
  const next = to + (behind << 5)
  const rest = a + behind * <usize>channels
  if (from) {
    extend(small + 1, from, large, a, channels, panel, to, 32, pairs)
    extend(small, from + (behind << 5), groups - large, rest, channels, panel, next, 32, pairs)
  } else {
    product(small + 1, large, a, channels, panel, to, 32, pairs)
    product(small, groups - large, rest, channels, panel, next, 32, pairs)
  }
}

/**
 * The same for sums that are the last: they become what the layer gives, eight channels of the pixels from `first` on, `at` bytes behind the
 * pixel's first. @param to where sums are kept too, or 0
 */
function finish(
  command: usize, from: usize, to: usize, a: usize, panel: usize, rows: i32, first: i32, at: usize, step: f32, gentle: bool,
): void {
  const groups = (rows + maxRows - 1) / maxRows
  const small = rows / groups
  const large = rows - small * groups
  const channels = strassen_channels(command)
  const pairs = channels >> 2
  const pixel = <usize>strassen_out(command) << 2
  const behind = <usize>(large * (small + 1))
  const starts = <usize>strassen_starts(command)
  const scale = <usize>strassen_scale(command) + at
  const bias = <usize>strassen_bias(command) + at
  const slopes = strassen_slopes(command) ? <usize>strassen_slopes(command) + at : 0
  const most = <usize>strassen_most(command)
  const before = <usize>first * pixel + at
  const output = <usize>strassen_output(command) + before
  const round = strassen_residual(command) ? <usize>strassen_residual(command) + before : 0
  const nextRound = round ? round + behind * pixel : 0
  const nextFrom = from + (behind << 5)
  const nextTo = to ? to + (behind << 5) : 0
  direct(small + 1, large, a, starts, panel, 1, pairs, 0, from, to, scale, step, bias, slopes, gentle, round, pixel, output, pixel, most)
  direct(small, groups - large, a, starts + (behind << 2), panel, 1, pairs, 0, nextFrom, nextTo, scale, step, bias, slopes, gentle, nextRound, pixel, output + behind * pixel, pixel, most)
}

/**
 * What the seven operands are multiplied with, in panels that `multiply` reads.
 *
 * @param filter [channels, out] int16, both multiples of 16; four times the largest fits into int16
 * @param output [out / 16][7][channels / 4][8][2] int16
 */
export function strassenWeights(filter: usize, channels: i32, out: i32, output: usize): void {
  const row = <usize>out << 1
  const below = row * <usize>(channels >> 1)
  const panel = <usize>channels << 3
  for (let block: usize = 0; block < <usize>out; block += 16, output += (operandCount - 1) * panel) {
    let from = filter + block
    for (let pair = 0; pair < channels >> 2; pair++, output += 32, from += 2 * row) {
      for (let i: usize = 0; i < operandCount; i++) {
        storePair(output + i * panel, factorOf(from, below, row >> 1, i), factorOf(from + row, below, row >> 1, i))
      }
    }
  }
}

/** Eight weights of what operand `i` is multiplied with: of quarters a, b above c, d. */
// @ts-expect-error: decorator
@inline
function factorOf(from: usize, down: usize, right: usize, i: usize): v128 {
  const a = v128.load(from), b = v128.load(from + right)
  const c = v128.load(from + down), d = v128.load(from + down + right)
  if (i === 0) return a
  if (i === 1) return c
  const apart = i16x8.sub(b, a)
  if (i === 2) return i16x8.sub(d, apart)
  if (i === 3) return i16x8.sub(d, b)
  if (i === 4) return apart
  if (i === 5) return i16x8.add(i16x8.sub(apart, d), c)
  return d
}
