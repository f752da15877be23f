/** npm run write-docs: what is generated of the documentation, and the types of the client. */
import { readFile, writeFile } from 'node:fs/promises'
import { clientContractFile, describeClientContract } from '../contract/describe-client-contract.ts'
import { generatedPages } from '../docs/generated-pages.ts'
import { declare } from '../front/command.ts'
import { runCommand } from '../front/run-command.ts'

export const command = declare({
  name: 'write-docs',
  summary:
    'Writes docs/errors.md, docs/commands.md, the generated parts of the other pages, and the types of the client.',
  about:
    'Generated parts stand between the marks `generated:` and `end`. Tests compare all of it with what this writes.',
  examples: [''],
  async run() {
    const contract = {
      is: await readFile(clientContractFile, 'utf8'),
      should: describeClientContract(),
    }
    const files = [...(await generatedPages()), [clientContractFile, contract] as const]
    for (const [file, { is, should }] of files) {
      if (is === should) continue
      await writeFile(file, should)
      console.log(`written to ${file}`)
    }
    return 0
  },
})

if (import.meta.main) runCommand(command)
