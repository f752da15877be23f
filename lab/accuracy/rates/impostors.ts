/**
 * Distances between strangers: every enrolled template against every probe of somebody else. Millions of pairs, of which
 * only the near ones decide anything: those are kept one by one, with the two people they belong to, so that people can
 * be drawn anew (bootstrap.ts); the rest is counted.
 */
import { type ComparedFace, heldDistance } from './held-distance.ts'

export interface PlacedFace extends ComparedFace {
  /** Number of the person; equal for one person only. */
  readonly person: number
}

export interface Impostors {
  /** Pairs in all, near or not. */
  readonly pairs: number
  /** The near ones, nearest first. */
  readonly near: readonly ImpostorPair[]
  /** Counts of all pairs in bins of `binWidth`, for the histogram. */
  readonly histogram: Uint32Array
  /** How many templates and probes each person has, one map for each set within which everybody was compared. */
  readonly people: readonly ReadonlyMap<number, FaceCounts>[]
}

export interface FaceCounts {
  readonly enrolled: number
  readonly probes: number
}

export interface ImpostorPair {
  readonly distance: number
  /** The two people. */
  readonly enrolled: number
  readonly probe: number
}

export const binWidth = 0.01
const bins = 200
/** Share of the pairs that is kept; a rate above it cannot be asked for. */
export const nearShare = 0.1

export function scoreImpostors(
  enrolled: readonly PlacedFace[],
  probes: readonly PlacedFace[],
): Impostors {
  const people = countFaces(enrolled, probes)
  const own = [...people.values()].reduce((sum, count) => sum + count.enrolled * count.probes, 0)
  const pairs = enrolled.length * probes.length - own
  const histogram = new Uint32Array(bins)
  let near: ImpostorPair[] = []
  // What is kept meanwhile: more pairs can only bring it nearer.
  let limit = Infinity
  for (const a of enrolled) {
    for (const b of probes) {
      if (a.person === b.person) continue
      const distance = heldDistance(a, b)
      histogram[Math.min(bins - 1, Math.floor(distance / binWidth))]++
      if (distance < limit) near.push({ distance, enrolled: a.person, probe: b.person })
    }
    // All of them at once are more than there is memory for with 13,000 photos.
    if (near.length < 1.5 * pairs * nearShare) continue
    limit = nearLimit(histogram, pairs)
    near = near.filter(({ distance }) => distance < limit)
  }
  limit = nearLimit(histogram, pairs)
  return {
    pairs,
    near: near.filter(({ distance }) => distance < limit).sort((a, b) => a.distance - b.distance),
    histogram,
    people: [people],
  }
}

/** The end of the bin within which as many pairs lie as are kept; beyond all of them where there are fewer. */
function nearLimit(histogram: Uint32Array, pairs: number): number {
  let bin = 0
  for (let within = 0; bin < bins && within < pairs * nearShare; bin++) within += histogram[bin]!
  return bin * binWidth
}

/** Several sets as one, in each of which everybody was compared with everybody of that set alone. */
export function poolImpostors(sets: readonly Impostors[]): Impostors {
  const histogram = new Uint32Array(bins)
  for (const set of sets) for (let i = 0; i < bins; i++) histogram[i] += set.histogram[i]
  // Up to where all sets kept theirs: beyond, pairs of some would be missing and the rates too low.
  const reach = sets
    .filter((set) => set.pairs > 0)
    .reduce((least, set) => Math.min(least, set.near.at(-1)?.distance ?? 0), Infinity)
  const near = sets
    .flatMap((set) => set.near)
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
  return {
    pairs: sets.reduce((sum, set) => sum + set.pairs, 0),
    near,
    histogram,
    people: sets.flatMap((set) => set.people),
  }
}

/** The largest distance at which at most this share of the strangers matches. @throws Error when it is not known */
export function thresholdAt({ near, pairs }: Impostors, fmr: number): number {
  const allowed = Math.floor(pairs * fmr)
  if (allowed >= near.length) throw new Error(`${pairs} pairs do not show a threshold for ${fmr}`)
  // Just below the first pair that is one too many, halfway to the last that is not.
  const over = near[allowed].distance
  const last = near[allowed - 1]?.distance ?? over
  return last < over ? (last + over) / 2 : over - 1e-9
}

/** Share of the strangers that a threshold lets through. */
export function fmrAt({ near, pairs }: Impostors, threshold: number): number {
  let low = 0
  let high = near.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (near[middle].distance <= threshold) low = middle + 1
    else high = middle
  }
  return low / pairs
}

/** The median, to 1e-4, as evenly as the pairs of its bin may lie; null where it is beyond the bins, or there are no pairs. */
export function medianDistance({ histogram, pairs }: Impostors): number | null {
  if (pairs === 0) return null
  let before = 0
  let bin = 0
  while (before + histogram[bin]! < pairs / 2) before += histogram[bin++]!
  if (bin === bins - 1) return null
  const median = (bin + (pairs / 2 - before) / histogram[bin]!) * binWidth
  return Math.round(median * 1e4) / 1e4
}

function countFaces(
  enrolled: readonly PlacedFace[],
  probes: readonly PlacedFace[],
): ReadonlyMap<number, FaceCounts> {
  const counts = new Map<number, FaceCounts>()
  const add = (person: number, more: FaceCounts): void => {
    const before = counts.get(person) ?? { enrolled: 0, probes: 0 }
    counts.set(person, {
      enrolled: before.enrolled + more.enrolled,
      probes: before.probes + more.probes,
    })
  }
  for (const { person } of enrolled) add(person, { enrolled: 1, probes: 0 })
  for (const { person } of probes) add(person, { enrolled: 0, probes: 1 })
  return counts
}
