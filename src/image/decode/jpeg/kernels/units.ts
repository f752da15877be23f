/**
 * AssemblyScript: reads the units of a scan between two restart markers, block by block. Those of a sequential scan become samples at once;
 * those of a progressive one are kept until its last scan is read. What no block can hold is damage, as sequential-blocks.ts has it in
 * JavaScript.
 */
import { endBits, hasWholeByte, isPadding, isPastEnd, startBits } from './bits'
import * as job from './job'
import { writeBlock } from './block'
import { endRun, readFirstAc, readFirstMean, refineAc, refineMean, splitRuns, startRow, startRun } from './progressive'
import { readCoefficients } from './sequential'

const sound: i32 = 0
const pastEnd: i32 = 1
const damaged: i32 = 2

/** Kinds of scans. */
const sequential: i32 = 0
const firstMeans: i32 = 1
const refinedMeans: i32 = 2
const firstAc: i32 = 3

/** 0 when the units `first` to `last` are there, 1 when the bits end before, 2 when no encoder writes such. */
export function readUnits(place: usize, first: i32, last: i32): i32 {
  const components = load<i32>(place + job.components)
  const columns = load<i32>(place + job.unitColumns)
  startBits(place)
  startRun()
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
      startRow()
    }
  }
  if (!endRun()) return damaged
  store<i32>(place + job.splits, load<i32>(place + job.splits) + splitRuns())
  endBits(place)
  return sound
}

// @ts-expect-error: decorator
@inline
function componentOf(place: usize, index: i32): usize {
  return place + job.firstComponent + <usize>index * job.componentBytes
}

function readBlock(place: usize, component: usize, column: i32, row: i32): bool {
  const kind = load<i32>(place + job.kind)
  if (kind === sequential) return readSamples(place, component, column, row)
  const size = load<i32>(component + job.size)
  // A power of two: a division for each block of each scan takes longer.
  const block = row * (load<i32>(component + job.stride) >> ctz(size)) + column
  if (kind === firstMeans) return readFirstMean(place, component, block)
  if (kind === refinedMeans) return refineMean(place, component, block)
  if (kind === firstAc) return readFirstAc(place, component, block)
  return refineAc(place, component, block)
}

function readSamples(place: usize, component: usize, column: i32, row: i32): bool {
  const ac = readCoefficients(place, component)
  if (ac < 0) return false
  const size = load<i32>(component + job.size)
  const stride = <usize>load<u32>(component + job.stride)
  const samples = <usize>load<u32>(component + job.plane) + <usize>(row * size) * stride + <usize>(column * size)
  writeBlock(<usize>load<u32>(place + job.coefficients), ac > 0, size, samples, stride)
  return true
}

/**
 * Whether what is left of the bits, behind the last unit that was read, are more units and no stray bytes: they come to an end where
 * the bits do, but for padding. Of sequential scans.
 */
export function readsOn(place: usize): bool {
  const components = load<i32>(place + job.components)
  const coefficients = <usize>load<u32>(place + job.coefficients)
  let sound = true
  while (sound && hasWholeByte()) {
    for (let c = 0; sound && c < components; c++) {
      const component = componentOf(place, c)
      const blocks = load<i32>(component + job.h) * load<i32>(component + job.v)
      for (let i = 0; sound && i < blocks; i++) sound = readCoefficients(place, component) >= 0
    }
  }
  memory.fill(coefficients, 0, 256)
  return sound && !isPastEnd() && isPadding()
}
