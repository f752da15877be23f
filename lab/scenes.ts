/** npm run scenes: how well faces are found however a photo was taken. */
import { join } from 'node:path'
import { declare } from '../scripts/front/command.ts'
import { choice, number, text, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { buildDir } from '../scripts/weights/networks.ts'
import { measureScenes } from './scenes/measure-scenes.ts'

export const command = declare({
  name: 'scenes',
  summary:
    'Measures how well faces are found however a photo was taken: turned, tilted, far away, spoilt.',
  about:
    'Scenes are made from a seed, of the sample people or of a folder of LFW, in the shapes and sizes that phones take. Prints ' +
    'tables, and writes a plot.',
  options: {
    images: text('DIR', 'people of LFW, deep-funneled; the sample people unless given', 'folder'),
    half: choice(
      ['0', '1'],
      'only every other person, so that what is tuned on one half is checked on the other',
    ),
    count: number('N', 'scenes of each kind', wholeFrom(1), 60),
    seed: number('N', 'another one draws other scenes', wholeFrom(0), 1),
    out: text('DIR', 'where scenes.svg goes; build/scenes unless given'),
    failures: text('DIR', 'where the scenes that went wrong are kept; nowhere unless given'),
  },
  examples: ['', '--images lfw --count 200'],
  async run({ half, out = join(buildDir, 'scenes'), ...options }) {
    const side = half === undefined ? {} : ({ half: half === '0' ? 0 : 1 } as const)
    console.log(await measureScenes({ ...options, ...side, out }))
    console.log(`\nscenes.svg is in ${out}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
