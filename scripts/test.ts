/** npm test: everything set up, then the lock file, types, lint, and every suite. */
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'
import { runChecks } from './setup/run-checks.ts'
import { setUp } from './setup/set-up.ts'

export const command = declare({
  name: 'test',
  summary:
    'Sets everything up, then checks the lock file, types, lint and format, and runs every suite.',
  about:
    'Pure code runs in Node, the code of the Worker inside workerd, and the real bundle in wrangler. Tests on photos that may not ' +
    'be shipped run where ../shared/data exists; the summary says so.',
  examples: [''],
  async run() {
    await setUp()
    return (await runChecks()) ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
