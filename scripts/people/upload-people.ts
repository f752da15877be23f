/**
 * Sends people with their encodings to /admin/import, a chunk a request: a Worker may call its objects only so often in one
 * (docs/people.md). A chunk is a people file of its own, so that its checksum is checked too. Lines that may succeed later are
 * sent again; what was stored by an attempt that broke off is `unchanged` in the next.
 */
import type { ImportOutcome, LineOutcome } from '../../src/people/import-outcome.ts'
import { createLinesChecksum, formatClosing } from '../../src/people/people-lines.ts'
import { askWorker, type WorkerAddress, waitBefore } from './admin-client.ts'

export interface UploadOptions extends WorkerAddress {
  readonly allowDuplicate?: boolean
  /** Add to people who are enrolled, beside what they have of another network. */
  readonly secondModel?: boolean
}

/** What became of a line that was sent. */
export interface UploadOutcome {
  readonly outcome: 'created' | 'replaced' | 'unchanged' | 'refused'
  /** Absent when the line itself was no good. */
  readonly identity?: string
  /** Why it was refused. */
  readonly failure?: string
}

/** Two calls a person and some for the search stay far below the 10,000 that a request may make. */
export const peopleAChunk = 500
const maxAttempts = 5

/**
 * Throws an Error when the Worker could not be asked, or refused the request as a whole.
 *
 * @param lines one person each, with their line feed; at most `peopleAChunk`
 * @returns one outcome a line
 */
export async function uploadPeople(
  lines: readonly string[],
  options: UploadOptions,
): Promise<UploadOutcome[]> {
  const outcomes = new Map<number, UploadOutcome>()
  let open = lines.map((_, i) => i)
  for (let attempt = 0; open.length > 0 && attempt < maxAttempts; attempt++) {
    await waitBefore(attempt)
    const answered = await sendChunk(
      open.map((i) => lines[i]!),
      options,
    )
    for (const [k, i] of open.entries()) {
      outcomes.set(i, toOutcome(answered[k]))
    }
    open = open.filter((_, k) => mayRetry(answered[k]))
  }
  return lines.map((_, i) => outcomes.get(i)!)
}

/** In the order of the lines; undefined for a line that the answer does not speak of. */
async function sendChunk(
  lines: readonly string[],
  { allowDuplicate = false, secondModel = false, ...address }: UploadOptions,
): Promise<(LineOutcome | undefined)[]> {
  const text = lines.join('')
  const checksum = createLinesChecksum()
  checksum.add(text)
  const closing = { people: lines.length, unreadable: 0, sha256: checksum.digest() }
  const path = `/admin/import?allowDuplicate=${allowDuplicate}&secondModel=${secondModel}`
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: text + formatClosing(closing),
  }
  const outcomes = await askWorker(address, path, request, readOutcomes)
  const byLine = new Map<number, LineOutcome>()
  for (const outcome of outcomes) if ('line' in outcome) byLine.set(outcome.line, outcome)
  return lines.map((_, i) => byLine.get(i + 1))
}

async function readOutcomes(response: Response): Promise<ImportOutcome[]> {
  const text = await response.text()
  const outcomes = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): ImportOutcome => JSON.parse(line))
  const last = outcomes.at(-1)
  if (last?.outcome !== 'finished') throw new Error('The answer broke off before its end.')
  if (last.checksum !== 'verified') throw new Error('The lines did not arrive as they were sent.')
  return outcomes
}

function mayRetry(answered: LineOutcome | undefined): boolean {
  return answered === undefined || (answered.outcome === 'refused' && answered.retryable)
}

function toOutcome(answered: LineOutcome | undefined): UploadOutcome {
  if (answered === undefined)
    return { outcome: 'refused', failure: 'The Worker said nothing of it.' }
  const { identity, outcome } = answered
  return {
    outcome,
    ...(identity !== undefined && { identity }),
    ...(answered.outcome === 'refused' && { failure: `${answered.code}: ${answered.detail}` }),
  }
}
