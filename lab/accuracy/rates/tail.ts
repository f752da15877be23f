/**
 * The few nearest strangers as a law: a generalised Pareto distribution fitted to how far distances fall below a limit
 * (Pickands 1975), by probability-weighted moments (Hosking and Wallis, Technometrics 1987). It smooths thresholds for
 * rare false matches and reaches beyond what the pairs can show, as searches in a large gallery need.
 */

export interface Tail {
  /** Distance below which the tail begins. */
  readonly limit: number
  /** Share of all pairs that lies in it. */
  readonly share: number
  readonly scale: number
  /** Negative: distances have a least value; positive: they have not. */
  readonly shape: number
}

/** Share of the pairs of strangers that is taken for the tail. */
export const tailShare = 0.01
/** Fewer distances than this, each as often as it counts, do not fix the two parameters. */
const minDistances = 20

/**
 * @param nearest distances, ascending, at least `tailShare` of all pairs
 * @param weights one a distance: how often it counts
 * @param total sum of the weights of all pairs, also of those not given
 * @param taken share of them that is the tail
 * @throws Error when there are too few
 */
export function fitTail(
  nearest: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  total: number,
  taken = tailShare,
): Tail {
  const wanted = total * taken
  let count = 0
  let weight = 0
  for (; count < nearest.length && weight < wanted; count++) weight += weights?.[count] ?? 1
  if (wanted < minDistances) {
    throw new Error(
      `${Math.round(total)} pairs are too few for the tail of their distances, ` +
        `about ${Math.ceil(minDistances / taken)} are needed`,
    )
  }
  if (count >= nearest.length) {
    throw new Error(
      'the nearest pairs are those of a few people, without whom too few are left to measure thresholds; this happens when faces are ' +
        'not cut out or coloured as the network was trained to see them (docs/weights.md)',
    )
  }
  const limit = nearest[count]
  // Moments of the excess with its rank counted from the largest, which is the first.
  let mean = 0
  let moment = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    const w = weights?.[i] ?? 1
    const excess = limit - nearest[i]
    mean += w * excess
    moment += w * excess * ((before + 0.35 + (w - 1) / 2) / weight)
    before += w
  }
  mean /= weight
  moment /= weight
  return {
    limit,
    share: weight / total,
    scale: (2 * mean * moment) / (mean - 2 * moment),
    shape: 2 - mean / (mean - 2 * moment),
  }
}

/** The distance that this share of the pairs does not exceed; within the tail only. Never below 0. */
export function tailQuantile({ limit, share, scale, shape }: Tail, rate: number): number {
  if (rate > share) throw new Error(`a rate of ${rate} lies outside the tail`)
  const ratio = rate / share
  const excess =
    Math.abs(shape) < 1e-9 ? -scale * Math.log(ratio) : (scale / shape) * (ratio ** -shape - 1)
  return Math.max(0, limit - excess)
}

/** The other way round: the share of the pairs that does not exceed this distance; that of the whole tail outside it. */
export function tailRate({ limit, share, scale, shape }: Tail, distance: number): number {
  const excess = Math.max(0, limit - distance) / scale
  if (Math.abs(shape) < 1e-9) return share * Math.exp(-excess)
  return share * Math.max(0, 1 + shape * excess) ** (-1 / shape)
}
