/** npm run measure-spoilt: what the gate is worth where both photos are spoilt alike. */
import { declare } from '../scripts/front/command.ts'
import { argument, number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { measureSpoilt } from './condition/spoilt/measure-spoilt.ts'

export const command = declare({
  name: 'measure-spoilt',
  summary:
    'Spoils photos in named ways, and prints which strangers match then, with the gate and without it.',
  about:
    'The heads of the gate are learned anew from one half of the people and tried on the other, then the other way around. About half an hour.',
  usage: '<folder of people>',
  arguments: {
    folder: argument('folder of people', 'images/README.md says how it is laid out', 'folder'),
  },
  options: {
    count: number('N', 'people who are tried', wholeFrom(4), 240),
    spoilt: number(
      'N',
      'people the heads learn from, of whom one photo is made unfit',
      wholeFrom(2),
      260,
    ),
    seed: number('N', 'another one spoils them differently', wholeFrom(0), 1),
  },
  examples: ['lfw'],
  async run({ folder, ...options }) {
    console.log(await measureSpoilt({ images: folder, ...options }))
    return 0
  },
})

if (import.meta.main) runCommand(command)
