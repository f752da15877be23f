/** How far the output of a layer is from what another implementation gives. */
import { expect } from 'vitest'
import type { NetworkOutput } from '../../../src/network/run.ts'

/** The largest difference, and as a share of the largest number. */
export interface Compared {
  readonly absolute: number
  readonly relative: number
}

/** Expects the same shape, and that the layer says anything at all. */
export function compareOutputs(name: string, got: NetworkOutput, wanted: NetworkOutput): Compared {
  expect(got.shape, name).toEqual(wanted.shape)
  let absolute = 0
  let largest = 0
  got.values.forEach((value, i) => {
    absolute = Math.max(absolute, Math.abs(value - wanted.values[i]!))
    largest = Math.max(largest, Math.abs(wanted.values[i]!))
  })
  expect(largest, name).toBeGreaterThan(0)
  return { absolute, relative: absolute / largest }
}
