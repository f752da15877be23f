/** npm run secrets: fresh keys for a deployed Worker. */
import { join } from 'node:path'
import { declare } from './front/command.ts'
import { projectRoot } from './front/project-root.ts'
import { runCommand } from './front/run-command.ts'
import { writeSecrets } from './setup/write-secrets.ts'

const next = `secrets.env holds fresh keys. Keep a copy in a safe place, never in git. A new Worker takes them with

npx wrangler deploy --secrets-file secrets.env

and one that is deployed with "npx wrangler secret bulk secrets.env". Where people are enrolled already, docs/people.md says how to
change TEMPLATE_KEYS without losing them.`

export const command = declare({
  name: 'secrets',
  summary: 'Writes secrets.env with fresh keys for a deployed Worker.',
  about:
    'Only you may read the file, and git ignores it. An existing file is left alone: without its ' +
    'TEMPLATE_KEYS nobody who was enrolled under them can be read any more.',
  examples: [''],
  async run() {
    await writeSecrets(join(projectRoot, 'secrets.env'))
    console.log(next)
    return 0
  },
})

if (import.meta.main) runCommand(command)
