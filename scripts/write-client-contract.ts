/** npm run write-client-contract: what the endpoints take and answer, as types of the client. */
import { writeFile } from 'node:fs/promises'
import { clientContractFile, describeClientContract } from './contract/describe-client-contract.ts'
import { declare } from './front/command.ts'
import { runCommand } from './front/run-command.ts'

export const command = declare({
  name: 'write-client-contract',
  summary: "Writes the client's contract.ts from the schemas that check requests and answers.",
  about: 'A test compares the file with what this writes.',
  examples: [''],
  async run() {
    await writeFile(clientContractFile, describeClientContract())
    console.log(`written to ${clientContractFile}`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
