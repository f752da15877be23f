/**
 * FaceNet's triplet loss: an anchor shall lie nearer to a positive (the same person) than to a negative (another one) by
 * at least a margin, in squared L2 distance (Schroff, Kalenichenko, Philbin 2015, section 3.1, equation 3). Pure
 * functions on tensors, with the gradient in closed form. No root is taken, so equal encodings give no NaN.
 */
import * as tf from '@tensorflow/tfjs'

/** FaceNet's alpha, section 3.1. */
export const defaultMargin = 0.2

export interface TripletLossOptions {
  /** By how much the negative shall be further away, in squared L2 distance; 0.2 unless given. */
  readonly margin?: number
  /** Over the triplets of the batch; 'sum' unless given, as in the paper. */
  readonly reduction?: 'sum' | 'mean'
}

/**
 * Loss of a batch: max(|a - p|^2 - |a - n|^2 + margin, 0), summed or averaged over triplets.
 *
 * @param anchors [batch, length]
 * @param positives [batch, length]
 * @param negatives [batch, length]
 * @returns a scalar; differentiable in all three
 * @throws Error when the shapes differ or the batch is empty
 */
export function tripletLoss(
  anchors: tf.Tensor2D,
  positives: tf.Tensor2D,
  negatives: tf.Tensor2D,
  { margin = defaultMargin, reduction = 'sum' }: TripletLossOptions = {},
): tf.Scalar {
  const shapes = [anchors, positives, negatives].map(({ shape }) => `[${shape.join(', ')}]`)
  if (anchors.rank !== 2 || anchors.size === 0 || new Set(shapes).size > 1) {
    throw new Error(
      `anchors, positives and negatives are ${shapes.join(', ')}; expected one shape [batch, length]`,
    )
  }
  const share = reduction === 'mean' ? 1 / anchors.shape[0] : 1
  const loss = tf.customGrad((...inputs) => {
    const [a, p, n, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc]
    const overlap = overlaps(a, p, n, margin)
    save([a, p, n, overlap])
    return {
      value: tf.mul(tf.sum(tf.relu(overlap)), share),
      gradFunc: (dy, saved) => {
        const [a, p, n, overlap] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
        // 1 where the triplet is active, as a column; at exactly 0 the loss is flat on one side and counts as flat.
        const active = tf.expandDims(tf.cast(tf.greater(overlap, 0), 'float32'), 1)
        const weight = tf.mul(active, tf.mul(dy, 2 * share))
        return [
          tf.mul(weight, tf.sub(n, p)),
          tf.mul(weight, tf.sub(p, a)),
          tf.mul(weight, tf.sub(a, n)),
        ]
      },
    }
  })
  return loss(anchors, positives, negatives) as tf.Scalar
}

/**
 * By how much each triplet falls short of the margin; it is active where this is above 0.
 *
 * @returns [batch]
 */
function overlaps(a: tf.Tensor, p: tf.Tensor, n: tf.Tensor, margin: number): tf.Tensor {
  const toPositive = tf.sum(tf.square(tf.sub(a, p)), 1)
  const toNegative = tf.sum(tf.square(tf.sub(a, n)), 1)
  return tf.add(tf.sub(toPositive, toNegative), margin)
}
