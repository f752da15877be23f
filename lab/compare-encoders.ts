/** npm run compare-encoders: encoders measured side by side, for the README and docs/accuracy.md. */
import { declare } from '../scripts/front/command.ts'
import { requiredText, text } from '../scripts/front/inputs.ts'
import { toTable } from '../scripts/front/markdown-table.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { readOnePerson } from './datasets/one-person.ts'
import { compareEncoders } from './encoders/compare-encoders.ts'

export const command = declare({
  name: 'compare-encoders',
  summary:
    'Measures encoders side by side on listed pairs, and writes docs/accuracy/encoders.json.',
  about:
    'Each is packed in turn, and at the end the one that ran before. Metric and thresholds of each fold are fitted to the people of the ' +
    'other folds alone. `npm run write-docs` puts the table into the pages.',
  options: {
    pairs: requiredText('pairs.csv', 'the pairs to measure', 'file'),
    images: requiredText('DIR', 'a folder of people', 'folder'),
    sets: text('DIR,DIR,...', 'folders of people of one place each', undefined, ''),
    encoders: text('A,B,...', 'which ones', undefined, 'dlib-resnet,reid-0095,fused'),
    onePerson: text('A=B,...', 'two names under which the folder has one person'),
    mislabelled: text('A,B,...', 'folders whose pair of one person shows two', undefined, ''),
  },
  examples: ['--pairs pairs.csv --images lfw'],
  async run({ pairs, images, sets, encoders, onePerson, mislabelled }, { typed }) {
    const figures = await compareEncoders({
      names: encoders.split(','),
      sets: namesIn(sets),
      mislabelled: namesIn(mislabelled),
      onePerson: onePerson === undefined ? [] : (readOnePerson(onePerson) ?? []),
      ...{ pairs, images, command: typed },
    })
    console.log(
      toTable([
        ['encoder', 'accuracy', ...figures[0]!.fnmr.map(({ fmr }) => `FNMR at ${fmr}`), 'time'],
        ...figures.map(({ name, accuracy, fnmr, time }) => [
          name,
          accuracy.toFixed(4),
          ...fnmr.map((rate) => rate.fnmr.toFixed(4)),
          `${time}`,
        ]),
      ]),
    )
    return 0
  },
})

function namesIn(list: string): string[] {
  return list.split(',').filter((name) => name !== '')
}

if (import.meta.main) runCommand(command)
