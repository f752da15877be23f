/** npm run setup: everything between installed packages and a Worker that can start. */
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'
import { setUp } from './setup/set-up.ts'

export const command = declare({
  name: 'setup',
  summary:
    'Makes what a Worker needs to start: kernels, weights, shards, sample people, local keys, types.',
  about: 'Each step leaves alone what is up to date. `npm start` and `npm test` do it too.',
  examples: [''],
  async run() {
    await setUp()
    console.log('What a Worker needs is there; "npm start" serves it.')
    return 0
  },
})

if (import.meta.main) runCommand(command)
