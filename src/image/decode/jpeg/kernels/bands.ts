/**
 * AssemblyScript: whether the frequencies that a progressive scan brought make the borders between blocks smoother or rougher. As
 * displaced-bands.ts has it.
 */

/**
 * @param kept of a component, as kernels/progressive.ts keeps it
 * @param size frequencies of a block, down and across; 2 or more
 * @param stride blocks from one row to the next, of which the component has `columns`
 * @param every so many rows those are measured that a window has, and the one above; 0 for all
 * @param window rows
 * @param weights four times `size` float32: what a frequency adds to the mean of an edge, first those down, without the scan's and the scan's
 * alone, then those across
 * @param least levels; a border that changes by less does not count
 * @param scratch room for two float32 a column
 * @param counts room for two int32 a row of blocks: its borders, above and between, that are rougher; and that are smoother
 */
export function measureBand(
  kept: usize,
  size: i32,
  stride: i32,
  columns: i32,
  rows: i32,
  every: i32,
  window: i32,
  weights: usize,
  least: f32,
  scratch: usize,
  counts: usize,
): void {
  const table = <usize>size << 2
  const next = <usize>(size * size) << 1
  for (let row = 0; row < rows; row++, counts += 8) {
    const place = every === 0 ? row : row % every
    if (every !== 0 && place > window) {
      store<u64>(counts, 0)
      continue
    }
    let block = kept + <usize>(row * stride) * next
    let above = scratch
    let rightRest: f32 = 0, rightBand: f32 = 0
    let rougher = 0, smoother = 0
    for (let column = 0; column < columns; column++, block += next, above += 8) {
      edge(block, <usize>size << 1, size, weights, weights + table)
      const change = changeAt(firstRest - load<f32>(above), firstBand - load<f32>(above, 4))
      if (place > 0 && change > least) rougher++
      else if (place > 0 && change < -least) smoother++
      store<f32>(above, lastRest)
      store<f32>(above, lastBand, 4)
      edge(block, 2, size, weights + 2 * table, weights + 3 * table)
      const across = changeAt(firstRest - rightRest, firstBand - rightBand)
      if (column > 0 && across > least) rougher++
      else if (column > 0 && across < -least) smoother++
      rightRest = lastRest
      rightBand = lastBand
    }
    store<i32>(counts, rougher)
    store<i32>(counts, smoother, 4)
  }
}

/** Means of the edges where a block begins and ends, without the scan's frequencies and of them alone. */
let firstRest: f32 = 0
let lastRest: f32 = 0
let firstBand: f32 = 0
let lastBand: f32 = 0

/** @param step bytes from one frequency to the next */
// @ts-expect-error: decorator
@inline
function edge(block: usize, step: usize, size: i32, rest: usize, band: usize): void {
  let evenRest: f32 = 0, oddRest: f32 = 0, evenBand: f32 = 0, oddBand: f32 = 0
  for (let k = 0; k < size; k += 2) {
    const even = <f32>load<i16>(block)
    const odd = <f32>load<i16>(block + step)
    evenRest += even * load<f32>(rest)
    oddRest += odd * load<f32>(rest, 4)
    evenBand += even * load<f32>(band)
    oddBand += odd * load<f32>(band, 4)
    block += 2 * step
    rest += 8
    band += 8
  }
  // Odd frequencies end as they begin, with the other sign.
  firstRest = evenRest + oddRest
  lastRest = evenRest - oddRest
  firstBand = evenBand + oddBand
  lastBand = evenBand - oddBand
}

/** How much rougher a border is with the scan's frequencies. */
// @ts-expect-error: decorator
@inline
function changeAt(rest: f32, band: f32): f32 {
  return abs(rest + band) - abs(rest)
}
