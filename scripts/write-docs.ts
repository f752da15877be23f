/** npm run write-docs: what is generated of the documentation. */
import { writeFile } from 'node:fs/promises'
import { generatedPages } from './docs/generated-pages.ts'
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'

export const command = declare({
  name: 'write-docs',
  summary: 'Writes docs/errors.md, docs/commands.md and the generated parts of the other pages.',
  about:
    'Generated parts stand between the marks `generated:` and `end`. A test compares the pages with what this writes.',
  examples: [''],
  async run() {
    for (const [file, { is, should }] of await generatedPages()) {
      if (is === should) continue
      await writeFile(file, should)
      console.log(`written to ${file}`)
    }
    return 0
  },
})

if (import.meta.main) runCommand(command)
