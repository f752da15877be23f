/** npm run learn-condition: teaches the gate what a covered, distorted, grainy, shaken, drawn or painted face looks like. */
import { declare } from '../scripts/front/command.ts'
import { argument, number, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { readPeople, requireSomebody } from '../scripts/photos/people.ts'
import { headsFile, learnCondition } from './condition/learn-condition.ts'

export const command = declare({
  name: 'learn-condition',
  summary:
    'Teaches the gate what covered, distorted, grainy, shaken, drawn and painted faces look like, and prints what it would refuse.',
  about:
    'The photos are made unfit at random; what is learned is written to src/face/condition/heads.json, the same from the same photos and seed. The table shows people that were not learned from.',
  usage: '<folder of people>',
  arguments: {
    folder: argument('folder of people', 'images/README.md says how it is laid out', 'folder'),
  },
  options: {
    spoilt: number('N', 'people of whom one photo is made unfit in every way', wholeFrom(2), 200),
    seed: number('N', 'another one spoils them differently', wholeFrom(0), 1),
  },
  examples: ['lfw'],
  async run({ folder, ...options }) {
    const { photos } = requireSomebody(folder, await readPeople(folder))
    console.log(await learnCondition(photos, options))
    console.log(`\nwritten to ${headsFile}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
