/**
 * AssemblyScript: reads the coefficients of a block of a sequential scan, as sequential-blocks.ts does in JavaScript. Most are read from a
 * table in one step, code and number together; and those that the picture does not need are passed over, several at a time.
 */
import {
  bitsLeft,
  codeAt,
  fill,
  maxAcBits,
  nextBits,
  putBack,
  refill,
  signed,
  tableEnd,
  takeNumber,
  takeSymbol,
} from './bits'
import * as job from './job'
import { inOrder } from './order'

/** More bits no difference of means of 8-bit samples has. */
const maxDcBits: i32 = 11

/** Of what both tables are looked up by, and where they lie behind a Huffman table, as scan-job.ts leaves room for them. */
const wholeBits: i32 = 10
const passedBits: i32 = 10
const whole: usize = tableEnd
const passed: usize = whole + (4 << wholeBits)

/** How far the end of a block is from any coefficient, and what only `takeOne` can read. */
const toEnd: i32 = 64
const unknown: i32 = 128
/** Of what is passed over: that the block ends with it. */
const ends: i32 = 128

/**
 * Of a table of coefficients: by the next bits, int32: the number in the upper half, how many coefficients further it stands, how many bits it
 * takes. And uint16: how many coefficients further all those are together whose bits are all there, and how many bits they take.
 */
export function layOutTable(table: usize): void {
  for (let i = 0; i < 1 << wholeBits; i++) {
    store<i32>(table + whole + (<usize>i << 2), wholeAt(table, <u64>i << (64 - wholeBits)))
  }
  for (let i = 0; i < 1 << passedBits; i++) {
    store<u16>(table + passed + (<usize>i << 1), <u16>passedAt(table, <u64>i << (64 - passedBits)))
  }
}

function wholeAt(table: usize, ahead: u64): i32 {
  const found = codeAt(table, ahead)
  const length = found >> 8
  const size = found & 15
  const count = length + size
  if (found < 0 || count > wholeBits || size > maxAcBits) return unknown << 8
  if ((found & 0xff) === 0) return (toEnd << 8) | count
  if (size === 0) return unknown << 8
  const value = signed(<i32>((ahead << length) >> (64 - size)), size)
  return (value << 16) | (((found >> 4) & 15) + 1) << 8 | count
}

function passedAt(table: usize, ahead: u64): i32 {
  let count = 0, further = 0
  for (;;) {
    const found = codeAt(table, ahead << count)
    const size = found & 15
    const next = count + (found >> 8) + size
    if (found < 0 || next > passedBits || size > maxAcBits) break
    // One more than there are, since a block that is full already has no end.
    if ((found & 0xff) === 0) return ((further + 1) << 8) | ends | next
    if (size === 0) break
    count = next
    further += ((found >> 4) & 15) + 1
  }
  return count === 0 ? unknown << 8 : (further << 8) | count
}

/**
 * Those of a block, each times its step, in their places; those behind the last that samples need are passed over. Returns how many behind the
 * mean were put down, -1 where no block can be.
 */
export function readCoefficients(place: usize, component: usize): i32 {
  const steps = <usize>load<u32>(component + job.steps)
  const coefficients = <usize>load<u32>(place + job.coefficients)
  const table = <usize>load<u32>(component + job.ac)
  const last = lastOf(component)
  fill()
  let next = nextBits()
  let rest = bitsLeft()
  const found = codeAt(load<u32>(component + job.dc), next)
  const size = found & 0xff
  if (found < 0 || size > maxDcBits) return -1
  next <<= found >> 8
  // A shift by all 64 would be none.
  const mean = load<i32>(component + job.mean) + signed(<i32>(next >> 1 >> (63 - size)), size)
  next <<= size
  rest -= (found >> 8) + size
  const most = load<i32>(component + job.mostMean)
  if (mean > most || mean < -most) return -1
  store<i32>(component + job.mean, mean)
  store<f32>(coefficients, <f32>mean * load<f32>(steps))

  let count = 0
  // The coefficient before.
  let k = 0
  while (k <= last) {
    if (rest < 32) {
      putBack(next, rest)
      refill()
      next = nextBits()
      rest = bitsLeft()
    }
    const entry = load<i32>(table + whole + (<usize>(next >> (64 - wholeBits)) << 2))
    const further = (entry >> 8) & 0xff
    let value = entry >> 16
    if (k + further <= last) {
      next <<= entry & 31
      rest -= entry & 31
      k += further
    } else if (k === 63) {
      break
    } else if (further === unknown) {
      putBack(next, rest)
      k = takeOne(table, k)
      next = nextBits()
      rest = bitsLeft()
      if (k < 0) return -1
      value = number
      if (value === 0 || k > last) continue
    } else {
      next <<= entry & 31
      rest -= entry & 31
      k += further
      if (further !== toEnd && k > 63) return -1
      break
    }
    const at = inOrder(k) << 2
    store<f32>(coefficients + at, <f32>value * load<f32>(steps + at))
    count++
  }
  while (k < 63) {
    if (rest < 32) {
      putBack(next, rest)
      refill()
      next = nextBits()
      rest = bitsLeft()
    }
    const entry = <i32>load<u16>(table + passed + (<usize>(next >> (64 - passedBits)) << 1))
    const further = entry >> 8
    if (k + further <= 63) {
      next <<= entry & 31
      rest -= entry & 31
      k += further
      if (entry & ends) break
    } else {
      putBack(next, rest)
      k = takeOne(table, k)
      next = nextBits()
      rest = bitsLeft()
      if (k < 0) return -1
    }
  }
  putBack(next, rest)
  return count
}

/** What `takeOne` took; 0 for sixteen zeros. */
let number: i32 = 0

/** One symbol, whatever it is. Returns which coefficient it stands for, 64 for the end of the block, -1 where none can be. @param k the one before */
function takeOne(table: usize, k: i32): i32 {
  const symbol = takeSymbol(table)
  if (symbol === 0) return 64
  const size = symbol & 15
  k += (symbol >> 4) + 1
  // The only other symbol without a coefficient stands for sixteen zeros with more to come.
  if (symbol < 0 || size > maxAcBits || k > 63 || (size === 0 && (symbol !== 0xf0 || k > 62))) return -1
  number = takeNumber(size)
  return k
}

/** The last coefficient that blocks of so many samples are made of, in the order in which they come. */
// @ts-expect-error: decorator
@inline
function lastOf(component: usize): i32 {
  const size = load<i32>(component + job.size)
  return size === 8 ? 63 : size === 4 ? 24 : size === 2 ? 4 : 0
}
