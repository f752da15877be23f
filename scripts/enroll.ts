/**
 * npm run enroll -- <folder> [--url http://127.0.0.1:8787] [--key ADMIN_KEY] [--allow-duplicate] [--local]
 *
 * Enrolls people from <folder>/<person>.jpg or <folder>/<person>/*.jpg through the admin endpoint. Running it again
 * changes nothing. Says who was not enrolled and why, photo by photo, and then ends with code 1. Somebody who is enrolled
 * under another identity is refused unless --allow-duplicate is given. With --local the photos stay here: they are encoded
 * on all cores, and only encodings are uploaded (enroll-local.ts); --uncalibrated DISTANCE is what the photos of one person
 * are compared by when the packed network is not calibrated.
 */

import { readFile, stat } from 'node:fs/promises'
import { basename, extname, relative, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ProgressBar, progressBar } from './front/progress.ts'
import type { EnrollOptions, EnrollOutcome, PhotoOutcome } from './people/enroll-outcome.ts'
import { findPhotos } from './photos/photos.ts'
import { localKeys } from './setup/local-keys.ts'

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

/** People in a folder: a file is a person, and so is a folder with all photos under it. */
export async function findPeople(folder: string): Promise<Map<string, string[]>> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new Error(`${folder}: there is no such folder`)
  }
  const people = new Map<string, string[]>()
  for (const photo of await findPhotos([folder])) {
    const [first] = relative(folder, photo).split(sep)
    const identity = first === basename(photo) ? basename(first, extname(first)) : first!
    people.set(identity, [...(people.get(identity) ?? []), photo])
  }
  return people
}

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

/** Who was enrolled, who was not and why, in lines. */
export function summarise(outcomes: readonly EnrollOutcome[]): string {
  const failed = outcomes.filter(({ failure }) => failure)
  const photos = outcomes.reduce((sum, outcome) => sum + (outcome.failure ? 0 : outcome.photos), 0)
  return [
    `enrolled ${outcomes.length - failed.length} of ${outcomes.length} people (${photos} photos)`,
    ...failed.flatMap(describeFailure),
  ].join('\n')
}

/** With a line a photo when there are several: one bad photo need not hide another. */
function describeFailure({ identity, failure, images = [] }: EnrollOutcome): string[] {
  const lines = images.map(
    ({ photo, outcome, detail }) =>
      `    ${basename(photo)}: ${outcome}${detail === undefined ? '' : `: ${detail}`}`,
  )
  return [`  not enrolled: ${identity}: ${failure}`, ...(images.length > 1 ? lines : [])]
}

async function enrollHere(
  people: ReadonlyMap<string, readonly string[]>,
  options: EnrollOptions,
  bar: ProgressBar,
  uncalibrated: string | undefined,
): Promise<EnrollOutcome[]> {
  // It loads the networks, which nobody else needs.
  const { enrollLocally } = await import('./people/enroll-local.ts')
  const distance = uncalibrated === undefined ? {} : { uncalibrated: Number(uncalibrated) }
  return await enrollLocally(people, { ...options, ...distance }, bar).catch((error: Error) =>
    fail(error.message),
  )
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: `http://127.0.0.1:${process.env.PORT ?? 8787}` },
      key: { type: 'string' },
      'allow-duplicate': { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      uncalibrated: { type: 'string' },
    },
  })
  const [folder] = positionals
  if (!folder || positionals.length > 1) {
    console.error(
      'usage: npm run enroll -- <folder> [--url URL] [--key ADMIN_KEY] [--allow-duplicate] [--local]',
    )
    process.exit(2)
  }
  const people = await findPeople(folder).catch((error: Error) => fail(error.message))
  if (people.size === 0) fail(`${folder} holds no photos; expected <person>.jpg or <person>/*.jpg`)
  const key = values.key ?? (await localKeys()).ADMIN_KEY.split(',')[0]!
  const options = { url: values.url, key, allowDuplicate: values['allow-duplicate'] }
  const bar = progressBar('enrolling')
  const outcomes = values.local
    ? await enrollHere(people, options, bar, values.uncalibrated)
    : await enrollPeople(people, options, bar)
  console.log(summarise(outcomes))
  if (outcomes.some(({ failure }) => failure)) process.exitCode = 1
}
