/**
 * Enrollment without sending photos: they are encoded here, on all cores, by the pipeline that the Worker runs, averaged with the
 * mirror image, and checked to be good enough and of one person as it does; only encodings are uploaded, many people a request. A journal in
 * build/ says who is done, so that a run that was killed goes on where it was; it holds no encodings and is deleted at the end.
 */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { createThresholds } from '../../src/decision/thresholds.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import type { ModelEncodings } from '../../src/identity/record.ts'
import type { PhotoOutcome as EncodeOutcome } from '../../src/people/encode-person.ts'
import { requireOnePerson } from '../../src/people/encode-person.ts'
import { formatPerson } from '../../src/people/lines/people-lines.ts'
import { addEncodings, suspicionTogether } from '../../src/people/merge.ts'
import { CommandFault } from '../front/fault.ts'
import type { ProgressBar } from '../front/progress.ts'
import { packedModel } from '../weights/packed-model.ts'
import { type EncodedFile, encodeFiles } from './encode-files.ts'
import { countFault, type EnrollOptions, type EnrollOutcome } from './enroll-outcome.ts'
import { openJournal } from './journal.ts'
import { isEnrolledWith, listPeople } from './list-people.ts'
import { peopleAChunk, uploadPeople } from './upload-people.ts'
import { connectWorker, type Worker } from './worker.ts'

export interface LocalEnrollOptions extends EnrollOptions {
  /** Distance for a model that nobody calibrated; several photos of one person need a threshold. */
  readonly uncalibrated?: number
  /** Add to people who are enrolled, beside their encodings of the network that the Worker runs. */
  readonly secondModel?: boolean
  /** People of one request; what is lost when the run is killed. */
  readonly chunk?: number
}

/** One person, encoded and waiting to be uploaded. */
interface Ready {
  readonly identity: string
  readonly photos: number
  readonly digest: string
  readonly line: string
}

/** Throws a CommandFault when the Worker runs another network than is packed here, or cannot be asked. */
export async function enrollLocally(
  people: ReadonlyMap<string, readonly string[]>,
  options: LocalEnrollOptions,
  bar?: ProgressBar,
): Promise<EnrollOutcome[]> {
  const { chunk = peopleAChunk, uncalibrated } = options
  const { allowDuplicate = false, allowDifferent = false, secondModel = false } = options
  const model = await packedModel()
  const worker = connectWorker(options)
  // Encoding takes long, and a wrong key would be noticed after it.
  await worker.ask((client) => client.listIdentities({ limit: 1 }))
  if (!secondModel) await requireSameModel(worker, model)
  const thresholds = createThresholds(readCalibrationTable, { uncalibrated })
  const journal = await openJournal([
    'enroll',
    options.url,
    model,
    `${options.allowDuplicate}`,
    `${secondModel}`,
  ])
  const stillThere = journal.isEmpty ? new Set() : await enrolledWith(model, worker)
  const outcomes: EnrollOutcome[] = []
  const todo: (readonly [identity: string, photos: readonly string[], digest: string])[] = []
  bar?.start(people.size)
  for (const [identity, photos] of people) {
    const digest = await digestOf(identity, photos)
    if (journal.has(digest) && stillThere.has(identity))
      await done({ identity, photos: photos.length })
    else todo.push([identity, photos, digest])
  }

  async function done(outcome: EnrollOutcome): Promise<void> {
    outcomes.push(outcome)
    await options.onOutcome?.(outcome)
    bar?.step(outcome.identity)
  }

  let ready: Ready[] = []
  async function upload(): Promise<void> {
    const sent = ready
    ready = []
    if (sent.length === 0) return
    const lines = sent.map(({ line }) => line)
    const uploaded = await uploadPeople(worker, lines, { allowDuplicate, secondModel })
    const stored = sent.filter((_, i) => uploaded[i]!.failure === undefined)
    await journal.add(stored.map(({ digest }) => digest))
    for (const [i, { identity, photos }] of sent.entries()) {
      const { failure } = uploaded[i]!
      await done({ identity, photos, ...(failure !== undefined && { failure }) })
    }
  }

  let person = 0
  let encoded: EncodedFile[] = []
  await encodeFiles(
    todo.flatMap(([, photos]) => photos),
    { faces: 'only', mirror: true, purpose: 'enrollment' },
    async (result) => {
      encoded.push(result)
      const [identity, photos, digest] = todo[person]!
      if (encoded.length < photos.length) return
      const results = encoded
      person++
      encoded = []
      try {
        const person = encodingsOfOnePerson(results, model, thresholds, allowDifferent)
        const line = formatPerson({ identity, ...person })
        ready.push({ identity, photos: photos.length, digest, line })
      } catch (error) {
        await done({ identity, photos: photos.length, ...failureOf(error, photos) })
      }
      if (ready.length >= chunk) await upload()
    },
  )
  await upload()
  bar?.stop()
  await journal.finish()
  const order = [...people.keys()]
  return outcomes.sort((a, b) => order.indexOf(a.identity) - order.indexOf(b.identity))
}

/** What the Worker would store of them. Throws as it does. */
function encodingsOfOnePerson(
  results: readonly EncodedFile[],
  model: string,
  thresholds: Parameters<typeof requireOnePerson>[3],
  allowDifferent: boolean,
): ModelEncodings {
  const tooMany = countFault(results.length)
  if (tooMany !== null) throw new FaceError('too_many_images', tooMany)
  const outcomes = results.map(toOutcome)
  const encoded = requireOnePerson(outcomes, [], { model }, thresholds, allowDifferent)
  const added = encoded.map(({ encoding }) => encoding)
  return { model, encodings: addEncodings([], added), suspicion: suspicionTogether(encoded) }
}

function toOutcome(result: EncodedFile): EncodeOutcome {
  if ('error' in result) return new FaceError(result.error.code, result.error.detail)
  const { encoding, face, quality, suspicion } = result
  if (face === undefined || quality === undefined) throw new Error('encoded without looking')
  return { encoding: Float32Array.from(encoding), face, quality, suspicion }
}

function failureOf(
  error: unknown,
  photos: readonly string[],
): Pick<EnrollOutcome, 'failure' | 'images'> {
  if (!(error instanceof FaceError)) throw error
  const images = error.images?.map((image, i) => ({ photo: photos[i]!, ...image }))
  return { failure: `${error.code}: ${error.message}`, ...(images && { images }) }
}

async function requireSameModel(worker: Worker, model: string): Promise<void> {
  const running = await worker.runningModel()
  if (running === null || running === model) return
  throw new CommandFault(
    `the Worker runs ${running}, and ${model} is packed here; pack the same, or leave --local out`,
  )
}

/** People uploaded by the previous run may have been deleted since. */
async function enrolledWith(model: string, worker: Worker): Promise<ReadonlySet<string>> {
  const identities = new Set<string>()
  for await (const person of listPeople(worker)) {
    if (isEnrolledWith(person, model)) identities.add(person.identity)
  }
  return identities
}

/** Of who it is and what is on the photos: the same photos under another name of file are the same. */
async function digestOf(identity: string, photos: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${identity}\n`)
  for (const photo of photos) {
    hash.update(
      createHash('sha256')
        .update(await readFile(photo))
        .digest(),
    )
  }
  return hash.digest('hex')
}
