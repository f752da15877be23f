/**
 * AssemblyScript: a 1x1 convolution of stride 1, which is a product of matrices: pixels by channels, times channels by output
 * channels. Each is cut in four, and seven products of quarters take the place of eight (Strassen 1969, with the fewest sums, as
 * Winograd has them). Sums of at most four numbers of 14 bits fit into int16, so all of it is exact; sums on the way may wrap around,
 * the last ones do not, as in a plain convolution.
 */
import { maxRows, sevenProducts } from '../../../build/kernels/generated/tiles'
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
      v128.store(to, d)
      to += operand
      v128.store(to, below)
      to += operand
      v128.store(to, i16x8.sub(b, apart))
    }
  }
}

/** Eight output channels of the first half and eight of the second at a time, of a piece's pixels. */
function blocksOf(command: usize, first: i32, second: i32, rows: i32, step: f32, gentle: bool): void {
  const channels = strassen_channels(command)
  const operand = <usize>(rows * channels)
  const a = <usize>strassen_operands(command)
  const sums = <usize>strassen_sums(command)
  const half = <usize>strassen_out(command) << 1
  const pixel = half << 1
  const most = <usize>strassen_most(command)
  // Spread evenly: a last tile of one row would cost nearly as much as one of four.
  const groups = (rows + maxRows - 1) / maxRows
  const small = rows / groups
  const large = rows - small * groups
  const behind = <usize>(large * (small + 1))
  const next = a + behind * <usize>channels
  const pairs = channels >> 2
  let weights = <usize>strassen_weights(command)
  for (let at: usize = 0; at < half; at += 32, weights += operandCount * (<usize>channels << 3)) {
    const scale = <usize>strassen_scale(command) + at
    const bias = <usize>strassen_bias(command) + at
    const slopes = strassen_slopes(command) ? <usize>strassen_slopes(command) + at : 0
    const upper = <usize>strassen_output(command) + <usize>first * pixel + at
    const lower = <usize>strassen_output(command) + <usize>second * pixel + at
    const around = <usize>strassen_residual(command)
    const above = around ? around + <usize>first * pixel + at : 0
    const below = around ? around + <usize>second * pixel + at : 0
    const down = behind * pixel
    const nextAbove = around ? above + down : 0
    const nextBelow = around ? below + down : 0
    sevenProducts(small + 1, large, a, channels, operand, weights, pairs, sums, scale, step, bias, slopes, gentle, half, above, below, upper, lower, pixel, most)
    sevenProducts(small, groups - large, next, channels, operand, weights, pairs, sums, scale, step, bias, slopes, gentle, half, nextAbove, nextBelow, upper + down, lower + down, pixel, most)
  }
}

/**
 * What the seven operands are multiplied with, in panels that `sevenProducts` reads.
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
  if (i === 4) return i16x8.add(i16x8.sub(apart, d), c)
  if (i === 5) return apart
  return d
}
