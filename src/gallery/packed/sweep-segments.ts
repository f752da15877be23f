/**
 * Deletes segments that no manifest names any more: replaced ones, and those of a build killed before its manifest was
 * written.
 */
import type { Manifest, SegmentSet } from './manifest.ts'
import type { PackedStore } from './packed-store.ts'

/** Much longer than KV may show an old manifest. */
export const retiredKeptMs = 900_000
/** Much longer than a build may take: a running build has segments that no manifest names yet. */
const orphanKeptMs = 3_600_000
/** Most deletions in one call. */
const maxSwept = 100

/** Contains its creation time, which tells segments of a killed build from those of a running one. */
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
