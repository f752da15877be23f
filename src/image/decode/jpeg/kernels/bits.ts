/**
 * AssemblyScript: the entropy-coded bits between two markers, as bit-reader.ts has them in JavaScript. Beyond the end they are zeros, and
 * the count of what is left goes below zero.
 */
import * as job from './job'

/** More bits no coefficient of 8-bit samples has. */
export const maxAcBits: i32 = 10

/** Of a Huffman table: by nine bits uint16, by length int32, the same, symbols. As huffman-table.ts lays them out. */
const quickBits: i32 = 9
const beyond: usize = 1024
const offset: usize = beyond + 17 * 4
const symbols: usize = offset + 17 * 4
/** How often each symbol was read, uint32; those that sequential.ts reads by itself are not counted. */
const counts: usize = symbols + 256
/** What sequential.ts lays out of them lies behind. */
export const tableEnd: usize = counts + 4 * 256

let from: usize = 0
let end: usize = 0
/** The next bits, from the highest down. */
let bits: u64 = 0
let left: i32 = 0

export function startBits(place: usize): void {
  from = load<u32>(place + job.at)
  end = load<u32>(place + job.end)
  bits = 0
  left = 0
}

export function endBits(place: usize): void {
  store<u32>(place + job.at, <u32>from)
  store<i32>(place + job.count, left)
  store<u32>(place + job.bits, <u32>(bits >> 32))
}

// @ts-expect-error: decorator
@inline
export function isPastEnd(): bool {
  return left < 0
}

/** Whether more is left than the padding of the last byte. */
export function hasWholeByte(): bool {
  return left >= 8 || (left >= 0 && from < end)
}

/** Whether what is left of the last byte is ones, as encoders pad it. */
export function isPadding(): bool {
  return left === 0 || bits >> (64 - left) === ((<u64>1) << left) - 1
}

/** Makes sure of 32 bits, as far as there are any. */
// @ts-expect-error: decorator
@inline
export function fill(): void {
  if (left < 32) refill()
}

/** The next bits, from the highest down, for who holds them in locals, which are several times as fast as globals; and how many. */
// @ts-expect-error: decorator
@inline
export function nextBits(): u64 {
  return bits
}

// @ts-expect-error: decorator
@inline
export function bitsLeft(): i32 {
  return left
}

// @ts-expect-error: decorator
@inline
export function putBack(next: u64, rest: i32): void {
  bits = next
  left = rest
}

export function refill(): void {
  if (left < 0) return
  if (from + 4 <= end) {
    const four = load<u32>(from)
    // Without an FF among them, which a zero follows that is no data.
    if ((~four - 0x01010101 & four & 0x80808080) === 0) {
      bits |= <u64>bswap<u32>(four) << (32 - left)
      left += 32
      from += 4
      return
    }
  }
  while (left <= 56 && from < end) {
    const byte = load<u8>(from++)
    if (byte === 0xff) from++
    bits |= <u64>byte << (56 - left)
    left += 8
  }
}

/** The next symbol; -1 where no code fits. At least 16 bits are there behind it, if the interval has them. */
// @ts-expect-error: decorator
@inline
export function takeSymbol(table: usize): i32 {
  fill()
  const found = codeAt(table, bits)
  if (found < 0) return -1
  skip(found >> 8)
  const count = table + counts + (<usize>(found & 0xff) << 2)
  store<u32>(count, load<u32>(count) + 1)
  return found & 0xff
}

/** Of the code that the bits begin with: its length in the upper byte, its symbol in the lower; -1 where none fits. */
// @ts-expect-error: decorator
@inline
export function codeAt(table: usize, ahead: u64): i32 {
  const quick = <i32>load<u16>(table + <usize>(ahead >> (64 - quickBits) << 1))
  return quick !== 0 ? quick : longCode(table, ahead)
}

function longCode(table: usize, ahead: u64): i32 {
  const next = <i32>(ahead >> 48)
  for (let length = quickBits + 1; length <= 16; length++) {
    if (next < load<i32>(table + beyond + (<usize>length << 2))) {
      const index = (next >> (16 - length)) + load<i32>(table + offset + (<usize>length << 2))
      return (length << 8) | <i32>load<u8>(table + symbols + <usize>(index & 0xff))
    }
  }
  return -1
}

// @ts-expect-error: decorator
@inline
function skip(count: i32): void {
  bits <<= count
  left -= count
}

/** A number of `count` bits, at most 16, right behind a symbol. */
// @ts-expect-error: decorator
@inline
export function takeBits(count: i32): i32 {
  if (count === 0) return 0
  const value = <i32>(bits >> (64 - count))
  skip(count)
  return value
}

/** One bit, wherever it stands. */
// @ts-expect-error: decorator
@inline
export function takeBit(): bool {
  fill()
  const bit = <i64>bits < 0
  skip(1)
  return bit
}

/** A signed number of `size` bits, at most 16, right behind a symbol; zero bits are 0. */
// @ts-expect-error: decorator
@inline
export function takeNumber(size: i32): i32 {
  return size === 0 ? 0 : signed(takeBits(size), size)
}

/** Of `size` bits; those that begin with a zero are negative. Without a branch, which would be guessed wrong half of the time. */
// @ts-expect-error: decorator
@inline
export function signed(value: i32, size: i32): i32 {
  return value - (((1 << size) - 1) & ((value >> (size - 1)) - 1))
}
