/**
 * npm run import-people -- FILE [--allow-duplicate] [--incomplete] [--url http://127.0.0.1:8787] [--key ADMIN_KEY]
 *
 * Enrolls the people of a file that `npm run export` wrote, 500 a request. A file that was cut off or changed is refused unless
 * --incomplete says that it is meant. A run that was killed is resumed by running it again: who is there already is left as
 * they are. Says who was not imported and why, and then ends with code 1.
 */
import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CommandFault } from './front/fault.ts'
import { type ProgressBar, progressBar } from './front/progress.ts'
import { checkPeopleFile, chunksOf } from './people/people-file.ts'
import { peopleAChunk, type UploadOutcome, uploadPeople } from './people/upload-people.ts'
import { connectWorker } from './people/worker.ts'
import { addressOf, addressOptions, type WorkerAddress } from './people/worker-address.ts'

export interface ImportOptions extends WorkerAddress {
  readonly allowDuplicate?: boolean
  readonly incomplete?: boolean
}

export interface ImportResult {
  readonly count: Readonly<Record<UploadOutcome['outcome'], number>>
  /** `line 7: ada: ...`, one a line that was refused. */
  readonly failures: readonly string[]
}

/** Throws an Error for a file that is not whole, and when the Worker cannot be asked or refuses all. */
export async function importPeople(
  file: string,
  { incomplete = false, allowDuplicate = false, ...address }: ImportOptions,
  bar?: ProgressBar,
): Promise<ImportResult> {
  if (!(await stat(file).catch(() => null))?.isFile()) throw new Error(`${file}: no such file`)
  const { people, checksum } = await checkPeopleFile(file)
  if (checksum !== 'verified' && !incomplete) throw new Error(`${file}: ${faults[checksum]}`)
  const count = { created: 0, replaced: 0, unchanged: 0, refused: 0 }
  const failures: string[] = []
  const worker = connectWorker(address)
  bar?.start(people)
  for await (const chunk of chunksOf(file, peopleAChunk)) {
    const sent = chunk.filter(({ fault }) => fault === undefined)
    const texts = sent.map(({ text }) => text)
    const outcomes = texts.length === 0 ? [] : await uploadPeople(worker, texts, { allowDuplicate })
    const outcomeOf = new Map(sent.map(({ number }, i) => [number, outcomes[i]!]))
    for (const { number, fault = '' } of chunk) {
      const { outcome, identity, failure } = outcomeOf.get(number) ?? refusedHere(fault)
      count[outcome]++
      bar?.step(identity)
      if (failure === undefined) continue
      const whom = identity === undefined ? '' : `${identity}: `
      failures.push(`line ${number}: ${whom}${failure}`)
    }
  }
  bar?.stop()
  return { count, failures }
}

function refusedHere(fault: string): UploadOutcome {
  return { outcome: 'refused', failure: `invalid_request: ${fault}` }
}

const faults = {
  wrong: 'its checksum is wrong; it was changed after it was exported (--incomplete imports it)',
  missing: 'it has no closing line; the export was cut off (--incomplete imports what is there)',
} as const

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...addressOptions,
      'allow-duplicate': { type: 'boolean', default: false },
      incomplete: { type: 'boolean', default: false },
    },
  })
  const [file] = positionals
  if (!file || positionals.length > 1) {
    console.error(
      'usage: npm run import-people -- FILE [--allow-duplicate] [--incomplete] [--url URL] [--key ADMIN_KEY]',
    )
    process.exit(2)
  }
  try {
    const options = {
      ...(await addressOf(values)),
      allowDuplicate: values['allow-duplicate'],
      incomplete: values.incomplete,
    }
    const { count, failures } = await importPeople(file, options, progressBar('importing'))
    const { created, replaced, unchanged, refused } = count
    console.log(
      `imported: ${created} created, ${replaced} replaced, ${unchanged} unchanged, ${refused} refused`,
    )
    for (const failure of failures) console.log(`  not imported: ${failure}`)
    if (refused > 0) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof CommandFault ? error.exitCode : 1
  }
}
