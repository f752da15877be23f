/** npm run liveness: the liveness networks, bundled from then on, or left out again. */
import { declare } from './front/command.ts'
import { flag, text } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { addLiveness, removeLiveness } from './liveness/choose-liveness.ts'

export const command = declare({
  name: 'liveness',
  summary: 'Adds the two optional networks that score liveness.',
  about:
    'Fetches MiniFASNet V2 and V1SE (3.7 MB, Apache-2.0) from Minivision, who published them, and checks their hashes. After a fault nothing is changed. docs/liveness.md says what is known of them.',
  options: {
    from: text('DIR|URL', 'where the two files are, in place of their publisher'),
    remove: flag('bundle them no longer'),
  },
  examples: ['', '--from downloads', '--remove'],
  check: ({ from, remove }) =>
    remove && from !== undefined ? '--from and --remove exclude each other' : undefined,
  async run({ from, remove }) {
    await (remove ? removeLiveness() : addLiveness(from))
    return 0
  },
})

if (import.meta.main) runCommand(command)
