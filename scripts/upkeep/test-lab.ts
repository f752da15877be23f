/** npm run test:lab: the tests of lab/ alone. */
import { declare } from '../front/command.ts'
import { runCommand } from '../front/run-command.ts'
import { labSuite, runTests } from '../setup/run-tests.ts'
import { setUp } from '../setup/set-up.ts'

export const command = declare({
  name: 'test:lab',
  summary: 'Sets everything up, then runs the tests of lab/ alone, the long ones too.',
  examples: [''],
  async run() {
    await setUp()
    return (await runTests([], [labSuite])) ? 0 : 1
  },
})

if (import.meta.main) runCommand(command)
