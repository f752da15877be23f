/**
 * The sample people of `npm start`, enrolled once into a store. Whoever was deleted stays deleted, and a person of the same name who
 * is not ours stays as they are. A note beside the store tells ours by the moment when they last changed.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FacegateError, type Identity } from '../../client/src/client.ts'
import type { ProgressBar } from '../front/progress.ts'
import type { EnrollOutcome } from '../people/enroll-outcome.ts'
import { enrollPeople } from '../people/enroll-people.ts'
import { connectWorker, type Worker } from '../people/worker.ts'
import type { WorkerAddress } from '../people/worker-address.ts'

export interface SampleStore {
  /** Goes when the store goes. */
  readonly noteFile: string
  /** Network that the Worker runs: samples with encodings of another one are encoded anew. */
  readonly model: string
}

/** When each of them last changed, as the store said after we enrolled them. */
type Note = Record<string, string>

const nameTaken =
  'somebody has this name and stays as they are; delete them at /admin to have the sample'

/** @returns what became of each but those who were deleted */
export async function enrollSamples(
  samples: ReadonlyMap<string, readonly string[]>,
  address: WorkerAddress,
  { noteFile, model }: SampleStore,
  bar?: ProgressBar,
): Promise<EnrollOutcome[]> {
  const worker = connectWorker(address)
  const note = await readNote(noteFile)
  const outcomes: EnrollOutcome[] = []
  const wanted = new Map<string, readonly string[]>()
  for (const [identity, photos] of samples) {
    const noted = note[identity]
    const stored = await find(worker, identity)
    const isOurs = stored === 'unreadable' ? noted !== undefined : stored?.updatedAt === noted
    const one = { identity, photos: photos.length }
    if (stored === null) {
      if (noted === undefined) wanted.set(identity, photos)
    } else if (!isOurs) {
      outcomes.push({ ...one, failure: nameTaken })
    } else if (stored !== 'unreadable' && stored.model === model) {
      outcomes.push(one)
    } else {
      wanted.set(identity, photos)
    }
  }
  for (const outcome of await enrollPeople(wanted, address, bar)) {
    outcomes.push(outcome)
    if (outcome.failure !== undefined) continue
    const { updatedAt } = await worker.ask((client) => client.getIdentity(outcome.identity))
    note[outcome.identity] = updatedAt
  }
  await writeNote(noteFile, note)
  return outcomes.sort((a, b) => (a.identity < b.identity ? -1 : 1))
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

async function readNote(file: string): Promise<Note> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return JSON.parse(text) as Note
}

async function writeNote(file: string, note: Note): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(note)}\n`)
}
