/**
 * Builds the segments of a packed gallery from the directory's log, a bounded piece at each call. Changes are appended to the
 * served segments. When too many of their people are gone or replaced, everything is rebuilt separately and swapped in when
 * complete. The manifest is written after its segments, and replaced segments are deleted long afterwards: a killed build
 * leaves the served state intact, and the next one continues from there.
 */
import { FaceError } from '../../errors/face-error.ts'
import {
  beginning,
  isBeginning,
  type LogPosition,
  laterOf,
} from '../../identity/directory/log-position.ts'
import type { ChangeLog, ChangePage } from '../search/change-log.ts'
import { createAppender } from './append-segments.ts'
import { emptyLine, type Manifest, type SegmentSet } from './manifest.ts'
import type { PackedStore } from './packed-store.ts'
import { namesOf, retiredKeptMs, sweepSegments } from './sweep-segments.ts'

export interface BuildOptions {
  readonly nowMs: number
  /** A new, unique segment name (segmentName). */
  readonly newName: () => string
  /** People and deletions of one segment (rowsASegment). */
  readonly maxRows: number
  /** Changes that one call reads; a page more at most. */
  readonly maxChanges?: number
}

export interface BuildReport {
  readonly generation: number
  readonly segments: number
  /** People in the segments, including those that a later segment overrules. */
  readonly people: number
  /** Changes that were read. */
  readonly changes: number
  /** Of them, people whose gallery entry cannot be read; they are not found until enrolled again. */
  readonly unreadable: number
  /** Nothing is left to read. */
  readonly isComplete: boolean
  readonly isRebuilding: boolean
  /** Segments no longer needed. */
  readonly swept: number
}

type Log = Pick<ChangeLog, 'page' | 'count'>

/** Bytes of the templates in a segment; a load or a build holds it in addition to the rest. */
const maxTemplateBytes = 1_048_576
/** Two or three seconds of CPU time, nearly all of it for opening entries. */
const maxChangesACall = 40_000
/** People in the segments who are gone or replaced: so many, and so large a share of those who are enrolled. */
const leastWaste = 10_000
const wasteShare = 0.25
/** About how long a deleted person's template may stay in a segment. */
const mostAgeMs = 86_400_000

/** As many as are easily held. @param encodingLength numbers in a template of the encoder that runs */
export function rowsASegment(encodingLength: number): number {
  return Math.floor(maxTemplateBytes / encodingLength)
}

export async function buildPacked(
  store: PackedStore,
  log: Log,
  { nowMs, newName, maxRows, maxChanges = maxChangesACall }: BuildOptions,
): Promise<BuildReport> {
  const before = await store.readManifest()
  const read = { changes: 0, unreadable: 0 }

  async function extend(from: SegmentSet): Promise<Extended> {
    const begun = await begin(log, from, nowMs)
    const appender = createAppender(store, begun.line, { newName, maxRows })
    let { page } = begun
    for (;;) {
      for (const change of page.changes) {
        await appender.add(change)
        read.changes++
        if (change.kind === 'unreadable') read.unreadable++
      }
      if (page.isComplete || read.changes >= maxChanges) break
      page = await readOn(log, page.position)
    }
    const line = await appender.finish(page.position)
    return { line, isComplete: page.isComplete, hasGaps: begun.hasGaps }
  }

  const served = await extend(before ?? emptyLine)
  let rebuild = before?.rebuild
  if (rebuild === undefined && before !== null) {
    const isNeeded =
      served.hasGaps ||
      (await isWasteful(log, served.line, nowMs)) ||
      (await isSpoiled(store, before, nowMs))
    if (isNeeded) rebuild = emptyLine
  }
  // After the served segments: many changes would otherwise be read twice, and late.
  const rebuilt = rebuild && served.isComplete ? await extend(rebuild) : undefined
  const isRebuilt = rebuilt?.isComplete === true
  const line = isRebuilt ? rebuilt.line : served.line
  if (rebuilt !== undefined) rebuild = isRebuilt ? undefined : rebuilt.line

  const kept = new Set([...namesOf(line), ...namesOf(rebuild)])
  const replaced = [...namesOf(before), ...namesOf(before?.rebuild)].filter((n) => !kept.has(n))
  const retired = (before?.retired ?? []).filter(({ atMs }) => atMs + retiredKeptMs > nowMs)
  const isSame =
    before !== null &&
    read.changes === 0 &&
    rebuild === before.rebuild &&
    retired.length === before.retired.length
  const next = {
    generation: (before?.generation ?? 0) + (isSame ? 0 : 1),
    builtAtMs: nowMs,
    ...line,
    ...(rebuild !== undefined && { rebuild }),
    retired: [...retired, ...replaced.map((name) => ({ name, atMs: nowMs }))],
  }
  if (!isSame) await store.writeManifest(next)
  return {
    generation: next.generation,
    segments: line.segments.length,
    people: peopleOf(line),
    ...read,
    isComplete: served.isComplete,
    isRebuilding: rebuild !== undefined,
    swept: await sweepSegments(store, next, nowMs),
  }
}

interface Extended {
  readonly line: SegmentSet
  /** It holds the last change of the log. */
  readonly isComplete: boolean
  /** Deletions were forgotten before they were read: it contains people who are no longer enrolled. */
  readonly hasGaps: boolean
}

/** The first page after a line, or the first of all when the log it was built from no longer exists. */
async function begin(
  log: Log,
  line: SegmentSet,
  nowMs: number,
): Promise<{ line: SegmentSet; page: ChangePage; hasGaps: boolean }> {
  if (!isBeginning(line.seq)) {
    const page = await log.page(line.seq, laterOf(line.seq, line.begunSeq))
    if (page !== null) return { line, page, hasGaps: false }
    const rest = await log.page(line.seq)
    if (rest !== null) return { line, page: rest, hasGaps: true }
  }
  const page = await readOn(log, beginning)
  return { line: { ...emptyLine, begunSeq: page.last, begunAtMs: nowMs }, page, hasGaps: false }
}

async function readOn(log: Log, after: LogPosition): Promise<ChangePage> {
  const page = await log.page(after)
  if (page !== null) return page
  throw new FaceError('store_unavailable', 'The log of changes began anew while it was read.')
}

async function isWasteful(log: Log, line: SegmentSet, nowMs: number): Promise<boolean> {
  const people = await log.count()
  const waste = peopleOf(line) - people
  if (waste > 0 && line.begunAtMs + mostAgeMs <= nowMs) return true
  return waste > leastWaste && waste > people * wasteShare
}

/** Checks one segment, rarely the same one twice: whether it can be read and is sealed with the current key. */
async function isSpoiled(
  store: PackedStore,
  { segments }: Manifest,
  nowMs: number,
): Promise<boolean> {
  if (segments.length === 0) return false
  // Spread by a hash, because calls at regular times would always hit the same ones.
  const turn = (Math.imul(Math.floor(nowMs / 60_000), 0x9e3779b1) >>> 8) % segments.length
  const stored = await store.readSegment(segments[turn].name)
  return stored?.isCurrent !== true
}

function peopleOf({ segments }: SegmentSet): number {
  return segments.reduce((sum, { people }) => sum + people, 0)
}
