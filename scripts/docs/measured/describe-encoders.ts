/** The table of encoders side by side, from what `npm run compare-encoders` measured. */

import measured from '../../../docs/accuracy/encoders.json' with { type: 'json' }
import { type EncoderFigures, figuresFile } from '../../encoder/encoder-figures.ts'
import { toTable } from '../../front/markdown-table.ts'
import { percent } from '../../front/percent.ts'

const figures = figuresFile.parse(measured)

/** The short one, for the README, with what it was measured on. */
export function describeEncoders(): string {
  const rows = figures.encoders.map(({ name, accuracy, fnmr, time }) => [
    `\`${name}\``,
    percent(accuracy, 2),
    ...[0.001, 0.0001].map((rate) => percent(fnmr.find(({ fmr }) => fmr === rate)!.fnmr, 1)),
    time.toFixed(2),
  ])
  const refused = (strangers: string): string =>
    `right person refused when 1 stranger in ${strangers} is let in`
  const table = toTable([
    ['encoder', 'pairs decided correctly', refused('1,000'), refused('10,000'), 'time'],
    ...rows,
  ])
  return (
    '**Accuracy** on LFW (deep-funneled, 3 folds; metric and thresholds of each fold are fitted to the people of the other two). ' +
    `\`npm start\` runs \`${figures.encoders[0]!.name}\`. \`npm run encoder -- fused\` switches to the most accurate encoder, and fetches its ` +
    'second network from its publisher.\n\n' +
    table
  )
}

/** All of it, a line a measure. */
export function describeEncoderDetails(): string {
  const { encoders, command, date } = figures
  const line = (measure: string, value: (encoder: EncoderFigures) => string): string[] => [
    measure,
    ...encoders.map(value),
  ]
  const rates = encoders[0]!.fnmr.map(({ fmr }) => fmr)
  const rows = [
    line('accuracy of the listed pairs', ({ accuracy }) => percent(accuracy, 2)),
    ...rates.map((rate) =>
      line(`FNMR at FMR ${rate} (95 %)`, ({ fnmr }) => {
        const found = fnmr.find(({ fmr }) => fmr === rate)!
        return `${percent(found.fnmr, 2)} (${percent(found.low, 1)} to ${percent(found.high, 1)})`
      }),
    ),
    line(`without the gate: accuracy; FNMR at ${rates.join(', ')}`, ({ withoutGate }) =>
      listedRates(withoutGate),
    ),
    line(
      'the other photo of a pair enrolled where one is refused: the same',
      ({ eitherEnrolled }) => listedRates(eitherEnrolled),
    ),
    ...[encoders[0]!.rightlyLabelled].flatMap((found) =>
      found === null
        ? []
        : [
            line(
              `without ${found.leftOut} listed pairs of one person that show two: the same`,
              ({ rightlyLabelled }) => listedRates(rightlyLabelled!),
            ),
          ],
    ),
    ...rates.map((rate) =>
      line(`FMR on people nothing was fitted to, wanted ${rate}`, ({ held }) => {
        const found = held.find(({ fmr }) => fmr === rate)!
        return `${found.least.toFixed(2)} to ${found.most.toFixed(2)} times`
      }),
    ),
    ...rates.map((rate) =>
      line(`FMR of two in the most crowded tenth, wanted ${rate}`, ({ crowded }) => {
        const { crowdedFmr } = crowded.find(({ fmr }) => fmr === rate)!
        return `${crowdedFmr.toPrecision(2)}, ${(crowdedFmr / rate).toFixed(1)} times`
      }),
    ),
    ...encoders[0]!.sets.map(({ set, pairs, matched }, i) =>
      line(
        `strangers of \`${set}\`, ${pairs} pairs, who match at ${matched.map(({ fmr }) => fmr).join(', ')}`,
        ({ sets }) => sets[i]!.matched.map(({ count }) => `${count}`).join(', '),
      ),
    ),
    ...encoders[0]!.searches.map(({ fmr, people }, i) =>
      line(`search among ${people} at ${fmr}: strangers found, people missed`, ({ searches }) => {
        const { fpir, fnir } = searches[i]!
        return `${percent(fpir, 2)}, ${percent(fnir, 1)}`
      }),
    ),
    line(`time of encoding one face, \`${encoders[0]!.name}\` = 1`, ({ time }) => time.toFixed(2)),
  ]
  const head = ['measure', ...encoders.map(({ name }) => `\`${name}\``)]
  return `\`${command}\`, ${date}.\n\n${toTable([head, ...rows])}`
}

function listedRates({ accuracy, fnmr }: EncoderFigures['eitherEnrolled']): string {
  return `${percent(accuracy, 2)}; ${fnmr.map((one) => percent(one.fnmr, 2)).join(', ')}`
}
