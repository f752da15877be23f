/** The tables of probes in doubt, from what `npm run measure-doubts` measured. */

import figures from '../../../docs/accuracy/doubts.json' with { type: 'json' }
import { grouped } from '../../../src/lib/count-of.ts'
import type { DoubtRates } from '../../encoder/doubt-figures.ts'
import { toTable } from '../../front/markdown-table.ts'
import { percent } from '../../front/percent.ts'

const names = figures.encoders.map(({ name }) => `\`${name}\``)

/** What they let in and spare, a line a measure, with the figures of each rate side by side. */
export function describeDoubts(): string {
  const { command, date, people, photos, doubted, encoders } = figures
  const rates = encoders[0]!.rates.map(({ fmr }) => fmr).join(', ')
  const line = (measure: string, value: (rates: DoubtRates) => string): string[] => [
    measure,
    ...encoders.map((encoder) => encoder.rates.map(value).join(', ')),
  ]
  const rows = [
    line('strangers matched by a probe in doubt', (rate) => few(rate.strangers)),
    line('of the worst way to spoil a photo', (rate) => few(rate.strangersOfWorstWay)),
    line('of the worst single probe', (rate) => few(rate.strangersOfWorstProbe)),
    line('at the threshold of sound probes', (rate) => few(rate.strangersAtFull)),
    line('at that, of the worst way', (rate) => few(rate.strangersOfWorstWayAtFull)),
    line('strangers matched by trying every way', (rate) => few(rate.byTrying.asIs)),
    line('the same if probes in doubt were refused', (rate) => few(rate.byTrying.refused)),
    line('if they had the threshold of sound ones', (rate) => few(rate.byTrying.full)),
    line('right people refused, probe in doubt', (rate) => percent(rate.refused, 0)),
  ]
  return (
    `\`${command}\`, ${date}: ${people} people, ${grouped(photos)} photos, ` +
    `${grouped(doubted)} of them in doubt.\n\n` +
    toTable([[`at ${rates}`, ...names], ...rows])
  )
}

/** Right people matched, of all photos of a kind: if probes in doubt were refused, and as it is. */
export function describeDoubtKinds(): string {
  const { people, kindsFmr, encoders, ways } = figures
  const rows = [...Map.groupBy(ways, ({ kind }) => kind)].map(([kind, own]) => {
    const photos = people * own.length
    const of = (count: (way: (typeof own)[number]) => number): string =>
      percent(own.reduce((sum, way) => sum + count(way), 0) / photos, 0)
    return [
      kind,
      of((way) => way.doubted),
      ...encoders.map((_, i) => {
        const sound = of(({ matched }) => matched[i]!.sound)
        const both = of(({ matched }) => matched[i]!.sound + matched[i]!.doubted)
        return sound === both ? sound : `${sound} to ${both}`
      }),
    ]
  })
  return toTable([[`at ${kindsFmr}`, 'in doubt', ...names], ...rows])
}

function few(share: number): string {
  if (share === 0) return '0'
  return percent(share, Math.max(0, 1 - Math.floor(Math.log10(share * 100))))
}
