/** The kept statistics of batch normalisation: moved along with each batch of training, or measured over many photos. */
import { type Parameters, parameter } from './parameters.ts'

/** Statistics of one batch, by the name of the norm. */
export type BatchStatistics = ReadonlyMap<
  string,
  { readonly mean: Float32Array; readonly variance: Float32Array }
>

/** Share of the old value that stays with each batch, as in Torch and OpenFace. */
const momentum = 0.9

/** @param batch of each thread; their mean counts */
export function moveStatistics(parameters: Parameters, batch: readonly BatchStatistics[]): void {
  for (const [norm, { mean, variance }] of average(batch)) {
    blend(parameter(parameters, `${norm}_m`), mean, momentum)
    blend(parameter(parameters, `${norm}_v`), variance, momentum)
  }
}

/** Replaces them by those of many batches; the spread of the batches' means is part of the variance. */
export function replaceStatistics(
  parameters: Parameters,
  batches: readonly BatchStatistics[],
): void {
  for (const [norm, { mean, variance }] of average(batches)) {
    for (const batch of batches) {
      batch.get(norm)!.mean.forEach((value, c) => {
        variance[c] = variance[c]! + (value - mean[c]!) ** 2 / batches.length
      })
    }
    parameter(parameters, `${norm}_m`).set(mean)
    parameter(parameters, `${norm}_v`).set(variance)
  }
}

function average(
  batches: readonly BatchStatistics[],
): Map<string, { mean: Float32Array; variance: Float32Array }> {
  const averages = new Map<string, { mean: Float32Array; variance: Float32Array }>()
  for (const batch of batches) {
    for (const [norm, { mean, variance }] of batch) {
      const sum = averages.get(norm) ?? {
        mean: new Float32Array(mean.length),
        variance: new Float32Array(mean.length),
      }
      mean.forEach((value, c) => {
        sum.mean[c] = sum.mean[c]! + value / batches.length
      })
      variance.forEach((value, c) => {
        sum.variance[c] = sum.variance[c]! + value / batches.length
      })
      averages.set(norm, sum)
    }
  }
  return averages
}

function blend(kept: Float32Array, added: Float32Array, share: number): void {
  kept.forEach((value, c) => {
    kept[c] = value * share + added[c]! * (1 - share)
  })
}
