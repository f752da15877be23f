/**
 * A rival is somebody else enrolled to whom a probe is clearly nearer than to the person it claims to be. A threshold is measured on
 * strangers of all kinds; the people of one family or one house resemble each other far more, and each of them is enrolled: then the
 * gallery itself shows whose face it is. The rule can only turn a match into none (RIVALS). Pure.
 */
import { ambiguityShare } from './decide-among.ts'
import type { Threshold } from './thresholds.ts'

/**
 * How much nearer a rival must be, as a share of the threshold: half of what an answer among everybody needs, since the claim speaks for
 * one person already. Among 100 of LFW 42 of 201 wrong matches are left (59 at the whole share, 40 at none), and of 4,656 right
 * ones the same single one is lost.
 */
export const rivalShare = ambiguityShare / 2

/** A rival must pass for the probe among everybody: this share of searches for a stranger finds one by chance. */
export const rivalFmr = 0.01

/**
 * The distance below which somebody else is a rival; 0 when nobody can be.
 *
 * @param claimed from the probe to the person it claims to be
 * @param verification that made it a match
 * @param identification for a search among everybody enrolled, at `rivalFmr`
 */
export function rivalReach(
  claimed: number,
  verification: Pick<Threshold, 'threshold'>,
  identification: Pick<Threshold, 'threshold'>,
): number {
  const clearlyNearer = claimed - verification.threshold * rivalShare
  return Math.max(0, Math.min(identification.threshold, clearlyNearer))
}
