/**
 * What a metric must define, so that everything else can compare faces in it. Every metric gives an encoding a place: a vector, and a
 * factor for its distances. So a photo is at distance 0 from itself. The distance of two places is always computed in the same way
 * (metric.ts), so a gallery can bound it from a rounded template. Pure.
 */
import type { z } from 'zod'

/** An encoding made ready for comparison in one metric. */
export interface PreparedEncoding {
  /** As many numbers as the encoding has; NaN when it was none, or none that the metric can place. */
  readonly vector: Float32Array
  /** What the distance is multiplied with, not below the metric's `leastScale`. */
  readonly scale: number
}

/** The templates of a gallery as they are compared with a place's vector. */
export type RowScale = 'as they are' | 'unit length'

/** @typeParam M the metric as data: its kind, and what was fitted to faces, if anything */
export interface MetricBehaviour<
  M extends { readonly kind: string },
  Schema extends z.ZodType<M> = z.ZodType<M>,
> {
  readonly kind: M['kind']
  /** Of the metric in the calibration file. */
  readonly schema: Schema
  /** What the schema reads. */
  toJson(metric: M): unknown
  /** Anything that is not an encoding, or has another length than the metric was fitted to, gets NaN for a vector. */
  prepare(metric: M, encoding: Float32Array): PreparedEncoding
  /** No place has a smaller scale. */
  readonly leastScale: number
  readonly rows: RowScale
}
