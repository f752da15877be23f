import { describe, expect, it } from 'vitest'
import { offUsual } from '../../../src/face/condition/off-usual.ts'

const usual = { means: Float32Array.of(10, 0), deviations: Float32Array.of(2, 0.5) }

describe('how far numbers are from what is usual', () => {
  it('is counted in deviations, first with the sign and then without', () => {
    expect([...offUsual(Float32Array.of(7, 0.25), usual)]).toEqual([-1.5, 0.5, 1.5, 0.5])
  })

  it('is 8 where it is more: no number decides alone', () => {
    expect([...offUsual(Float32Array.of(1e6, -9), usual)]).toEqual([8, -8, 8, 8])
  })

  it('is not a number where the picture has none', () => {
    expect(offUsual(Float32Array.of(Number.NaN, 0), usual)[0]).toBeNaN()
  })
})
