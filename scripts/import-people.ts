/** npm run import-people: the people of an exported file into a Worker's gallery. */
import { declare } from './front/command.ts'
import { argument, flag } from './front/inputs.ts'
import { progressBar } from './front/progress.ts'
import { runCommand } from './front/run-command.ts'
import { describeImport, type ImportResult, importPeople } from './people/import-people.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'

export const command = declare({
  name: 'import-people',
  summary: 'Enrolls the people of a file that `npm run export` wrote.',
  about:
    'A file that was cut off or changed is refused without --incomplete. A run that was stopped is resumed by ' +
    'running it again: people who are stored already stay as they are. Lists who was not imported and why; the exit code is then 1.',
  arguments: { file: argument('file', 'what `npm run export` wrote', 'file') },
  options: {
    ...addressOptions,
    allowDuplicate: flag('import somebody who is enrolled under another identity too'),
    incomplete: flag('import what an incomplete file holds'),
  },
  examples: ['people.ndjson', 'people.ndjson --url https://facegate.example.com --key $ADMIN_KEY'],
  async run({ file, allowDuplicate, incomplete, ...values }, { onStop }) {
    let sofar: ImportResult | undefined
    onStop(() => sofar && describeImport(sofar))
    const onChunk = (result: ImportResult): void => {
      sofar = result
    }
    const options = { ...(await addressOf(values)), allowDuplicate, incomplete, onChunk }
    const result = await importPeople(file, options, progressBar('importing'))
    console.log(describeImport(result))
    return result.count.refused > 0 ? 1 : 0
  },
})

if (import.meta.main) runCommand(command)
