/** A measurement as a page of Markdown, with its curves as SVG. Pure. */
import { grouped } from '../../src/lib/count-of.ts'
import { plotSvg } from '../plots/plot-svg.ts'
import type { DiscardCurve } from './discard.ts'
import type { Measurement, PromiseKept, Scored } from './measure.ts'
import { binWidth, fmrAt, type Impostors } from './rates/impostors.ts'
import { fnmrAt, type GenuinePair } from './rates/rates.ts'

export interface Origin {
  readonly title: string
  readonly command: string
  /** ISO day. */
  readonly date: string
  /** Network and weights hash. */
  readonly model: string
  /** How metric and thresholds came about, as a sentence. */
  readonly metric: string
}

export function reportMarkdown(origin: Origin, measurement: Measurement): string {
  const { photos, people, missed, notEnrollable, accuracy, auc, equalErrorRate } = measurement
  const lines = [
    `# ${origin.title}`,
    '',
    `\`${origin.command}\`, ${origin.date}, \`${origin.model}\`. ${origin.metric}`,
    '',
    `${grouped(photos)} photos of ${grouped(people)} people; ${grouped(measurement.genuinePairs)} pairs of one person, ` +
      `${grouped(measurement.impostorPairs)} of two (every enrolled photo against every probe of somebody else).`,
    '',
    ...(measurement.genuinePairs > 0
      ? []
      : [
          'There are no two photos of one person here, so nothing says how often the right person is refused.',
          '',
        ]),
    '| measure | value |',
    '|---|---|',
    `| failure to acquire | ${percent(missed / photos)} (${missed} of ${grouped(photos)} photos), never a match below |`,
    `| of the rest not good enough to be enrolled | ${percent(notEnrollable / photos)} (${notEnrollable} photos), never a match where they should be |`,
    ...(accuracy
      ? [
          `| accuracy of the listed pairs, threshold of each fold from the others | ${percent(accuracy.mean)} ± ${percent(accuracy.standardError)} |`,
        ]
      : []),
    ...(auc === null ? [] : [`| area under the ROC curve, listed pairs | ${auc.toFixed(5)} |`]),
    ...(equalErrorRate === null ? [] : [`| equal error rate | ${percent(equalErrorRate)} |`]),
    ...measurement.rates.map(
      ({ fmr, fnmr, fnmrInterval: [low, high], threshold }) =>
        `| FNMR at FMR ${fmr} | ${percent(fnmr)} (95 %: ${percent(low)} to ${percent(high)}), distance ${threshold.toFixed(4)} |`,
    ),
    '',
  ]
  if (accuracy && accuracy.folds.length > 1) {
    lines.push('| fold | accuracy | threshold |', '|---|---|---|')
    for (const { fold, accuracy: share, threshold } of accuracy.folds) {
      lines.push(`| ${fold} | ${percent(share)} | ${threshold.toFixed(4)} |`)
    }
    lines.push('')
  }
  const promises = measurement.promises.flatMap((set, i) =>
    set.map((row) => ({ set: i + 1, ...row })),
  )
  if (promises.length > 0) {
    lines.push(
      'Calibrated thresholds held against these photos:',
      '',
      '| set | FMR wanted | FMR measured | ratio | FNMR | threshold |',
      '|---|---|---|---|---|---|',
      ...promises.map(
        (row) =>
          `| ${row.set} | ${row.fmr} | ${row.measuredFmr.toPrecision(3)} | ${ratioOf(row, measurement.impostorPairs)} ` +
          `| ${row.measuredFnmr === null ? 'not measured' : percent(row.measuredFnmr)} | ${row.threshold.toFixed(4)} |`,
      ),
      '',
    )
  }
  return lines.join('\n')
}

/** A rate that fewer than ten pairs stand for says nothing. */
function ratioOf({ fmr, measuredFmr }: PromiseKept, pairs: number): string {
  return pairs * fmr >= 10 ? (measuredFmr / fmr).toFixed(2) : 'too few pairs'
}

/** File name -> SVG. */
export function reportPlots(
  { genuine, impostors }: Scored,
  discard: readonly DiscardCurve[],
): Map<string, string> {
  const curve = errorCurve(genuine, impostors)
  const plots = new Map([
    [
      'roc.svg',
      plotSvg({
        title: 'ROC',
        x: { label: 'false match rate', scale: 'log' },
        y: { label: 'true match rate' },
        lines: [{ label: 'facegate', points: curve.map(({ fmr, fnmr }) => [fmr, 1 - fnmr]) }],
        legend: 'right bottom',
      }),
    ],
    [
      'det.svg',
      plotSvg({
        title: 'Detection error trade-off',
        x: { label: 'false match rate', scale: 'log' },
        y: { label: 'false non-match rate', scale: 'log' },
        lines: [{ label: 'facegate', points: curve.map(({ fmr, fnmr }) => [fmr, fnmr]) }],
      }),
    ],
    ['distances.svg', distancePlot(genuine, impostors)],
  ])
  if (discard.length > 0) {
    plots.set(
      'discard.svg',
      plotSvg({
        title: 'FNMR at FMR 0.001 of the pairs that are left',
        x: { label: 'share of the pairs refused' },
        y: { label: 'false non-match rate' },
        lines: discard.map(({ measure, points }) => ({ label: measure, points })),
        legend: 'left bottom',
      }),
    )
  }
  return plots
}

function errorCurve(genuine: readonly GenuinePair[], impostors: Impostors) {
  const steps = 200
  const nearest = Math.log10(1 / impostors.pairs)
  const farthest = Math.log10(impostors.near.length / impostors.pairs)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const fmr = 10 ** (nearest + ((farthest - nearest) * step) / steps)
    const index = Math.min(impostors.near.length - 1, Math.round(fmr * impostors.pairs) - 1)
    const threshold = impostors.near[Math.max(0, index)].distance
    return { fmr: fmrAt(impostors, threshold), fnmr: fnmrAt(genuine, threshold) }
  })
}

function distancePlot(genuine: readonly GenuinePair[], { histogram, pairs }: Impostors): string {
  const own = new Array<number>(histogram.length).fill(0)
  for (const { distance } of genuine) {
    if (distance !== null) own[Math.min(own.length - 1, Math.floor(distance / binWidth))]++
  }
  const share = (counts: ArrayLike<number>, total: number) =>
    Array.from(counts, (value, i) => [(i + 0.5) * binWidth, value / total / binWidth] as const)
  const last = histogram.findLastIndex((value) => value > 0)
  return plotSvg({
    title: 'Distances',
    x: { label: 'distance', range: [0, (last + 1) * binWidth] },
    y: { label: 'density' },
    lines: [
      { label: 'one person', points: share(own, genuine.length).slice(0, last + 1) },
      { label: 'two people', points: share(histogram, pairs).slice(0, last + 1) },
    ],
  })
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
