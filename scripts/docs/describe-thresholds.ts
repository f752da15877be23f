/** The calibrated thresholds of the encoder that ships, for one person with one photo and with three. */
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { toTable } from '../front/markdown-table.ts'

/** Stored encodings of a person, as far as the table shows them. */
const shown = [1, 3] as const

export function describeThresholds(): string {
  const tables = readCalibrationTable().calibrations.map(({ model, verification }) => {
    const fmrs = [...new Set(verification.map(({ fmr }) => fmr))].toSorted((a, b) => b - a)
    const rows = fmrs.map((fmr) => [
      `${fmr}`,
      ...shown.map((encodings) => {
        const row = verification.find((one) => one.fmr === fmr && one.encodings === encodings)
        return row === undefined ? '' : `${row.threshold}`
      }),
    ])
    const head = ['FMR', 'threshold, person with one encoding', `with ${shown[1]}`]
    return `\`${model}\`:\n\n${toTable([head, ...rows])}`
  })
  return tables.join('\n\n')
}
