/**
 * AssemblyScript: reads the blocks of progressive scans, which hold some bits of some coefficients each. Of a photo that is decoded smaller
 * only the frequencies that it needs are kept; of the others no more than whether they are zero, without which a scan that refines
 * them cannot be read. ITU-T T.81, annex G.
 */
import { maxAcBits, takeBit, takeBits, takeNumber, takeSymbol } from './bits'
import { writeBlock } from './block'
import * as job from './job'
import { inOrder } from './order'

/** Blocks to come of which no coefficient begins in this scan. */
let empty: i32 = 0
/** Whether the block before was the last of a run of them that could have been longer, and how many bits refined coefficients within it. */
let couldGoOn: bool = false
let refined: i32 = 0
/** Runs that begin right behind such a one, and no encoder begins: it counts on, unless it never writes more than one block as a run. */
let splits: i32 = 0
let hasRuns: bool = false

/**
 * A run is as long as that at most. Encoders keep what refines coefficients within it, and end it where they have no room for those of one more
 * block: libjpeg for 937, jpegli for 255. Runs that damage split behind 193 to 937 such bits are let through in files of libjpeg too: of 25,560
 * damaged ones of libjpeg and mozjpeg none was decoded that would not be with 900.
 */
const longestRun: i32 = 0x7fff
const mostRefined: i32 = 255 - 63

export function startRun(): void {
  empty = 0
  couldGoOn = false
  splits = 0
  hasRuns = false
}

/** Some encoders end a run with its row. */
export function startRow(): void {
  if (empty === 0) couldGoOn = false
}

export function splitRuns(): i32 {
  return hasRuns ? splits : 0
}

/** @param count blocks of it, this one included */
function beginRun(count: i32, isWholeBlock: bool): void {
  if (isWholeBlock && couldGoOn && refined <= mostRefined) splits++
  empty = count
  hasRuns = hasRuns || count > 1
  couldGoOn = count < longestRun
  refined = 0
}

/** False when blocks are still to come. */
export function endRun(): bool {
  return empty === 0
}

export function readFirstMean(place: usize, component: usize, block: i32): bool {
  const size = takeSymbol(load<u32>(component + job.dc))
  if (size < 0 || size > 11) return false
  const mean = load<i32>(component + job.mean) + takeNumber(size)
  const most = load<i32>(component + job.mostMean)
  if (mean > most || mean < -most) return false
  store<i32>(component + job.mean, mean)
  store<i16>(keptOf(component, block), <i16>(mean << load<i32>(place + job.low)))
  return true
}

export function refineMean(place: usize, component: usize, block: i32): bool {
  const at = keptOf(component, block)
  if (takeBit()) store<i16>(at, load<i16>(at) | (<i16>1 << <i16>load<i32>(place + job.low)))
  return true
}

export function readFirstAc(place: usize, component: usize, block: i32): bool {
  if (empty > 0) {
    empty--
    return true
  }
  const table = <usize>load<u32>(component + job.ac)
  const last = load<i32>(place + job.last)
  const low = load<i32>(place + job.low)
  const seenAt = seenOf(component, block)
  let seen = load<u64>(seenAt)
  for (let k = load<i32>(place + job.first); k <= last; k++) {
    const symbol = takeSymbol(table)
    const run = symbol >> 4
    const size = symbol & 15
    if (symbol < 0 || (size > 0 && size + low > maxAcBits)) return false
    if (size === 0 && run < 15) {
      beginRun((1 << run) + takeBits(run), k === load<i32>(place + job.first))
      empty--
      break
    }
    couldGoOn = false
    k += run
    if (k > last) return false
    if (size === 0) continue
    seen |= (<u64>1) << k
    keep(component, block, k, takeNumber(size) << low)
  }
  store<u64>(seenAt, seen)
  return true
}

