/**
 * The sample people of `npm start`, enrolled once into a store. Whoever was deleted stays deleted, and a person of the same name who
 * is not the sample stays as they are: only who is noted as ours, or found to have the very photo of the sample, is encoded anew. A sample
 * that somebody renamed or added photos to stays too, and counts as enrolled while it matches its photos.
 */
import { readFile } from 'node:fs/promises'
import { FacegateError, type Identity } from '../../client/src/client.ts'
import type { ProgressBar } from '../front/progress.ts'
import type { EnrollOutcome } from '../people/enroll-outcome.ts'
import { enrollPeople } from '../people/enroll-people.ts'
import { connectWorker, type Worker } from '../people/worker.ts'
import type { WorkerAddress } from '../people/worker-address.ts'
import { readNote, writeNote } from './sample-note.ts'

export interface SampleStore {
  /** Goes when the store goes. */
  readonly noteFile: string
  /** Network that the Worker runs: samples with encodings of another one are encoded anew. */
  readonly model: string
}

const getSample = 'delete them at /admin, and the next `npm start` enrolls the sample'
const nameTaken = `who has this name is somebody else, or was changed since, and stays as they are; to have the sample, ${getSample}`
const unreadable =
  'somebody has this name, whose record no key opens; put the TEMPLATE_KEYS that sealed it back into .dev.vars, or ' +
  getSample

/**
 * Part of the threshold within which a photo is from the person who was enrolled with it. With dlib-resnet the samples are at 0.14 to
 * 0.21 of it, the other photo of eve at 0.71.
 */
const samePhoto = 1 / 3

/** @returns what became of each but those who were deleted */
export async function enrollSamples(
  samples: ReadonlyMap<string, readonly string[]>,
  address: WorkerAddress,
  { noteFile, model }: SampleStore,
  bar?: ProgressBar,
): Promise<EnrollOutcome[]> {
  const worker = connectWorker(address)
  const note = await readNote(noteFile)
  const isOurs = async (
    stored: Identity,
    noted: string | null | undefined,
    photos: readonly string[],
  ): Promise<boolean> => {
    if (noted !== undefined) return noted === stored.updatedAt
    return stored.model === model && (await isSample(worker, stored, photos))
  }
  const outcomes: EnrollOutcome[] = []
  const added = new Map<string, readonly string[]>()
  const outdated = new Map<string, readonly string[]>()
  for (const [identity, photos] of samples) {
    const noted = note[identity]
    const one = { identity, photos: photos.length }
    const stored = await find(worker, identity)
    if (stored === null) {
      if (typeof noted !== 'string') added.set(identity, photos)
    } else if (stored === 'unreadable') {
      // Who is deleted after this is meant to come back.
      delete note[identity]
      outcomes.push({ ...one, failure: unreadable })
    } else if (wasChanged(stored, noted)) {
      const isOther = stored.model === model && (await isSomebodyElse(worker, identity, photos))
      outcomes.push(stored.model === model && !isOther ? one : { ...one, failure: nameTaken })
      // Compared once: each comparison counts as an attempt.
      if (isOther) note[identity] = null
    } else if (!(await isOurs(stored, noted, photos))) {
      if (noted !== undefined || stored.model === model) note[identity] = null
      outcomes.push({ ...one, failure: nameTaken })
    } else if (stored.model === model) {
      note[identity] = stored.updatedAt
      outcomes.push(one)
    } else {
      outdated.set(identity, photos)
    }
  }
  await writeNote(noteFile, note)
  // Each at once: should the process end early, whoever is stored is noted.
  const onOutcome = async ({ identity, failure }: EnrollOutcome): Promise<void> => {
    if (failure !== undefined) return
    const { updatedAt } = await worker.ask((client) => client.getIdentity(identity))
    note[identity] = updatedAt
    await writeNote(noteFile, note)
  }
  const enroll = (people: ReadonlyMap<string, readonly string[]>, allowDuplicate: boolean) =>
    enrollPeople(people, { ...address, onOutcome, allowDuplicate }, bar)
  if (added.size > 0) outcomes.push(...(await enroll(added, false)))
  // They were found to be nobody else when they were enrolled; a search would warn of all who are still of the other network.
  if (outdated.size > 0) outcomes.push(...(await enroll(outdated, true)))
  return outcomes.sort((a, b) => (a.identity < b.identity ? -1 : 1))
}

/**
 * Whether the sample of the note got another name, day of deletion or photos, also those of somebody else. Whoever was deleted and enrolled
 * again is younger than it.
 */
function wasChanged(stored: Identity, noted: string | null | undefined): boolean {
  return typeof noted === 'string' && stored.updatedAt !== noted && stored.createdAt <= noted
}

/** Null for nobody; `unreadable` for somebody whose record opens with none of the keys, as after new ones were drawn. */
async function find(
  { client, faultOf }: Worker,
  identity: string,
): Promise<Identity | 'unreadable' | null> {
  try {
    return await client.getIdentity(identity)
  } catch (error) {
    if (error instanceof FacegateError && error.code === 'identity_not_found') return null
    if (error instanceof FacegateError && error.code === 'record_unreadable') return 'unreadable'
    throw (await faultOf(error)) ?? error
  }
}

/** Whether a photo of the sample does not match who is enrolled; not where it cannot be compared, as of somebody who is locked. */
async function isSomebodyElse(
  { client, faultOf }: Worker,
  identity: string,
  photos: readonly string[],
): Promise<boolean> {
  try {
    for (const photo of photos) {
      const { decision } = await client.verify({ identity, image: await readFile(photo) })
      if (decision !== 'match') return true
    }
    return false
  } catch (error) {
    const fault = await faultOf(error)
    if (fault !== null) throw fault
    return false
  }
}

/** Of somebody without a note, as in stores of before there were notes: whether they were enrolled with these very photos. */
async function isSample(
  { client, faultOf }: Worker,
  { identity, name, encodings }: Identity,
  photos: readonly string[],
): Promise<boolean> {
  if (name !== undefined || encodings !== photos.length) return false
  try {
    for (const photo of photos) {
      const { distance, threshold } = await client.verify({
        identity,
        image: await readFile(photo),
      })
      if (distance === undefined || threshold === undefined) return false
      if (distance > threshold * samePhoto) return false
    }
    return true
  } catch (error) {
    const fault = await faultOf(error)
    if (fault !== null) throw fault
    return false
  }
}
