/** npm run check-lock: what can be said about the packages without asking anybody. */
import { declare } from '../front/command.ts'
import { runCommand } from '../front/run-command.ts'
import { checkLock } from '../setup/check-lock.ts'

export const command = declare({
  name: 'check-lock',
  summary:
    'Checks the lock file, offline: where packages come from, their hashes, why each is there.',
  about: '`npm test` does it too.',
  examples: [''],
  run: async () => ((await checkLock()) ? 0 : 1),
})

if (import.meta.main) runCommand(command)
