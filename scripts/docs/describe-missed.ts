/** How often a search misses somebody who is enrolled, by the number of people and of their photos, as the calibrations have it. */

import { missedAmong } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { grouped } from '../../src/lib/count-of.ts'
import { toTable } from '../front/markdown-table.ts'

const galleries = [10, 100, 1_000, 10_000] as const
const rates = [0.01, 0.001] as const

export function describeMissed(): string {
  const table = readCalibrationTable()
  return table.calibrations
    .map(({ model }) => {
      const rows = rates.flatMap((fmr) =>
        galleries.map((people) => [
          `${fmr}`,
          grouped(people),
          ...[0, 1, 2].map((photo) => {
            const missed = missedAmong(table, model, { fmr, people })?.[photo]
            return missed === undefined ? '' : `${(missed * 100).toFixed(1)} %`
          }),
        ]),
      )
      const head = ['FPIR', 'people', 'one photo', 'two', 'three']
      return `\`${model}\`, FNIR:\n\n${toTable([head, ...rows])}`
    })
    .join('\n\n')
}
