/**
 * npm run write-recorded-answers
 *
 * Writes src/site/recorded-answers.json, which /docs shows: asks the real Worker about the sample people that set-up makes. A
 * test compares the file with what the Worker answers today, so run this again when answers have changed.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recordAnswers } from './contract/record-answers.ts'
import { setUp } from './setup.ts'
import { projectRoot } from './weights/networks.ts'

export const recordedAnswersFile = join(projectRoot, 'src', 'site', 'recorded-answers.json')

if (import.meta.main) {
  await setUp()
  const answers = await recordAnswers()
  await writeFile(recordedAnswersFile, `${JSON.stringify(answers, null, 1)}\n`)
  console.log(`${answers.recordings.length} answers of ${answers.model} recorded`)
}