export function refineAc(place: usize, component: usize, block: i32): bool {
  const table = <usize>load<u32>(component + job.ac)
  const last = load<i32>(place + job.last)
  const step = 1 << load<i32>(place + job.low)
  const seenAt = seenOf(component, block)
  let seen = load<u64>(seenAt)
  let k = load<i32>(place + job.first)
  for (; empty === 0 && k <= last; k++) {
    const symbol = takeSymbol(table)
    const run = symbol >> 4
    const size = symbol & 15
    if (symbol < 0 || size > 1) return false
    if (size === 0 && run < 15) {
      beginRun((1 << run) + takeBits(run), k === load<i32>(place + job.first))
      break
    }
    couldGoOn = false
    const value = size === 0 ? 0 : takeBit() ? step : -step
    // On to the coefficient behind so many zeros; those on the way that are not zero have a bit each.
    for (let zeros = run; k <= last; k++) {
      if ((seen >> k) & 1) refine(component, block, k, step)
      else if (--zeros < 0) break
    }
    if (size === 0) continue
    if (k > last) return false
    seen |= (<u64>1) << k
    keep(component, block, k, value)
  }
  store<u64>(seenAt, seen)
  if (empty === 0) return true
  empty--
  // Without a look at each coefficient: of a large photo in dozens of scans there are billions.
  for (let rest = ((seen << (63 - last)) >> (63 - last) >> k) << k; k <= last && rest !== 0; rest &= rest - 1) {
    refine(component, block, <i32>ctz(rest), step)
    refined++
  }
  return true
}

/** What is kept of a component becomes its samples. */
export function writePlane(place: usize, index: i32, columns: i32, rows: i32): void {
  const component = place + job.firstComponent + <usize>index * job.componentBytes
  const coefficients = <usize>load<u32>(place + job.coefficients)
  const steps = <usize>load<u32>(component + job.steps)
  const size = load<i32>(component + job.size)
  const stride = <usize>load<u32>(component + job.stride)
  let from = keptOf(component, 0)
  for (let row = 0; row < rows; row++) {
    let samples = <usize>load<u32>(component + job.plane) + <usize>(row * size) * stride
    for (let column = 0; column < columns; column++, samples += <usize>size) {
      const hasAc = size === 8 ? putEight(from, steps, coefficients) : putFew(from, size, steps, coefficients)
      writeBlock(coefficients, hasAc, size, samples, stride)
      from += <usize>(size * size) << 1
    }
  }
}

/** What is kept of a block, times its steps. Returns whether more than its mean is there. */
// @ts-expect-error: decorator
@inline
function putEight(from: usize, steps: usize, coefficients: usize): bool {
  let any = v128.and(v128.load(from), i16x8(0, -1, -1, -1, -1, -1, -1, -1))
  for (let row: usize = 0; row < 8; row++) {
    const values = v128.load(from + (row << 4))
    // Most rows are empty, and those of the coefficients are.
    if (row > 0 && !v128.any_true(values)) continue
    if (row > 0) any = v128.or(any, values)
    const at = row << 5
    const left = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values))
    const right = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values))
    v128.store(coefficients + at, f32x4.mul(left, v128.load(steps + at)))
    v128.store(coefficients + at, f32x4.mul(right, v128.load(steps + at, 16)), 16)
  }
  return v128.any_true(any)
}

/** The same where fewer are kept. */
function putFew(from: usize, size: i32, steps: usize, coefficients: usize): bool {
  store<f32>(coefficients, <f32>load<i16>(from) * load<f32>(steps))
  let hasAc = false
  for (let i = 1; i < size * size; i++) {
    const value = load<i16>(from + (<usize>i << 1))
    if (value === 0) continue
    const at = <usize>((i / size) * 8 + (i % size)) << 2
    store<f32>(coefficients + at, <f32>value * load<f32>(steps + at))
    hasAc = true
  }
  return hasAc
}

// @ts-expect-error: decorator
@inline
function seenOf(component: usize, block: i32): usize {
  return <usize>load<u32>(component + job.seen) + (<usize>block << 3)
}

// @ts-expect-error: decorator
@inline
function keptOf(component: usize, block: i32): usize {
  const size = load<i32>(component + job.size)
  return <usize>load<u32>(component + job.kept) + (<usize>(block * size * size) << 1)
}

/** Where a coefficient is kept; 0 for one that the picture does not need. */
// @ts-expect-error: decorator
@inline
function placeOf(component: usize, block: i32, k: i32): usize {
  const size = load<i32>(component + job.size)
  const at = <i32>inOrder(k)
  const row = at >> 3
  const column = at & 7
  if (row >= size || column >= size) return 0
  return keptOf(component, block) + (<usize>(row * size + column) << 1)
}

function keep(component: usize, block: i32, k: i32, value: i32): void {
  const at = placeOf(component, block, k)
  if (at !== 0) store<i16>(at, <i16>value)
}

/** One more bit of a coefficient that is not zero. */
function refine(component: usize, block: i32, k: i32, step: i32): void {
  if (!takeBit()) return
  const at = placeOf(component, block, k)
  if (at === 0) return
  const value = <i32>load<i16>(at)
  if ((abs(value) & step) === 0) store<i16>(at, <i16>(value > 0 ? value + step : value - step))
}
