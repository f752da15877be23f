/**
 * AssemblyScript: reads the units of a scan between two restart markers, block by block. Those of a sequential scan become samples at once;
 * those of a progressive one are kept until its last scan is read. What no block can hold is damage, as sequential-blocks.ts has it in
 * JavaScript.
 */
import { endBits, hasWholeByte, isPadding, isPastEnd, startBits, takeCoefficients, takeNumber, takeSymbol } from './bits'
import * as job from './job'
import { writeBlock } from './block'
import { endRun, readFirstAc, readFirstMean, refineAc, refineMean, splitRuns, startRow, startRun } from './progressive'

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
  const block = row * (load<i32>(component + job.stride) / size) + column
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

/** How many of a block's coefficients behind its mean are not zero; -1 where no block can be. */
function readCoefficients(place: usize, component: usize): i32 {
  const steps = <usize>load<u32>(component + job.steps)
  const coefficients = <usize>load<u32>(place + job.coefficients)
  const dcSize = takeSymbol(load<u32>(component + job.dc))
  if (dcSize < 0 || dcSize > 11) return -1
  const mean = load<i32>(component + job.mean) + takeNumber(dcSize)
  const most = load<i32>(component + job.mostMean)
  if (mean > most || mean < -most) return -1
  store<i32>(component + job.mean, mean)
  store<f32>(coefficients, <f32>mean * load<f32>(steps))
  return takeCoefficients(load<u32>(component + job.ac), lastOf(component), steps, coefficients)
}

/** The last coefficient that blocks of so many samples are made of, in the order in which they come. */
// @ts-expect-error: decorator
@inline
function lastOf(component: usize): i32 {
  const size = load<i32>(component + job.size)
  return size === 8 ? 63 : size === 4 ? 24 : size === 2 ? 4 : 0
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
