/** Enrollment by the admin endpoint: each person's photos are sent, and the Worker encodes them. */

import { readFile } from 'node:fs/promises'
import { FacegateError } from '../../client/src/client.ts'
import type { ProgressBar } from '../front/progress.ts'
import { countFault, type EnrollOptions, type EnrollOutcome } from './enroll-outcome.ts'
import { connectWorker, type Worker } from './worker.ts'

type Result = Pick<EnrollOutcome, 'failure' | 'images' | 'hint'>

/** Throws a CommandFault at the first person whose failure would be everybody's. */
export async function enrollPeople(
  people: ReadonlyMap<string, readonly string[]>,
  options: EnrollOptions,
  bar?: ProgressBar,
): Promise<EnrollOutcome[]> {
  const worker = connectWorker(options)
  const outcomes: EnrollOutcome[] = []
  bar?.start(people.size)
  try {
    for (const [identity, photos] of people) {
      const result = await enrollPerson(worker, identity, photos, options)
      const outcome = { identity, photos: photos.length, ...result }
      outcomes.push(outcome)
      await options.onOutcome?.(outcome)
      bar?.step(identity)
    }
  } finally {
    bar?.stop()
  }
  return outcomes
}

/** Why it failed, or what would help. */
async function enrollPerson(
  { client, faultOf }: Worker,
  identity: string,
  photos: readonly string[],
  { allowDuplicate, allowDifferent }: EnrollOptions,
): Promise<Result> {
  // Before hundreds of photos are read, and sent for the Worker to refuse.
  const tooMany = countFault(photos.length)
  if (tooMany !== null) return { failure: `too_many_images: ${tooMany}` }
  const images: Uint8Array[] = []
  for (const [i, photo] of photos.entries()) {
    const place = `photo ${i + 1} of ${photos.length}`
    const bytes = await readFile(photo).catch((error: NodeJS.ErrnoException) => error)
    if (bytes instanceof Error) {
      return { failure: `image_unreadable: ${place}: The file cannot be read (${bytes.code}).` }
    }
    // A form without a photo would be refused for that, and the file not be named.
    if (bytes.length === 0)
      return { failure: `image_unreadable: ${place}: The photo is empty (0 bytes).` }
    images.push(bytes)
  }
  try {
    const options = {
      images,
      ...(allowDuplicate && { allowDuplicate }),
      ...(allowDifferent && { allowDifferent }),
    }
    const { hint } = await client.enroll(identity, options)
    return hint === undefined ? {} : { hint }
  } catch (error) {
    const fault = await faultOf(error)
    if (fault !== null) throw fault
    if (!(error instanceof FacegateError)) throw error
    const outcomes = error.images?.map((image, i) => ({ photo: photos[i] ?? '', ...image }))
    return { failure: error.message, ...(outcomes && { images: outcomes }) }
  }
}
