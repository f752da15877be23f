/**
 * Adam (Kingma, Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov, Hutter 2019), on plain arrays. Its state is
 * part of a checkpoint.
 */
export interface AdamState {
  steps: number
  /** Running means of the gradient and of its square, one number a parameter. */
  readonly first: Float32Array
  readonly second: Float32Array
}

export interface AdamOptions {
  readonly rate: number
  /** Share of itself that a weight loses with each step, times the rate. */
  readonly decay: number
}

const firstShare = 0.9
const secondShare = 0.999
const epsilon = 1e-8

export function startAdam(count: number): AdamState {
  return { steps: 0, first: new Float32Array(count), second: new Float32Array(count) }
}

/**
 * One step, in place.
 *
 * @param gradients summed in the order given
 * @param ranges [start, end) of the parameters that are trained
 */
export function stepAdam(
  state: AdamState,
  parameters: Float32Array,
  gradients: readonly Float32Array[],
  ranges: readonly (readonly [number, number])[],
  { rate, decay }: AdamOptions,
): void {
  state.steps++
  const { first, second } = state
  const firstScale = 1 / (1 - firstShare ** state.steps)
  const secondScale = 1 / (1 - secondShare ** state.steps)
  const kept = 1 - rate * decay
  for (const [start, end] of ranges) {
    for (let i = start; i < end; i++) {
      let gradient = 0
      for (const share of gradients) gradient += share[i]!
      const mean = firstShare * first[i]! + (1 - firstShare) * gradient
      const square = secondShare * second[i]! + (1 - secondShare) * gradient * gradient
      first[i] = mean
      second[i] = square
      const step = (mean * firstScale) / (Math.sqrt(square * secondScale) + epsilon)
      parameters[i] = parameters[i]! * kept - rate * step
    }
  }
}
