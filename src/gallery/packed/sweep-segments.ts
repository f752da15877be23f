/**
 * Deletes the segments that no manifest names any more: they served until a while ago, or are of a build that was killed before
 * its manifest was written.
 */
import type { Manifest, SegmentSet } from './manifest.ts'
import type { PackedStore } from './packed-store.ts'

/** Much longer than KV may show an old manifest. */
export const retiredKeptMs = 900_000
/** Much longer than a build may take: one that is under way has segments that no manifest names yet. */
const orphanKeptMs = 3_600_000
/** Deletions of one call. */
const maxSwept = 100

/** With its time of birth, by which one of a killed build is told from one that is being built. */
export function segmentName(nowMs: number): string {
  return `${nowMs.toString(36)}-${crypto.randomUUID()}`
}

export function namesOf(line: SegmentSet | null | undefined): string[] {
  return line?.segments.map(({ name }) => name) ?? []
}

/** @returns how many were deleted */
export async function sweepSegments(
  store: Pick<PackedStore, 'listSegments' | 'deleteSegment'>,
  { segments, rebuild, retired }: Pick<Manifest, 'segments' | 'rebuild' | 'retired'>,
  nowMs: number,
): Promise<number> {
  const needed = new Set([
    ...segments.map(({ name }) => name),
    ...namesOf(rebuild),
    ...retired.map(({ name }) => name),
  ])
  const isOld = (name: string): boolean => Number.parseInt(name, 36) + orphanKeptMs <= nowMs
  const names = await store.listSegments()
  const over = names.filter((name) => !needed.has(name) && isOld(name)).slice(0, maxSwept)
  for (const name of over) await store.deleteSegment(name)
  return over.length
}
