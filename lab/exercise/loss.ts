/** The exercise's first task: its triplet loss, computed here on its tensors. */
import { exerciseTriplets } from '../learning/exercise-triplets.ts'
import { defaultMargin, tripletLoss } from '../learning/triplet-loss.ts'
import { notebookLoss } from './notebook.ts'

export interface LossTold {
  readonly lines: readonly string[]
  readonly isAsExpected: boolean
}

/** Needs a backend of tfjs. */
export function describeLoss(): LossTold {
  const { anchors, positives, negatives } = exerciseTriplets()
  const loss = tripletLoss(anchors, positives, negatives)
  const value = loss.dataSync()[0]!
  for (const tensor of [loss, anchors, positives, negatives]) tensor.dispose()
  // The notebook prints three decimals.
  const isAsExpected = Math.abs(value - notebookLoss) <= 0.0005
  return {
    isAsExpected,
    lines: [
      `${value.toFixed(3)}  computed here: 3 triplets of 128 numbers, seed 1, alpha ${defaultMargin}`,
      `${notebookLoss}  by the exercise's text${isAsExpected ? '' : ': NOT the same'}`,
    ],
  }
}
