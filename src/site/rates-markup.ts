/** The rates that `fmr` may name on this service, with the distances that they come to, as the calibration has them. */

import type { ModelCalibration } from '../decision/calibration-table.ts'
import { defaultFmr } from '../decision/calibration-table.ts'
import { grouped } from '../lib/count-of.ts'
import { type Markup, markup, prose, table } from './prose.ts'

/** The network that decides, and how it was calibrated; null when nobody did. */
export interface RunningModel {
  readonly model: string
  readonly calibration: ModelCalibration | null
}

export function renderRates({ model, calibration }: RunningModel): Markup {
  if (calibration === null) {
    return markup`<p><strong>Rates.</strong> ${prose(`\`fmr\` cannot be asked for: the network that runs here, \`${model}\`, is not calibrated.`)}</p>`
  }
  const { verification, identification } = calibration
  const encodings = verification.map((row) => ({ ...row, count: row.encodings }))
  const people = identification.map((row) => ({ ...row, count: row.people }))
  const rates = [...new Set([...verification, ...identification].map(({ fmr }) => fmr))]
  rates.sort((a, b) => b - a)
  return markup`<p><strong>Rates.</strong> ${prose(`\`fmr\` is one of the calibrated rates of the network that runs here, \`${model}\`: ${rates.join(', ')}; ${calibration.fmr ?? defaultFmr} unless given or set as \`FMR\`. A request cannot have a laxer one. It is the share of strangers whom \`/verify\` and \`/compare\` would match by mistake, and the share of searches for a stranger in which \`/recognize\` would name somebody. A photo matches up to the distance below, which shrinks as encodings and people grow in number.`)}</p>
${table(
  'Calibrated rates',
  [
    'fmr',
    `verify, compare: ${rangeOf(encodings)} encodings`,
    `recognize: ${rangeOf(people)} people`,
  ],
  rates.map((fmr) => [
    markup`<code>${fmr}</code>`,
    thresholdsOf(encodings, fmr),
    thresholdsOf(people, fmr),
  ]),
)}`
}

interface Row {
  readonly fmr: number
  readonly count: number
  readonly threshold: number
}

function rangeOf(rows: readonly Row[]): string {
  const counts = rows.map(({ count }) => count)
  return `1 to ${grouped(Math.max(...counts))}`
}

/** The largest and the smallest distance of a rate. */
function thresholdsOf(rows: readonly Row[], fmr: number): string {
  const thresholds = rows.filter((row) => row.fmr === fmr).map(({ threshold }) => threshold)
  if (thresholds.length === 0) return 'not calibrated'
  const [most, least] = [Math.max(...thresholds), Math.min(...thresholds)]
  return most === least ? `${most}` : `${most} to ${least}`
}
