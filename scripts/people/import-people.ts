/**
 * Enrolls the people of a file that exportPeople wrote, 500 a request. A file that was cut off or changed is refused unless that
 * is meant. A run that was killed is resumed by running it again: people who are stored already stay as they are.
 */
import { stat } from 'node:fs/promises'
import type { ProgressBar } from '../front/progress.ts'
import { checkPeopleFile, chunksOf } from './people-file.ts'
import { peopleAChunk, type UploadOutcome, uploadPeople } from './upload-people.ts'
import { connectWorker } from './worker.ts'
import type { WorkerAddress } from './worker-address.ts'

export interface ImportOptions extends WorkerAddress {
  readonly allowDuplicate?: boolean
  readonly incomplete?: boolean
  /** Called after each request with what became of all people until then. */
  readonly onChunk?: (result: ImportResult) => void
}

export interface ImportResult {
  readonly count: Readonly<Record<UploadOutcome['outcome'], number>>
  /** `line 7: ada: ...`, one a line that was refused. */
  readonly failures: readonly string[]
}

/** Throws an Error for a file that is not whole, and when the Worker cannot be asked or refuses all. */
export async function importPeople(
  file: string,
  { incomplete = false, allowDuplicate = false, onChunk, ...address }: ImportOptions,
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
    onChunk?.({ count, failures })
  }
  bar?.stop()
  return { count, failures }
}

function refusedHere(fault: string): UploadOutcome {
  return { outcome: 'refused', failure: `invalid_request: ${fault}` }
}

const faults = {
  wrong: 'its checksum is wrong; it was changed after it was exported (--incomplete imports it)',
  foreign: 'this is no file that `npm run export` wrote: it has no header',
  missing: 'it has no closing line; the export was cut off (--incomplete imports what is there)',
} as const

/** How many were imported, then who was not and why, a line each. */
export function describeImport({ count, failures }: ImportResult): string {
  const { created, replaced, unchanged, refused } = count
  return [
    `imported: ${created} created, ${replaced} replaced, ${unchanged} unchanged, ${refused} refused`,
    ...failures.map((failure) => `  not imported: ${failure}`),
  ].join('\n')
}
