/**
 * A probe in doubt: something covers or spoils its face (gate/rule.ts), and still many of the right people match by it. So it is compared
 * before it is refused, but more strictly, and only at /verify, where the comparison counts as an attempt. A suspect probe is held
 * up to as strictly, the more so the surer its fault is, wherever it is compared with photos that are suspect too. Strangers resemble each
 * other more in photos that are spoilt alike, which enrollment keeps out; to a sound photo of somebody else a spoilt probe comes about as
 * near as a sound one (docs/accuracy.md, "Probes in doubt"). Pure.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import type { Threshold } from './thresholds.ts'

/** What a probe may be in doubt for. */
export const doubtCodes = [
  'face_eyes_covered',
  'face_mouth_covered',
  'face_too_grainy',
  'face_shaken',
  'face_too_dark',
  'face_too_bright',
  'face_cut_off',
] as const satisfies readonly ErrorCode[]

export type Doubt = (typeof doubtCodes)[number]

/** @throws Error for the code of a rule that lets no probe be compared in doubt */
export function doubtFor(code: ErrorCode): Doubt {
  const doubt = doubtCodes.find((one) => one === code)
  if (doubt === undefined) throw new Error(`${code} leaves no probe in doubt`)
  return doubt
}

/** The share by which the threshold is smaller: within 1 % of what a rate ten times rarer takes away, or more, for every encoder there is. */
const strictness = 0.1

/** The threshold for a probe in doubt, in place of that for a sound one. Its rate is still the one that was asked for. */
export function inDoubt<T extends Pick<Threshold, 'threshold'>>(threshold: T): T {
  return nearer(threshold, 1)
}

/** What is known of a probe, and of what it is compared with, that holds it against a stricter threshold. */
export interface Held {
  /** What covers or spoils it; absent for a sound one. */
  readonly doubt?: unknown
  /** 0..1, how suspect it is of what is no doubt yet (gate/rule.ts, `strictly`); 0 unless given. */
  readonly suspicion?: number | undefined
  /** 0..1, how suspect the enrolled photos are. Where that is unknown, they may be spoilt as the probe is: 1. */
  readonly enrolledSuspicion?: number | undefined
}

/** What a probe is held against: the threshold, that of a probe in doubt, or one between. */
export function heldTo<T extends Pick<Threshold, 'threshold'>>(
  threshold: T,
  { doubt, suspicion = 0, enrolledSuspicion = 1 }: Held,
): T {
  return nearer(threshold, doubt === undefined ? Math.min(suspicion, enrolledSuspicion) : 1)
}

function nearer<T extends Pick<Threshold, 'threshold'>>(threshold: T, share: number): T {
  return { ...threshold, threshold: threshold.threshold * (1 - share * strictness) }
}
