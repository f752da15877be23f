/**
 * Upgrades a directory of one object to one of parts. Before it answers anything, each part takes its people over from the old object, a
 * page at a time: their rows as they are, with the numbers of their changes, so that whoever had read the log up to a number goes on from
 * there. When every part has its people, the old object deletes its rows. After an interruption it goes on from the last page that was
 * stored.
 */
import { directoryParts, partOf } from './directory-parts.ts'
import { type DirectoryState, readState } from './directory-table.ts'

/** A row as it is stored. */
type StoredRow = {
  identity: string
  version: number
  seq: number
  changed_ms: number
  is_copied: number
  entry: string | null
  listing: string | null
}

export interface HandedOver {
  readonly rows: readonly StoredRow[]
  /** The last change that was looked at; ask on from there unless `isComplete`. */
  readonly seq: number
  readonly isComplete: boolean
  readonly state: DirectoryState
}

/** Changes that one page looks at: milliseconds, most of them for the part's share of the rows. */
const changesAPage = 20_000
/** Rows in one page, of some 1,000 bytes each. */
const rowsAPage = 5000

export function createHandOverTables(sql: SqlStorage): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS handed_over (part INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS adoption (
      one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, is_over INTEGER NOT NULL
    );
    INSERT OR IGNORE INTO adoption VALUES (1, 0, 0);
  `)
}

/** In the one object: the rows of a part's people after a change, in the order of the changes. */
export function rowsOfPart(sql: SqlStorage, part: number, afterSeq: number): HandedOver {
  const changes = sql
    .exec<{ identity: string; seq: number }>(
      // Both are in the index of the numbers: no row is read for those of other parts.
      'SELECT identity, seq FROM people WHERE seq > ? ORDER BY seq LIMIT ?',
      afterSeq,
      changesAPage,
    )
    .toArray()
  const theirs = changes.filter(({ identity }) => partOf(identity) === part)
  const taken = theirs.slice(0, rowsAPage)
  const rows = taken.map(({ identity }) =>
    sql.exec<StoredRow>('SELECT * FROM people WHERE identity = ?', identity).one(),
  )
  const isWhole = taken.length === theirs.length
  const last = isWhole ? changes.at(-1) : taken.at(-1)
  return {
    rows,
    seq: last?.seq ?? afterSeq,
    isComplete: isWhole && changes.length < changesAPage,
    state: readState(sql),
  }
}

/** In the one object: a part has all its people. */
export function noteHandedOver(sql: SqlStorage, part: number): void {
  sql.exec('INSERT OR IGNORE INTO handed_over VALUES (?)', part)
  const { parts } = sql.exec<{ parts: number }>('SELECT count(*) AS parts FROM handed_over').one()
  if (parts === directoryParts) sql.exec('DELETE FROM people')
}

/** In a part: how far it came. */
export function readAdoption(sql: SqlStorage): { readonly seq: number; readonly isOver: boolean } {
  const { seq, is_over } = sql
    .exec<{ seq: number; is_over: number }>('SELECT seq, is_over FROM adoption')
    .one()
  return { seq, isOver: is_over === 1 }
}

/** In a part, before it has changes of its own. */
export function adoptRows(sql: SqlStorage, { rows, seq, isComplete, state }: HandedOver): void {
  for (const row of rows) {
    const { identity, version, changed_ms, is_copied, entry, listing } = row
    const values = [identity, version, row.seq, changed_ms, is_copied, entry, listing]
    sql.exec('INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?)', ...values)
  }
  sql.exec('UPDATE adoption SET seq = ?', seq)
  if (!isComplete) return
  sql.exec(
    `UPDATE state SET seq = ?, forgotten_seq = ?, forgotten_ms = ?,
       people = (SELECT count(*) FROM people WHERE entry IS NOT NULL)`,
    state.seq,
    state.forgottenSeq,
    state.forgottenMs,
  )
}

export function endAdoption(sql: SqlStorage): void {
  sql.exec('UPDATE adoption SET is_over = 1')
}
