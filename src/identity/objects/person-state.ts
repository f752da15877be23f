/**
 * The state of a person's object, and what a change does to it: optimistic concurrency, versions that survive deletion, and
 * which copies still have to be written. Pure; person-object.ts stores it.
 */

import type { Listing } from '../directory/directory-table.ts'

/** What the object stores but cannot read: the Worker seals and opens it. */
export interface SealedPerson {
  /** The record (record.ts). */
  readonly record: string
  /** The gallery entry (gallery-entry.ts). */
  readonly entry: string
  readonly listing: Listing
  /** Milliseconds since 1970: from then on the person counts as not enrolled. */
  readonly expiresAtMs?: number
}

export interface PersonState {
  /** Kept while there is something to report: absent once a deletion has reached directory and KV. */
  readonly identity?: string
  /** Of the last change; 0 before the first. */
  readonly version: number
  /** Null when nobody is enrolled. */
  readonly person: SealedPerson | null
  /** The newest version reported to the directory. */
  readonly listedVersion: number
  /** The newest version with copies in KV, as reported to the directory. */
  readonly copiedVersion: number
  /** Failed reports of this version. */
  readonly failures: number
}

export const nobody: PersonState = {
  version: 0,
  person: null,
  listedVersion: 0,
  copiedVersion: 0,
  failures: 0,
}

/** A record holds its version, sealed, so only a deletion may come after any version. */
export type PersonChange =
  | {
      readonly identity: string
      readonly expectedVersion: number
      /** Its record has version `expectedVersion + 1`. */
      readonly person: SealedPerson
    }
  | {
      readonly identity: string
      readonly expectedVersion: number | 'any'
      readonly person: null
    }

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly state: PersonState }
  /** Another change came first; `version` is the current one. */
  | { readonly kind: 'conflict'; readonly version: number }
  /** There was nobody to delete. */
  | { readonly kind: 'absent'; readonly version: number }

export function changePerson(state: PersonState, change: PersonChange): ChangeOutcome {
  const { version } = state
  const { identity, expectedVersion, person } = change
  // Checked first, so that a deletion can be repeated, whichever version it expects.
  if (person === null && state.person === null) return { kind: 'absent', version }
  if (expectedVersion !== 'any' && expectedVersion !== version) return { kind: 'conflict', version }
  return {
    kind: 'changed',
    state: { ...state, identity, version: version + 1, person, failures: 0 },
  }
}

/** Deletes an expired person. */
export function expirePerson(state: PersonState, nowMs: number): PersonState {
  const { person, identity } = state
  if (identity === undefined || !isDue(person, nowMs)) return state
  const outcome = changePerson(state, { identity, expectedVersion: 'any', person: null })
  return outcome.kind === 'changed' ? outcome.state : state
}

/** Who is enrolled now. */
export function currentPerson({ person }: PersonState, nowMs: number): SealedPerson | null {
  return isDue(person, nowMs) ? null : person
}

/** Outcome of reporting one version. */
export interface Passed {
  readonly version: number
  readonly isListed: boolean
  readonly isCopied: boolean
}

/** The state after a version was reported, which may no longer be the current one. */
export function settlePassed(
  state: PersonState,
  { version, isListed, isCopied }: Passed,
): PersonState {
  const newest = (known: number, isDone: boolean): number =>
    isDone ? Math.max(known, version) : known
  const settled = {
    ...state,
    listedVersion: newest(state.listedVersion, isListed),
    copiedVersion: newest(state.copiedVersion, isListed && isCopied),
  }
  if (isPending(settled)) return { ...settled, failures: state.failures + 1 }
  if (state.person !== null) return { ...settled, failures: 0 }
  const { identity, ...forgotten } = settled
  return { ...forgotten, failures: 0 }
}

export function isPending({ version, listedVersion, copiedVersion }: PersonState): boolean {
  return listedVersion < version || copiedVersion < version
}

const firstRepairMs = 5000
const longestRepairMs = 600_000
/** Alarms may not be set after 2189. One that comes early sets the next. */
const longestSleepMs = 365 * 24 * 3_600_000

/**
 * When the next alarm is due; null when there is nothing to do.
 *
 * @param sweepMs when sessions are to be forgotten; null when there are none
 */
export function nextAlarmMs(
  state: PersonState,
  nowMs: number,
  sweepMs: number | null = null,
): number | null {
  const repair = Math.min(longestRepairMs, firstRepairMs * 2 ** state.failures)
  const times = [
    ...(sweepMs === null ? [] : [sweepMs]),
    ...(isPending(state) ? [nowMs + repair] : []),
    ...(state.person?.expiresAtMs === undefined ? [] : [state.person.expiresAtMs]),
  ]
  return times.length === 0 ? null : Math.min(...times, nowMs + longestSleepMs)
}

function isDue(person: SealedPerson | null, nowMs: number): boolean {
  return person?.expiresAtMs !== undefined && person.expiresAtMs <= nowMs
}
