/**
 * Is a face that of the person it claims to be? Decided by the threshold for the requested rate, a stricter one where the others enrolled
 * crowd the face, and only if nobody else enrolled is clearly nearer. How the attempt counts is decided at the service's own rate, as strict
 * as the crowd makes it: a face that passes there does not count as an impostor's, whatever keeps it from matching. A probe in doubt is held
 * against stricter thresholds, and learns what spoils it when it does not match; one that only might be spoilt, as the enrolled photos might,
 * is held against them too, by degrees, and is told no reason, since nothing sure is known; with DETAIL=scores the threshold tells the degree.
 */
import { decide } from '../../decision/decide.ts'
import { type Doubt, type Held, heldTo } from '../../decision/doubt.ts'
import { type Reason, reasons } from '../../decision/reasons.ts'
import type { Threshold } from '../../decision/thresholds.ts'
import { distanceToPerson } from '../../encoding/metrics/metric.ts'
import type { AttemptOutcome } from '../../guard/attempts.ts'
import { type IdentityRecord, unreadableRecord } from '../../identity/record.ts'
import { findTemplateFault } from '../check-template.ts'
import type { SearchSources } from '../search-duplicates.ts'
import { findCrowd } from './find-crowd.ts'
import { findRival } from './find-rival.ts'

export interface Claim extends Omit<Held, 'enrolledSuspicion'> {
  /** With encodings of the network that runs. */
  readonly record: IdentityRecord
  /** One, or several that must all be of the person. */
  readonly probes: readonly Float32Array[]
  /** What covers or spoils the face; absent for a sound one. */
  readonly doubt?: Doubt | undefined
  /** As requested by the caller. */
  readonly fmr?: number
  /** False for a face that must not match anybody. */
  readonly mayMatch: boolean
}

export interface Judgement {
  readonly decision: 'match' | 'no_match'
  readonly reason?: Reason
  /** The rival. */
  readonly rival?: string
  readonly distance: number
  readonly threshold: Threshold
  readonly counts: Extract<AttemptOutcome, 'match' | 'no_match' | 'near'>
}

export interface ClaimSources extends SearchSources {
  /** Whether rivals, and how crowded it is, are looked for in `gallery`. */
  readonly rivals: boolean
}

/** The threshold for a claim. Throws `invalid_request` for a rate that callers may not request. @param crowd by what the rate is divided */
function thresholdFor(
  { thresholds }: Pick<ClaimSources, 'thresholds'>,
  claim: Pick<Claim, 'record' | 'doubt' | 'suspicion' | 'fmr'>,
  crowd = 1,
): Threshold {
  const { model, encodings, suspicion: enrolledSuspicion } = claim.record
  const threshold = thresholds.verification(model, {
    asked: claim.fmr,
    encodings: encodings.length,
    crowd,
  })
  return heldTo(threshold, { ...claim, enrolledSuspicion })
}

/** Throws `record_unreadable` for a template without a measurable distance. */
export async function judgeClaim(sources: ClaimSources, claim: Claim): Promise<Judgement> {
  const judged = await judge(sources, claim)
  if (claim.doubt === undefined || judged.decision === 'match') return judged
  // Whatever else kept it from matching: one answer for all, and a better photo comes first.
  return { ...judged, reason: claim.doubt, counts: reasons[claim.doubt].counts }
}

async function judge(sources: ClaimSources, claim: Claim): Promise<Judgement> {
  const { record, probes, doubt, suspicion, mayMatch } = claim
  const { identity, encodings } = record
  const usual = thresholdFor(sources, claim)
  const fault = findTemplateFault(record, sources.thresholds)
  if (fault !== null) throw unreadableRecord(fault)
  const distances = probes.map((probe) => distanceToPerson(usual.metric, probe, encodings))
  const distance = Math.max(...distances)
  if (Number.isNaN(distance)) throw unreadableRecord('no distance to its encodings can be measured')

  const own = { record, doubt, suspicion }
  const isAt = (limit: Threshold): boolean => mayMatch && decide(distance, limit) === 'match'
  if (!isAt(thresholdFor(sources, own))) {
    return { decision: 'no_match', counts: 'no_match', distance, threshold: usual }
  }
  // Who matches at the strictest threshold does so however crowded it is.
  const mayBeCrowded =
    sources.rivals && !isAt(thresholdFor(sources, claim, Number.POSITIVE_INFINITY))
  const crowd = mayBeCrowded ? await findCrowd(sources, record.model, probes, identity) : 1
  const threshold = thresholdFor(sources, claim, crowd)
  const measured = { distance, threshold }
  if (!isAt(thresholdFor(sources, own, crowd))) {
    return { decision: 'no_match', counts: 'no_match', ...measured }
  }
  if (!isAt(threshold)) return { decision: 'no_match', counts: 'near', ...measured }
  // Side by side: a search of several probes waits no longer than that of one.
  const standings = await Promise.all(
    (sources.rivals ? probes : []).map((probe, i) =>
      findRival(sources, threshold, probe, {
        identity,
        distance: distances[i]!,
        doubt,
        suspicion,
        enrolledSuspicion: record.suspicion,
      }),
    ),
  )
  const standing = standings.find((one) => one.kind !== 'nearest')
  if (standing === undefined) return { decision: 'match', counts: 'match', ...measured }
  const refused = { decision: 'no_match', counts: 'near', ...measured } as const
  if (standing.kind === 'unknown') return { ...refused, reason: 'others_unknown' }
  return { ...refused, reason: 'nearer_to_another', rival: standing.identity }
}
