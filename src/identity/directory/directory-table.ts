/**
 * The table of all enrolled people, in the SQLite of the directory's object. A row is a person, or, for a while, the trace of
 * a deleted one (`entry` is null). Every change gives its row the next `seq`, so a reader can ask for the changes after the
 * last one it knows. Only one object writes, so the order of `seq` is the order of the changes.
 */
import { sumOfPeople } from './people-sum.ts'

/** What GET /admin/identities says about a person. */
export interface Listing {
  readonly name?: string
  /** How many the person has. */
  readonly encodings: number
  readonly model: string
  /** Model of the additional encodings. */
  readonly otherModel?: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly expiresAt?: string
}

/** A person in a listing; `name` is sealed. */
export interface DirectoryPerson extends Listing {
  readonly identity: string
  readonly version: number
}

/** What the gallery needs of a person; null when they were deleted. */
export interface DirectoryEntry {
  readonly identity: string
  readonly version: number
  readonly seq: number
  /** Sealed (gallery-entry.ts). */
  readonly entry: string | null
}

/** What a person's object reports. */
export interface DirectoryChange {
  readonly identity: string
  readonly version: number
  /** The sealed gallery entry, and what a listing says; null for a deletion. */
  readonly person: { readonly entry: string; readonly listing: Listing } | null
  /** Whether the copies in KV have this version. */
  readonly isCopied: boolean
  readonly nowMs: number
}

/** The last change, and the last forgotten one. */
export interface DirectoryState {
  readonly seq: number
  readonly forgottenSeq: number
  readonly forgottenMs: number
}

