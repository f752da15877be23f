/**
 * Stores a few people of an import at once. All records are read; new or changed people are searched among everybody enrolled
 * and among earlier people of the window; the rest is stored. A failure concerns its own line only.
 */
import type { Thresholds } from '../../decision/thresholds.ts'
import type { EncodingSource } from '../../encoding/encoding.ts'
import { FaceError } from '../../errors/face-error.ts'
import { type IdentityRecord, inModel, withEncodings } from '../../identity/record.ts'
import type { Found, IdentityStore, NewRecord } from '../../identity/store.ts'
import { changeIdentity } from '../change-identity.ts'
import { requireTemplate } from '../check-template.ts'
import { requireEnrolled } from '../find-identity.ts'
import { isSameEnrollment, learnSuspicion } from '../merge.ts'
import type { DuplicateSearch } from '../search-duplicates.ts'
import { type LineOutcome, refusedFor } from './import-outcome.ts'
import type { PersonLine } from './people-lines.ts'

/** A person of the body. */
export interface SentPerson {
  readonly line: number
  readonly person: PersonLine
}

export interface ImportOptions {
  readonly store: IdentityStore
  /** The network that runs. */
  readonly source: EncodingSource
  /** Adds to enrolled people, whatever the network; otherwise only the running network is accepted. */
  readonly secondModel: boolean
  /** Absent when duplicates are allowed. */
  readonly openSearch?: () => Promise<DuplicateSearch>
  readonly thresholds: Thresholds
  readonly now: Date
  readonly requestId: string
}

/** One person being imported. */
interface Import extends SentPerson {
  /** Set when the line is done. */
  outcome?: LineOutcome
  before?: Found
  next?: NewRecord
}

/** @param sent no identity twice @returns one outcome each, in the same order */
export async function importWindow(
  sent: readonly SentPerson[],
  options: ImportOptions,
): Promise<LineOutcome[]> {
  const { source, openSearch, requestId } = options
  const imports: Import[] = sent.map((one) => ({ ...one }))
  const remaining = (): Import[] => imports.filter(({ outcome }) => outcome === undefined)
  await eachSafely(remaining(), requestId, (one) => prepare(one, options))
  const faces = remaining().flatMap((one) => {
    const encodings = newFaceOf(one, source.model)
    return encodings === null ? [] : { one, encodings }
  })
  if (openSearch !== undefined && faces.length > 0) {
    await refuseDuplicates(faces, openSearch, requestId)
  }
  await eachSafely(remaining(), requestId, (one) => put(one, options))
  return imports.map(({ outcome }) => outcome!)
}

async function eachSafely(
  imports: readonly Import[],
  requestId: string,
  work: (one: Import) => Promise<void>,
): Promise<void> {
  await Promise.all(
    imports.map(async (one) => {
      try {
        await work(one)
      } catch (error) {
        one.outcome = refusedFor(atLine(one), error, requestId)
      }
    }),
  )
}

async function prepare(one: Import, options: ImportOptions): Promise<void> {
  const { store, source, secondModel, thresholds, now } = options
  const { model } = source
  const { person } = one
  if (!secondModel && inModel(person, model) === null) {
    throw new FaceError(
      'model_mismatch',
      `The encodings are of another network; ${model} runs now.`,
    )
  }
  requireLengthOf(person, source)
  if (secondModel && person.other !== undefined) {
    throw new FaceError('invalid_request', 'field "other": expected none with "secondModel"')
  }
  if (person.expiresAt !== undefined && Date.parse(person.expiresAt) <= now.getTime()) {
    throw new FaceError('invalid_request', 'field "expiresAt": expected a time in the future')
  }
  requireTemplate(person, thresholds)
  if (person.other !== undefined) requireTemplate(person.other, thresholds)
  one.before = await store.find(person.identity)
  one.next = nextOf(person, one.before, options)
  if (one.before.kind !== 'enrolled' || one.next !== one.before.record) return
  // An earlier import may have stored it before it was cut off.
  await store.complete(person.identity)
  one.outcome = { ...atLine(one), outcome: 'unchanged' }
}

