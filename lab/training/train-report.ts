/** What is left of a run beside its weights: run.json, and the curves of loss and ROC as SVG. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Roc } from '../learning/roc.ts'
import { plotSvg } from '../plots/plot-svg.ts'
import type { EpochRecord } from './checkpoint.ts'

/** A set of pairs, measured at one time. */
export interface Measured {
  /** As it stands, norms measured anew where tensors were drawn, trained. */
  readonly when: string
  readonly roc: Roc
}

export interface RunReport {
  readonly command: string
  readonly choices: Readonly<Record<string, unknown>>
  readonly drawn: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  /** Who was learned from, and who decided when to stop: nobody of them can show how good the weights are. */
  readonly people: { readonly learned: readonly string[]; readonly heldBack: readonly string[] }
  readonly skipped: readonly { readonly file: string; readonly error: string }[]
  readonly history: readonly EpochRecord[]
  readonly bestEpoch: number
  /** Of the listed pairs, or of the validation pairs where there is no list. */
  readonly measuredOn: string
  readonly measured: readonly Measured[]
  readonly seconds: number
  readonly machine: string
}

export async function writeReport(folder: string, report: RunReport): Promise<void> {
  const { measured, history, measuredOn } = report
  const areas = measured.map(({ when, roc }) => ({ when, area: roc.area }))
  await writeFile(
    join(folder, 'run.json'),
    `${JSON.stringify({ ...report, measured: areas }, null, 2)}\n`,
  )
  await writeFile(join(folder, 'loss.svg'), lossPlot(history))
  if (measured.length > 0) {
    await writeFile(join(folder, 'roc.svg'), rocPlot(measuredOn, measured))
  }
}

function lossPlot(history: readonly EpochRecord[]): string {
  const points = (value: (record: EpochRecord) => number | null): [number, number][] =>
    history.map((record, i) => [i + 1, value(record) ?? Number.NaN])
  const hasAreas = history.some(({ area }) => area !== null)
  return plotSvg({
    title: 'Training',
    x: { label: 'epoch' },
    y: { label: 'loss; shares', range: [0, Math.max(1, ...history.map(({ loss }) => loss))] },
    lines: [
      { label: 'loss, mean of the mined triplets', points: points(({ loss }) => loss) },
      { label: 'share of active triplets', points: points(({ active }) => active) },
      ...(hasAreas
        ? [{ label: 'AUC, validation people', points: points(({ area }) => area), dashed: true }]
        : []),
    ],
    legend: 'right middle',
  })
}

function rocPlot(measuredOn: string, measured: readonly Measured[]): string {
  return plotSvg({
    title: `ROC, ${measuredOn}`,
    x: { label: 'strangers accepted', range: [0, 1] },
    y: { label: 'same person accepted', range: [0, 1] },
    lines: measured.map(({ when, roc }) => ({
      label: `${when}: AUC ${roc.area.toFixed(4)}`,
      points: roc.curve.map(({ falseMatchRate, trueMatchRate }) => [falseMatchRate, trueMatchRate]),
    })),
    legend: 'right bottom',
  })
}
