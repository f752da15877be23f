/**
 * Which thresholds the photos support. A threshold for a rare mistake reaches beyond what few people can show: drawn anew from
 * the same people it comes out anywhere, down to 0. Such a row is not written, and the Worker then refuses that rate or
 * gallery instead of guessing. Without the rate that everybody gets who asks for no other there is no calibration. Pure.
 */
import { CommandFault } from '../../scripts/front/fault.ts'
import { defaultFmr } from '../../src/decision/calibration-table.ts'
import type { FittedCalibration } from './fit/fit-calibration.ts'
import type { FittedThreshold } from './fit/fit-thresholds.ts'

/** The lower end of its 95 % interval is at least this share of a threshold. */
const leastCertainty = 0.5

export function isSupported({ threshold, interval }: FittedThreshold): boolean {
  return interval[0] >= leastCertainty * threshold && threshold > 0
}

export interface SupportedRows {
  readonly verification: readonly FittedThreshold[]
  readonly identification: readonly FittedThreshold[]
  /** What has no row, a line each. */
  readonly leftOut: readonly string[]
}

/**
 * @param people that the thresholds were measured on
 * @throws CommandFault when they are too few, with how many are needed
 */
export function supportedRows(
  { verification, identification }: Pick<FittedCalibration, 'verification' | 'identification'>,
  people: number,
): SupportedRows {
  const smallest = Math.min(...identification.map(({ count }) => count))
  const wanted = [
    ...verification.filter(({ fmr }) => fmr === defaultFmr),
    ...identification.filter(({ fmr, count }) => fmr === defaultFmr && count === smallest),
  ]
  const needed = Math.max(...wanted.map((row) => peopleFor(row, people)))
  if (!wanted.every(isSupported)) {
    throw new CommandFault(
      `${people} people are too few for a false-match rate of ${defaultFmr}; about ${needed} are needed`,
    )
  }
  const describe = (row: FittedThreshold, what: string): string =>
    `no row for an fmr of ${row.fmr} ${what}: about ${peopleFor(row, people)} people would show it`
  return {
    verification: verification.filter(isSupported),
    identification: identification.filter(isSupported),
    leftOut: [
      ...verification
        .filter((row) => !isSupported(row))
        .map((row) => describe(row, `with ${row.count} encodings`)),
      ...identification
        .filter((row) => !isSupported(row))
        .map((row) => describe(row, `in a gallery of ${row.count}`)),
    ],
  }
}

/** By how intervals shrink, with the square root of the number of people; rounded up to two digits. */
function peopleFor({ threshold, interval }: FittedThreshold, people: number): number {
  const times = ((threshold - interval[0]) / (leastCertainty * threshold)) ** 2
  const wanted = people * Math.max(1, Number.isFinite(times) ? times : 100)
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(wanted)) - 1)
  return Math.ceil(wanted / digit) * digit
}
