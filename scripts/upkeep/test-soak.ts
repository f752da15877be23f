/** npm run test:soak: the tests that take too long for each commit. */
import { declare } from '../front/command.ts'
import { runCommand } from '../front/run-command.ts'
import { runTests, soakSuite } from '../setup/run-tests.ts'
import { setUp } from '../setup/set-up.ts'

export const command = declare({
  name: 'test:soak',
  summary: 'Sets everything up, then runs the tests that take too long for `npm test`.',
  about:
    'Thousands of requests, processes that train, further starts of the bundle, measurements on photos: some minutes.',
  examples: [''],
  async run() {
    await setUp()
    return (await runTests([], [soakSuite])) ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
