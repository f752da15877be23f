/** npm test: everything set up, then the lock file, types, lint, and every suite that is quick enough for each commit. */
import { declare } from './front/command.ts'
import { flag } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { checks, quickSuite, runTests, soakSuite } from './setup/run-tests.ts'
import { setUp } from './setup/set-up.ts'

export const command = declare({
  name: 'test',
  summary:
    'Sets everything up, then checks the lock file, types, lint and format, and runs the tests.',
  about:
    'Pure code runs in Node, the code of the Worker inside workerd, and the real bundle in wrangler. Tests on photos that may not ' +
    'be shipped run where ../shared/data exists; the summary says so.',
  options: { soak: flag('then run what `npm run test:soak` runs, and count both, as CI does') },
  examples: ['', '--soak'],
  async run({ soak }) {
    await setUp()
    return (await runTests(checks, soak ? [quickSuite, soakSuite] : [quickSuite])) ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
