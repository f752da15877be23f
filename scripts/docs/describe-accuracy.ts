/** The accuracy line of the README, from the report that `npm run evaluate` wrote. */

import report from '../../docs/accuracy/report.json' with { type: 'json' }
import { percent } from '../front/percent.ts'

/** The rate that requests are decided at unless they ask for another. */
const shownFmr = 0.001

export function describeAccuracy(): string {
  const { accuracy, photos, missed, rates, model } = report
  const rate = rates.find(({ fmr }) => fmr === shownFmr)
  if (rate === undefined) throw new Error(`the report has no rate ${shownFmr}`)
  const [low, high] = rate.fnmrInterval.map((share) => percent(share))
  return (
    `**Accuracy** of \`${model}\` on LFW (deep-funneled, ${accuracy.folds.length} folds, metric and thresholds of each fitted to ` +
    `people of the others): ${percent(accuracy.mean)} of the listed pairs are decided rightly, a face is found in ` +
    `${(photos - missed.length).toLocaleString('en-US')} of ${photos.toLocaleString('en-US')} photos, and where one stranger in ` +
    `${1 / shownFmr} is let in, ${percent(rate.fnmr)} of the photos of the right person are refused (95 %: ${low} to ${high}).`
  )
}
