/** Sends people with their encodings to /admin/import, so many as one request takes, and says what became of each. */
import type { ImportPeopleFields } from '../../client/src/client.ts'
import type { Worker } from './worker.ts'

/** What became of a line that was sent. */
export interface UploadOutcome {
  readonly outcome: 'created' | 'replaced' | 'unchanged' | 'refused'
  /** Absent when the line itself was no good. */
  readonly identity?: string
  /** Why it was refused. */
  readonly failure?: string
}

export { peopleARequest as peopleAChunk } from '../../client/src/people-lines.ts'

/**
 * Throws a CommandFault when the Worker could not be asked, or refused the request as a whole.
 *
 * @param lines one person each
 * @returns one outcome a line
 */
export async function uploadPeople(
  { ask }: Worker,
  lines: readonly string[],
  fields: ImportPeopleFields,
): Promise<UploadOutcome[]> {
  const imported = await ask((client) => Array.fromAsync(client.importPeople(lines, fields)))
  return imported.map((line) => ({
    outcome: line.outcome,
    ...(line.identity !== undefined && { identity: line.identity }),
    ...(line.outcome === 'refused' && { failure: `${line.code}: ${line.detail}` }),
  }))
}