export function createTable(sql: SqlStorage): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS people (
      identity TEXT PRIMARY KEY, version INTEGER NOT NULL, seq INTEGER NOT NULL UNIQUE,
      changed_ms INTEGER NOT NULL, is_copied INTEGER NOT NULL, entry TEXT, listing TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS people_changed ON people (changed_ms);
    CREATE INDEX IF NOT EXISTS people_uncopied ON people (seq) WHERE is_copied = 0;
    CREATE INDEX IF NOT EXISTS people_deleted ON people (changed_ms) WHERE entry IS NULL;
    CREATE TABLE IF NOT EXISTS state (
      one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL,
      forgotten_seq INTEGER NOT NULL, forgotten_ms INTEGER NOT NULL, people INTEGER NOT NULL
    );
    INSERT OR IGNORE INTO state VALUES (1, 0, 0, 0, 0);
  `)
}

/** An older version than the known one changes nothing; the same version only updates whether KV has it. */
export function writeChange(sql: SqlStorage, change: DirectoryChange): void {
  const { identity, version, person, nowMs } = change
  const [known] = sql
    .exec<{ version: number; is_copied: number; is_enrolled: number }>(
      'SELECT version, is_copied, entry IS NOT NULL AS is_enrolled FROM people WHERE identity = ?',
      identity,
    )
    .toArray()
  const isCopied = change.isCopied ? 1 : 0
  if (known !== undefined && known.version >= version) {
    if (known.version > version || known.is_copied >= isCopied) return
    const copied = 'UPDATE people SET is_copied = 1, changed_ms = ? WHERE identity = ?'
    sql.exec(copied, nowMs, identity)
    return
  }
  const more = (person === null ? 0 : 1) - (known?.is_enrolled ?? 0)
  sql.exec('UPDATE state SET seq = seq + 1, people = people + ?', more)
  sql.exec(
    `INSERT OR REPLACE INTO people VALUES (?, ?, (SELECT seq FROM state), ?, ?, ?, ?)`,
    identity,
    version,
    nowMs,
    isCopied,
    person?.entry ?? null,
    person === null ? null : JSON.stringify(person.listing),
  )
}

export function readState(sql: SqlStorage): DirectoryState {
  return sql
    .exec<{ seq: number; forgottenSeq: number; forgottenMs: number }>(
      'SELECT seq, forgotten_seq AS forgottenSeq, forgotten_ms AS forgottenMs FROM state',
    )
    .one()
}

/** People who are enrolled. */
export function countPeople(sql: SqlStorage): number {
  return sql.exec<{ people: number }>('SELECT people FROM state').one().people
}

/** Of the people who are enrolled (people-sum.ts). */
export function readPeopleSum(sql: SqlStorage): number {
  const enrolled = sql.exec('SELECT identity, version FROM people WHERE entry IS NOT NULL')
  return sumOfPeople(enrolled.raw<[string, number]>())
}

export interface PageOptions {
  /** Only identities with this prefix. */
  readonly prefix: string
  /** Only identities after this one. */
  readonly after: string
  readonly limit: number
}

/** In the order of the identities' bytes. */
export function listPeople(sql: SqlStorage, options: PageOptions): DirectoryPerson[] {
  const { prefix, after, limit } = options
  // One lower bound: with two, SQLite may begin at the smaller and walk over everybody before the page.
  const [from, bound] =
    after < prefix ? (['identity >= ?1', prefix] as const) : (['identity > ?1', after] as const)
  return sql
    .exec<{ identity: string; version: number; listing: string }>(
      `SELECT identity, version, listing FROM people
       WHERE ${from} AND identity < ?2 AND entry IS NOT NULL ORDER BY identity LIMIT ?3`,
      bound,
      endOf(prefix),
      limit,
    )
    .toArray()
    .map(({ identity, version, listing }) => ({ identity, version, ...JSON.parse(listing) }))
}

/** In the order of the identities' bytes, after one of them. */
export function listEntries(sql: SqlStorage, after: string, limit: number): DirectoryEntry[] {
  return sql
    .exec<Row>(
      `SELECT identity, version, seq, entry FROM people
       WHERE entry IS NOT NULL AND identity > ? ORDER BY identity LIMIT ?`,
      after,
      limit,
    )
    .toArray()
}

/** In the order of the changes. */
export function listChanges(sql: SqlStorage, afterSeq: number, limit: number): DirectoryEntry[] {
  return sql
    .exec<Row>(
      'SELECT identity, version, seq, entry FROM people WHERE seq > ? ORDER BY seq LIMIT ?',
      afterSeq,
      limit,
    )
    .toArray()
}

/** Changes at or after a time, and all people whose copies in KV are out of date; in the order of the changes. */
export function listLateChanges(
  sql: SqlStorage,
  { sinceMs, afterSeq }: { readonly sinceMs: number; readonly afterSeq: number },
  limit: number,
): DirectoryEntry[] {
  return sql
    .exec<Row>(
      `SELECT identity, version, seq, entry FROM people
       WHERE seq > ?1 AND changed_ms >= ?2
       UNION
       SELECT identity, version, seq, entry FROM people WHERE seq > ?1 AND is_copied = 0
       ORDER BY seq LIMIT ?3`,
      afterSeq,
      sinceMs,
      limit,
    )
    .toArray()
}

/** Forgets deletions before a time, once their copies in KV are gone too. */
export function forgetDeletions(sql: SqlStorage, beforeMs: number): void {
  const forgotten = 'entry IS NULL AND is_copied = 1 AND changed_ms < ?1'
  sql.exec(
    `UPDATE state SET
       forgotten_seq = max(forgotten_seq, ifnull((SELECT max(seq) FROM people WHERE ${forgotten}), 0)),
       forgotten_ms = max(forgotten_ms, ifnull((SELECT max(changed_ms) FROM people WHERE ${forgotten}), 0))`,
    beforeMs,
  )
  sql.exec(`DELETE FROM people WHERE ${forgotten}`, beforeMs)
}

/** Time of the oldest deletion that may be forgotten; null if there is none. */
export function oldestDeletionMs(sql: SqlStorage): number | null {
  return sql
    .exec<{ ms: number | null }>(
      'SELECT min(changed_ms) AS ms FROM people WHERE entry IS NULL AND is_copied = 1',
    )
    .one().ms
}

type Row = { identity: string; version: number; seq: number; entry: string | null }

/** Greater than everything that begins with the prefix: identities are ASCII without this character. */
function endOf(prefix: string): string {
  return `${prefix}\u007f`
}
