/** npm run import: the networks of npm packages as CSV files. */
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'
import { importWeights } from './weights/import-weights.ts'

export const command = declare({
  name: 'import',
  summary: 'Writes the networks that come with npm packages to weights/<network>/<tensor>.csv.',
  about: 'A network whose source has not changed since the last run is left alone.',
  examples: [''],
  async run() {
    const written = await importWeights()
    console.log(written.length > 0 ? `imported ${written.join(', ')}` : 'weights are up to date')
    return 0
  },
})

if (import.meta.main) runCommand(command)