/** Encodings of another length are not the network's, and would match nobody. */
function requireLengthOf(person: PersonLine, { model, encodingLength }: EncodingSource): void {
  const length = inModel(person, model)?.encodings[0].length
  if (length === undefined || length === encodingLength) return
  throw new FaceError(
    'invalid_request',
    `field "encodings": expected ${encodingLength} numbers, as ${model} gives, found ${length}`,
  )
}

/** The stored record itself where the line says nothing new. */
function nextOf(person: PersonLine, before: Found, options: ImportOptions): NewRecord {
  const next = options.secondModel
    ? besideRecordOf(person, requireEnrolled(before, person.identity), options)
    : recordOf(person, before, options.now)
  if (!isUnchanged(before, next)) return next
  const learned = learnSuspicion(before.record, next)
  return learned === null ? before.record : { ...learned, updatedAt: next.updatedAt }
}

function recordOf(person: PersonLine, before: Found, now: Date): NewRecord {
  const at = now.toISOString()
  const { createdAt, updatedAt = at } = person
  const known = before.kind === 'enrolled' ? before.record.createdAt : undefined
  return { ...person, createdAt: createdAt ?? known ?? at, updatedAt }
}

/** Fields that the line omits stay as they are. */
function besideRecordOf(
  { name, model, encodings, suspicion, expiresAt }: PersonLine,
  before: IdentityRecord,
  { source, now }: ImportOptions,
): NewRecord {
  const updatedAt = now.toISOString()
  return {
    ...withEncodings(before, { model, encodings, suspicion }, source.model),
    ...(name !== undefined && { name }),
    ...(expiresAt !== undefined && { expiresAt }),
    updatedAt,
  }
}

/** Dates may differ, and how suspect the same photos are: a person with the same content stays as they are otherwise. */
function isUnchanged(before: Found, next: NewRecord): before is Found & { record: IdentityRecord } {
  if (before.kind !== 'enrolled') return false
  return isSameEnrollment(before.record, next) && before.record.expiresAt === next.expiresAt
}

/** No search is needed for a face that is stored already, or for a line without encodings of the running network. */
function newFaceOf({ before, next }: Import, model: string): readonly Float32Array[] | null {
  const ours = next && inModel(next, model)
  if (!ours) return null
  const { other, ...face } = ours
  const isKnown =
    before?.kind === 'enrolled' &&
    isSameEnrollment({ ...before.record, name: face.name, expiresAt: face.expiresAt }, face)
  return isKnown ? null : face.encodings
}

async function refuseDuplicates(
  faces: readonly { readonly one: Import; readonly encodings: readonly Float32Array[] }[],
  openSearch: () => Promise<DuplicateSearch>,
  requestId: string,
): Promise<void> {
  let search: DuplicateSearch
  try {
    search = await openSearch()
  } catch (error) {
    for (const { one } of faces) one.outcome = refusedFor(atLine(one), error, requestId)
    return
  }
  // One after the other: each person is compared with the earlier ones that will be stored.
  for (const { one, encodings } of faces) {
    try {
      await search.admit(one.person.identity, encodings)
    } catch (error) {
      one.outcome = refusedFor(atLine(one), error, requestId)
    }
  }
}

async function put(one: Import, options: ImportOptions): Promise<void> {
  const { next, before } = one
  if (next === undefined || before === undefined) throw new Error('put before prepared')
  const { kind } = await options.store.put(next, before.version)
  const first = kind === 'stored' ? before : await putAfterOthers(one.person, options)
  one.outcome = {
    ...atLine(one),
    outcome: first.kind === 'nobody' ? 'created' : 'replaced',
  }
}

/** The person was changed in the meantime: the line applies after that change. */
async function putAfterOthers(person: PersonLine, options: ImportOptions): Promise<Found> {
  const changed = await changeIdentity(options.store, person.identity, async (before) => ({
    kind: 'store',
    record: nextOf(person, before, options),
  }))
  return changed.before
}

function atLine({ line, person }: SentPerson): { line: number; identity: string } {
  return { line, identity: person.identity }
}
