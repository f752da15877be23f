/**
 * Error versus discard (Grother and Tabassi, IEEE TPAMI 2007): how the false non-match rate falls as the photos that a
 * quality measure likes least are refused. A measure earns a place in the quality gate when its curve falls. Pure.
 */
import type { Quality } from '../../src/face/quality.ts'

/** A pair of one person with the qualities of both photos. */
export interface QualityPair {
  readonly distance: number
  readonly left: Quality
  readonly right: Quality
}

export interface DiscardCurve {
  readonly measure: string
  /** Share of the pairs that is refused, and the FNMR of the rest. */
  readonly points: readonly (readonly [discarded: number, fnmr: number])[]
}

/** Larger is better, for every measure. */
const goodness: Readonly<Record<string, (quality: Quality) => number>> = {
  'face size': ({ faceSize }) => faceSize,
  sharpness: ({ sharpness }) => sharpness,
  brightness: ({ brightness }) => -Math.abs(brightness - 0.5),
  contrast: ({ contrast }) => contrast,
  yaw: ({ yaw }) => -Math.abs(yaw),
  pitch: ({ pitch }) => -Math.abs(pitch),
  roll: ({ roll }) => -Math.abs(roll),
}

const steps = 40
const largestShare = 0.2

/** @param threshold above which a pair is refused as another person's */
export function discardCurves(pairs: readonly QualityPair[], threshold: number): DiscardCurve[] {
  return Object.entries(goodness).map(([measure, of]) => {
    // A pair is as good as the worse of its photos.
    const sorted = pairs
      .map((pair) => ({ pair, worse: Math.min(of(pair.left), of(pair.right)) }))
      .sort((a, b) => a.worse - b.worse)
    const points = Array.from({ length: steps + 1 }, (_, step) => {
      const discarded = Math.floor((sorted.length * largestShare * step) / steps)
      const rest = sorted.slice(discarded)
      const refused = rest.filter(({ pair }) => pair.distance > threshold).length
      return [discarded / sorted.length, refused / rest.length] as const
    })
    return { measure, points }
  })
}
