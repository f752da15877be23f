/** npm run write-recorded-answers: what /docs shows of requests and answers. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recordAnswers } from '../contract/record-answers.ts'
import { declare } from '../front/command.ts'
import { projectRoot } from '../front/project-root.ts'
import { runCommand } from '../front/run-command.ts'
import { setUp } from '../setup/set-up.ts'

const file = join(projectRoot, 'src', 'site', 'recorded-answers.json')

export const command = declare({
  name: 'write-recorded-answers',
  summary: 'Writes src/site/recorded-answers.json, which /docs shows.',
  about:
    'Asks the real Worker about the sample people that set-up makes. A test compares the file with what the Worker answers today, ' +
    'so run this again when answers have changed.',
  examples: [''],
  async run() {
    await setUp()
    const answers = await recordAnswers()
    await writeFile(file, `${JSON.stringify(answers, null, 1)}\n`)
    console.log(`${answers.recordings.length} answers of ${answers.model} recorded`)
    return 0
  },
})

if (import.meta.main) runCommand(command)
