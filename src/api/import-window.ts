/**
 * Stores a few people of an import at once. Everybody is read, then those who are new or changed are looked for among everybody
 * enrolled and among those before them in the window, then the rest is stored. What fails concerns its own line only.
 */
import { FaceError } from '../errors.ts'
import { isSameEnrolment } from '../identity/merge.ts'
import type { IdentityRecord } from '../identity/record.ts'
import type { Found, IdentityStore, NewRecord } from '../identity/store.ts'
import { changeIdentity } from './change-identity.ts'
import { type LineOutcome, refusedFor } from './import-outcome.ts'
import type { PersonLine } from './people-lines.ts'
import type { DuplicateSearch } from './search-duplicates.ts'

/** A person of the body. */
export interface SentPerson {
  readonly line: number
  readonly person: PersonLine
}

export interface ImportOptions {
  readonly store: IdentityStore
  /** The network that runs; other encodings are refused. */
  readonly model: string
  /** Absent when duplicates are allowed. */
  readonly openSearch?: () => Promise<DuplicateSearch>
  readonly now: Date
  readonly requestId: string
}

/** One person on the way. */
interface Import extends SentPerson {
  /** When the line has been dealt with. */
  outcome?: LineOutcome
  before?: Found
  next?: NewRecord
}

/** @param sent no identity twice @returns one outcome each, in the same order */
export async function importWindow(
  sent: readonly SentPerson[],
  options: ImportOptions,
): Promise<LineOutcome[]> {
  const { store, openSearch, requestId } = options
  const imports: Import[] = sent.map((one) => ({ ...one }))
  const remaining = (): Import[] => imports.filter(({ outcome }) => outcome === undefined)
  await eachSafely(remaining(), requestId, (one) => prepare(one, options))
  if (openSearch !== undefined && remaining().some(isNewFace)) {
    await refuseDuplicates(remaining(), openSearch, requestId)
  }
  await eachSafely(remaining(), requestId, (one) => put(one, store))
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
        one.outcome = refusedFor(placeOf(one), error, requestId)
      }
    }),
  )
}

async function prepare(one: Import, { store, model, now }: ImportOptions): Promise<void> {
  const { person } = one
  if (person.model !== model) {
    throw new FaceError('model_mismatch', `The line is of another network; ${model} runs now.`)
  }
  if (person.expiresAt !== undefined && Date.parse(person.expiresAt) <= now.getTime()) {
    throw new FaceError('invalid_request', 'field "expiresAt": expected a time to come')
  }
  one.before = await store.find(person.identity)
  one.next = recordOf(person, one.before, now)
  if (!isUnchanged(one.before, one.next)) return
  // An earlier import may have stored it and broken off.
  await store.complete(person.identity)
  one.outcome = { ...placeOf(one), outcome: 'unchanged' }
}

function recordOf(person: PersonLine, before: Found, now: Date): NewRecord {
  const at = now.toISOString()
  const { createdAt, updatedAt = at } = person
  const known = before.kind === 'enrolled' ? before.record.createdAt : undefined
  return { ...person, createdAt: createdAt ?? known ?? at, updatedAt }
}

/** The dates may differ: a person who says the same stays as they are. */
function isUnchanged(before: Found, next: NewRecord): before is Found & { record: IdentityRecord } {
  if (before.kind !== 'enrolled') return false
  return isSameEnrolment(before.record, next) && before.record.expiresAt === next.expiresAt
}

/** Somebody whose face is there already needs no search: only their name or a date is new. */
function isNewFace({ before, next }: Import): boolean {
  if (before?.kind !== 'enrolled' || next === undefined) return true
  return !isSameEnrolment({ ...before.record, name: next.name }, next)
}

async function refuseDuplicates(
  imports: readonly Import[],
  openSearch: () => Promise<DuplicateSearch>,
  requestId: string,
): Promise<void> {
  let search: DuplicateSearch
  try {
    search = await openSearch()
  } catch (error) {
    for (const one of imports) one.outcome = refusedFor(placeOf(one), error, requestId)
    return
  }
  // One after the other: each is compared with those before it who are to be stored.
  for (const one of imports.filter(isNewFace)) {
    try {
      await search.admit(one.person.identity, one.person.encodings)
    } catch (error) {
      one.outcome = refusedFor(placeOf(one), error, requestId)
    }
  }
}

async function put(one: Import, store: IdentityStore): Promise<void> {
  const { next, before } = one
  if (next === undefined || before === undefined) throw new Error('put before prepared')
  const { kind } = await store.put(next, before.version)
  const first = kind === 'stored' ? before : await putAfterOthers(next, store)
  one.outcome = { ...placeOf(one), outcome: first.kind === 'nobody' ? 'created' : 'replaced' }
}

/** Somebody else changed the person meanwhile: what the line says comes after that. */
async function putAfterOthers(record: NewRecord, store: IdentityStore): Promise<Found> {
  const changed = await changeIdentity(store, record.identity, async () => ({
    kind: 'store',
    record,
  }))
  return changed.before
}

function placeOf({ line, person }: SentPerson): { line: number; identity: string } {
  return { line, identity: person.identity }
}
