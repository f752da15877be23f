/**
 * AssemblyScript: reads the units of a baseline scan between two restart markers, block by block, and writes their samples. What no block
 * can hold is damage, as sequential-blocks.ts has it in JavaScript.
 */
import { endBits, isPastEnd, startBits, takeNumber, takeSymbol } from './bits'
import * as job from './job'
import { writeBlock } from './block'

const sound: i32 = 0
const pastEnd: i32 = 1
const damaged: i32 = 2

/** Where the coefficients of a block stand, in the order in which they come. */
// prettier-ignore
const zigzag = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
])

/** 0 when the units `first` to `last` are there, 1 when the bits end before, 2 when no encoder writes such. */
export function decodeUnits(place: usize, first: i32, last: i32): i32 {
  const components = load<i32>(place + job.components)
  const columns = load<i32>(place + job.unitColumns)
  startBits(place)
  for (let c = 0; c < components; c++) store<i32>(componentOf(place, c) + job.mean, 0)
  let column = first % columns
  let row = first / columns
  for (let unit = first; unit < last; unit++) {
    for (let c = 0; c < components; c++) {
      const component = componentOf(place, c)
      const h = load<i32>(component + job.h)
      const v = load<i32>(component + job.v)
      for (let y = 0; y < v; y++) {
        for (let x = 0; x < h; x++) {
          if (!readBlock(place, component, column * h + x, row * v + y)) return damaged
        }
      }
    }
    if (isPastEnd()) return pastEnd
    if (++column === columns) {
      column = 0
      row++
    }
  }
  endBits(place)
  return sound
}

// @ts-expect-error: decorator
@inline
function componentOf(place: usize, index: i32): usize {
  return place + job.firstComponent + <usize>index * job.componentBytes
}

function readBlock(place: usize, component: usize, column: i32, row: i32): bool {
  const steps = <usize>load<u32>(component + job.steps)
  const coefficients = <usize>load<u32>(place + job.coefficients)
  const dcSize = takeSymbol(load<u32>(component + job.dc))
  if (dcSize < 0 || dcSize > 11) return false
  const mean = load<i32>(component + job.mean) + takeNumber(dcSize)
  const most = load<i32>(component + job.mostMean)
  if (mean > most || mean < -most) return false
  store<i32>(component + job.mean, mean)
  store<f32>(coefficients, <f32>mean * load<f32>(steps))
  const ac = <usize>load<u32>(component + job.ac)
  let hasAc = false
  for (let k = 1; k < 64; k++) {
    const symbol = takeSymbol(ac)
    const size = symbol & 15
    if (symbol < 0 || size > 10) return false
    if (symbol === 0) break
    k += symbol >> 4
    if (size === 0) {
      if (symbol !== 0xf0 || k > 62) return false
      continue
    }
    if (k > 63) return false
    const at = <usize>load<u8>(zigzag + <usize>k) << 2
    store<f32>(coefficients + at, <f32>takeNumber(size) * load<f32>(steps + at))
    hasAc = true
  }
  const size = load<i32>(component + job.size)
  const stride = <usize>load<u32>(component + job.stride)
  const samples = <usize>load<u32>(component + job.plane) + <usize>(row * size) * stride + <usize>(column * size)
  writeBlock(coefficients, hasAc, size, samples, stride)
  return true
}
