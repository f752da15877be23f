/** npm run measure-doubts: what probes in doubt let in and spare. */
import { declare } from '../scripts/front/command.ts'
import { argument, number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { toTable } from '../scripts/front/markdown-table.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { measureDoubts } from './condition/spoilt/measure-doubts.ts'
import { readOnePerson } from './datasets/one-person.ts'

export const command = declare({
  name: 'measure-doubts',
  summary:
    'Measures which strangers and which right people match by a spoilt probe, and writes docs/accuracy/doubts.json.',
  about:
    'Photos are spoilt in named ways and compared as `/verify` does. Each encoder is packed in turn, and at the end the one that ran before. ' +
    'Metric and thresholds are fitted to the half of the people that is not tried. `npm run write-docs` puts the tables into the pages.',
  usage: '<folder of people>',
  arguments: {
    folder: argument('folder of people', 'images/README.md says how it is laid out', 'folder'),
  },
  options: {
    count: number('N', 'people whose photos are spoilt', wholeFrom(2), 60),
    seed: number('N', 'another one spoils them differently', wholeFrom(0), 1),
    encoders: text('A,B,...', 'which ones', undefined, 'dlib-resnet,reid-0095,fused'),
    onePerson: text('A=B,...', 'two names under which the folder has one person'),
  },
  examples: ['lfw'],
  async run({ folder, count, seed, encoders, onePerson }, { typed }) {
    const figures = await measureDoubts({
      names: encoders.split(','),
      onePerson: onePerson === undefined ? [] : (readOnePerson(onePerson) ?? []),
      ...{ images: folder, count, seed, command: typed },
    })
    console.log(`${figures.doubted} of ${figures.photos} photos are in doubt`)
    console.log(
      toTable([
        ['encoder', 'asked', 'strangers matched in doubt', 'right people refused in doubt'],
        ...figures.encoders.flatMap(({ name, rates }) =>
          rates.map(({ fmr, strangers, refused }) => [
            name,
            `${fmr}`,
            strangers.toExponential(1),
            refused.toFixed(3),
          ]),
        ),
      ]),
    )
    return 0
  },
})

if (import.meta.main) runCommand(command)
