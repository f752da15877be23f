/** A calibration as a person reads it: the thresholds for one person and for a search, and how often each refuses the right person. */

import { toTable } from '../../scripts/front/markdown-table.ts'
import { percent } from '../../scripts/front/percent.ts'
import { grouped } from '../../src/lib/count-of.ts'

interface Row {
  readonly fmr: number
  readonly threshold: number
  readonly interval: readonly [number, number]
  readonly missed?: readonly number[] | undefined
}

export function describeCalibration({
  data,
  verification,
  identification,
}: {
  readonly data: string
  readonly verification: readonly (Row & { readonly encodings: number })[]
  readonly identification: readonly (Row & { readonly people: number })[]
}): string {
  return [
    data,
    '',
    'For one person (/verify):',
    toTable([
      ['strangers let in', 'photos enrolled', ...columns, 'right people refused'],
      ...verification.map((row) => [oneIn(row.fmr), `${row.encodings}`, ...cellsOf(row)]),
    ]),
    '',
    'For a search (/recognize):',
    toTable([
      ['strangers named', 'people', ...columns, 'right people not named, with 1; 2; 3 photos'],
      ...identification.map((row) => [oneIn(row.fmr), grouped(row.people), ...cellsOf(row)]),
    ]),
    '',
  ].join('\n')
}

const columns = ['threshold', '95 % interval']

function cellsOf({ threshold, interval: [low, high], missed }: Row): string[] {
  return [
    threshold.toFixed(4),
    `${low.toFixed(4)} to ${high.toFixed(4)}`,
    missed?.map((share) => percent(share)).join('; ') ?? '-',
  ]
}

function oneIn(share: number): string {
  return `1 in ${grouped(Math.round(1 / share))}`
}
