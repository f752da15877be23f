/** npm run quality-limits: how bad a photo may be. */
import { declare } from '../scripts/front/command.ts'
import { number, requiredText, wholeFrom } from '../scripts/front/inputs.ts'
import { runCommand } from '../scripts/front/run-command.ts'
import { measureQualityLimits } from './quality/quality-limits.ts'

export const command = declare({
  name: 'quality-limits',
  summary:
    'Makes photos worse step by step, and prints what each step costs: people refused, strangers let in.',
  about: 'The limits of src/gate/ come from here.',
  options: {
    pairs: requiredText('pairs.csv', 'a list of pairs: fold,left,right,same', 'file'),
    images: requiredText('DIR', 'the folder below which their paths lie', 'folder'),
    count: number('N', 'pairs of one person that are taken', wholeFrom(1), 200),
  },
  examples: ['--pairs pairs.csv --images lfw'],
  async run(options) {
    console.log(await measureQualityLimits(options))
    return 0
  },
})

if (import.meta.main) runCommand(command)
