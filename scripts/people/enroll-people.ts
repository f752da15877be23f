/** Enrollment by the admin endpoint: each person's photos are sent, and the Worker encodes them. */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProgressBar } from '../front/progress.ts'
import type { EnrollOptions, EnrollOutcome, PhotoOutcome } from './enroll-outcome.ts'

type Failure = Pick<EnrollOutcome, 'failure' | 'images'>

/** The fields of an error answer that matter here. */
interface Problem {
  readonly code: string
  readonly detail: string
  readonly retryable: boolean
  readonly images: readonly Omit<PhotoOutcome, 'photo'>[]
}

const maxAttempts = 5
const firstDelayMs = 500
const requestTimeoutMs = 120_000

export async function enrollPeople(
  people: ReadonlyMap<string, readonly string[]>,
  options: EnrollOptions,
  bar?: ProgressBar,
): Promise<EnrollOutcome[]> {
  const outcomes: EnrollOutcome[] = []
  bar?.start(people.size)
  for (const [identity, photos] of people) {
    const failure = await enrollPerson(identity, photos, options)
    outcomes.push({ identity, photos: photos.length, ...failure })
    bar?.step(identity)
  }
  bar?.stop()
  return outcomes
}

/** Why it failed; empty when it did not. */
async function enrollPerson(
  identity: string,
  photos: readonly string[],
  { url, key, allowDuplicate = false }: EnrollOptions,
): Promise<Failure> {
  const form = new FormData()
  for (const photo of photos) {
    form.append('image', new Blob([await readFile(photo)]), basename(photo))
  }
  if (allowDuplicate) form.append('allowDuplicate', 'true')
  let failure: Failure = {}
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) await sleep(firstDelayMs * 2 ** (attempt - 1))
    try {
      const response = await fetch(
        new URL(`/admin/identities/${encodeURIComponent(identity)}`, url),
        {
          method: 'PUT',
          headers: { authorization: `Bearer ${key}` },
          body: form,
          signal: AbortSignal.timeout(requestTimeoutMs),
        },
      )
      if (response.ok) return {}
      const problem: Partial<Problem> = await response.json<Problem>().catch(() => ({}))
      const images = problem.images?.map((image, i) => ({ photo: photos[i] ?? '', ...image }))
      failure = {
        failure: `${problem.code ?? response.status}: ${problem.detail ?? response.statusText}`,
        ...(images && { images }),
      }
      if (!problem.retryable && response.status < 500) return failure
    } catch (error) {
      const reason = error instanceof Error ? `${error.message} ${error.cause ?? ''}` : `${error}`
      failure = { failure: reason.trim() }
    }
  }
  return failure
}
