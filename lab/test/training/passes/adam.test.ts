import { describe, expect, it } from 'vitest'
import { startAdam, stepAdam } from '../../../training/passes/adam.ts'

const everything = [[0, 3]] as const

describe('stepAdam', () => {
  it('goes by the rate against the sign of the gradient in the first step', () => {
    const parameters = Float32Array.from([1, 2, 3])
    const gradients = [Float32Array.from([5, -0.01, 0])]
    stepAdam(startAdam(3), parameters, gradients, everything, { rate: 0.1, decay: 0 })
    expect(parameters[0]).toBeCloseTo(0.9, 5)
    expect(parameters[1]).toBeCloseTo(2.1, 5)
    expect(parameters[2]).toBe(3)
  })

  it('finds the minimum of a bowl', () => {
    const parameters = Float32Array.from([3, -2, 0.5])
    const state = startAdam(3)
    for (let step = 0; step < 400; step++) {
      const gradient = parameters.map((value, i) => 2 * (value - i))
      stepAdam(state, parameters, [gradient], everything, { rate: 0.05, decay: 0 })
    }
    parameters.forEach((value, i) => {
      expect(value).toBeCloseTo(i, 2)
    })
  })

  it('adds up the shares of all threads', () => {
    const [one, two] = [Float32Array.from([1, 1, 1]), Float32Array.from([1, 1, 1])]
    const options = { rate: 0.1, decay: 0 }
    const [a, b] = [startAdam(3), startAdam(3)]
    stepAdam(
      a,
      one,
      [Float32Array.from([1, 2, 3]), Float32Array.from([3, 2, 1])],
      everything,
      options,
    )
    stepAdam(b, two, [Float32Array.from([4, 4, 4])], everything, options)
    expect(a).toEqual(b)
    expect(one).toEqual(two)
  })

  it('leaves alone what lies outside the ranges, and lets weights decay inside', () => {
    const parameters = Float32Array.from([1, 1, 1])
    const none = [new Float32Array(3)]
    stepAdam(startAdam(3), parameters, none, [[1, 2]], { rate: 0.1, decay: 0.5 })
    expect(Array.from(parameters)).toEqual([1, Math.fround(0.95), 1])
  })
})
