/** npm run export: everybody who is enrolled, into a file. */

import { rm } from 'node:fs/promises'
import { countOf } from '../src/lib/count-of.ts'
import { partOf } from './files/write-whole.ts'
import { declare } from './front/command.ts'
import { argument } from './front/inputs.ts'
import { runCommand } from './front/run-command.ts'
import { exportPeople } from './people/export-people.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'

export const command = declare({
  name: 'export',
  summary:
    'Writes everybody who is enrolled, with their encodings in the clear, to a file for import-people.',
  about:
    'It is fetched in parts, each checked by its checksum, and the file appears when it is whole. A record that cannot be read has a line that says so; the exit code is then 1.',
  arguments: { file: argument('file', 'where to write it', 'file to write') },
  options: addressOptions,
  examples: ['people.ndjson', 'people.ndjson --url https://facegate.example.com --key $ADMIN_KEY'],
  async run({ file, ...values }, { onStop }) {
    onStop(async () => {
      // Biometric data: what nobody can use is not left behind.
      await rm(partOf(file), { force: true })
      return undefined
    })
    const address = await addressOf(values)
    const { people, unreadable } = await exportPeople(file, address, (lines) => {
      if (process.stderr.isTTY) process.stderr.write(`\rexported ${lines}`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r')
    console.log(`exported ${countOf(people, 'person')} to ${file}`)
    if (unreadable === 0) return 0
    console.log(`  ${unreadable} more could not be read; the file names them`)
    return 1
  },
})

if (import.meta.main) runCommand(command)
