/**
 * What a rule of the gate is: which of a face's measures it is about, which values pass, and with which code others are refused. A probe that something covers
 * or spoils a little may be compared all the same, in doubt (decision/doubt.ts), and one that comes near the limit is held more strictly.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import type { Condition } from '../face/condition/condition.ts'
import type { Quality } from '../face/quality.ts'

export type Purpose = 'probe' | 'enrollment'

/** Everything that is measured of a face before it is compared. */
export interface Measures extends Quality, Condition {
  /** As agreement.ts has it. */
  readonly disagreement: number
  /** 1 when eyes, nose and mouth lie in the photo, 0 when the border cuts one of them off. */
  readonly whole: number
  /** 0..1, how much of the face lies in the photo: of its landmarks or, where these miss it, of its box. */
  readonly shown: number
}

export type Range = readonly [least: number, most: number]

/** From a value that means nothing to one that means all. A way without length is a step upwards. */
export type Way = readonly [start: number, full: number]

export interface Rule {
  readonly code: ErrorCode
  /** Of which faces alone it speaks; of every one unless given. */
  readonly when?: (measures: Measures) => boolean
  /** Values that pass, both ends included; one range for every purpose, or a stricter one for enrollment. */
  readonly passes: Range | Readonly<Record<Purpose, Range>>
  /**
   * Values of a probe that do not pass, but may be compared in doubt; none unless given. They end where a third of the right people match
   * at the stricter threshold, or where none were measured (docs/accuracy.md, "Probes in doubt").
   */
  readonly doubts?: Range
  /** Whether it is about the light, which spoils what other rules see too: its doubt goes with one of theirs, and no liveness score counts. */
  readonly isOfLight?: true
  /**
   * From the first value on, upwards or downwards to the second, a photo that passes is the more suspect; never unless given. Photos that are
   * spoilt alike match several times as often as asked, so a suspect probe is held up to as strictly as one in doubt against photos that are
   * suspect too (decision/doubt.ts). An enrolled photo is suspect at once where it may be spoilt: the probe says how much.
   */
  readonly strictly?: Readonly<Record<Purpose, Way>>
  readonly message: (value: number, passes: Range) => string
}

export interface MeasureRule extends Rule {
  readonly measure: keyof Measures
}
