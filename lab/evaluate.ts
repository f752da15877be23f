/** npm run evaluate: how well the shipped pipeline tells people apart. */
import { join } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { choice, flag, text } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { givenKeys, keyOptions } from '../scripts/photos/key-options.ts'
import { buildDir } from '../scripts/weights/networks.ts'
import { metricKinds } from '../src/encoding/metrics/metric.ts'
import { describeMissed } from './accuracy/encoded-photos.ts'
import { evaluate } from './accuracy/evaluate.ts'
import type { Origin } from './accuracy/report.ts'
import { describeMetric, evaluationMarkdown, writeReport } from './accuracy/write-evaluation.ts'
import { readOnePerson } from './datasets/one-person.ts'

export const command = declare({
  name: 'evaluate',
  summary:
    'Measures how well the shipped pipeline tells people apart, and writes a report with plots.',
  about:
    'Listed pairs (columns fold, left, right, same; paths below --images), or every two photos of one person, against every cross ' +
    'pair of strangers. Metric and thresholds are those that ship; with --cross-validate those of each fold are fitted to the ' +
    'people of the other folds alone. Photos of cameras are probes: with a list of who is on them (images/README.md) they are ' +
    'compared like any other, without one the report says whom each would be taken for.',
  usage: `[--pairs pairs.csv] --images DIR [--cross-validate [--metric ${metricKinds.join('|')}]] [--out DIR] | --h5 FILE [--out DIR]`,
  options: {
    pairs: text('pairs.csv', 'the pairs to measure', 'file'),
    images: text('DIR', 'a folder of people', 'folder'),
    h5: text('FILE', 'labelled photos in place of a folder', 'file'),
    crossValidate: flag('fit metric and thresholds of each fold to the other folds'),
    metric: choice(metricKinds, 'for --cross-validate; the shipped one unless given'),
    onePerson: text('A=B,...', 'two names under which the folder has one person'),
    ...keyOptions,
    out: text('DIR', 'where report.md, report.json and the plots go; build/accuracy unless given'),
  },
  examples: [
    '--images images',
    '--pairs pairs.csv --images lfw --cross-validate',
    '--h5 datasets/faces.h5',
  ],
  check: ({ images, h5 }) =>
    (images === undefined) === (h5 === undefined)
      ? 'expected --images or --h5; usage: npm run evaluate -- [--pairs pairs.csv] --images DIR | --h5 FILE'
      : undefined,
  async run({ out = join(buildDir, 'accuracy'), ...values }, { typed }) {
    const { onePerson, ...others } = values
    const names = onePerson === undefined ? [] : (readOnePerson(onePerson) ?? [])
    const options = { ...others, onePerson: names, keys: givenKeys(values) }
    const evaluation = await evaluate(options)
    const { model, missed } = evaluation.encoded
    const origin: Origin = {
      title: 'Accuracy',
      command: typed,
      date: new Date().toISOString().slice(0, 10),
      model,
      metric: describeMetric(evaluation, options),
    }
    const text = evaluationMarkdown(origin, evaluation, values.images ?? 'images')
    await writeReport(out, text, origin, evaluation)
    for (const line of evaluation.left) console.log(line)
    console.log(text)
    for (const line of describeMissed(missed)) console.error(line)
    console.log(`report.md, report.json and plots are in ${out}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
