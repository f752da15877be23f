/**
 * npm run enroll -- <folder> [--url http://127.0.0.1:8787] [--key ADMIN_KEY] [--allow-duplicate] [--local]
 *
 * Enrolls people from <folder>/<person>.jpg or <folder>/<person>/*.jpg through the admin endpoint. Running it again
 * changes nothing. Says who was not enrolled and why, photo by photo, and then ends with code 1. Somebody who is enrolled
 * under another identity is refused unless --allow-duplicate is given. With --local the photos stay here: they are encoded
 * on all cores, and only encodings are uploaded (enroll-local.ts); --uncalibrated DISTANCE is what the photos of one person
 * are compared by when the packed network is not calibrated.
 */

import { stat } from 'node:fs/promises'
import { basename, extname, relative, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { CommandFault } from './front/fault.ts'
import { type ProgressBar, progressBar } from './front/progress.ts'
import type { EnrollOptions, EnrollOutcome } from './people/enroll-outcome.ts'
import { enrollPeople } from './people/enroll-people.ts'
import { addressOf, addressOptions } from './people/worker-address.ts'
import { findPhotos } from './photos/photos.ts'

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
      ...addressOptions,
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
  try {
    const options = { ...(await addressOf(values)), allowDuplicate: values['allow-duplicate'] }
    const bar = progressBar('enrolling')
    const outcomes = values.local
      ? await enrollHere(people, options, bar, values.uncalibrated)
      : await enrollPeople(people, options, bar)
    console.log(summarise(outcomes))
    if (outcomes.some(({ failure }) => failure)) process.exitCode = 1
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}
