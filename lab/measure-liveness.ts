/** npm run liveness:measure: whom the liveness networks would keep out. */
import { declare } from '../scripts/front/command.ts'
import { argumentList, flag, number } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { usualLiveThreshold } from '../src/face/liveness.ts'
import { measureLiveness } from './liveness/measure-liveness.ts'

export const command = declare({
  name: 'liveness:measure',
  summary:
    'Measures how many photos of live people the packed liveness networks score below the threshold.',
  about:
    'Those are the people whom LIVENESS=require would keep out. It says nothing about attacks.',
  arguments: {
    paths: argumentList('photos or folders', 'photos of live people', 'file or folder'),
  },
  options: {
    threshold: number(
      'SCORE',
      'the least score of a live face',
      { expected: 'a score between 0 and 1', isFine: (value) => value > 0 && value < 1 },
      usualLiveThreshold,
    ),
    redrawn: flag('score the same photos as drawings of screens, prints and bent photos too'),
  },
  examples: ['images', 'images --threshold 0.5 --redrawn'],
  async run({ paths, threshold, redrawn }) {
    await measureLiveness(paths, threshold, redrawn)
    return 0
  },
})

if (import.meta.main) runCommand(command)
