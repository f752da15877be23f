/**
 * Whether encodings that were computed elsewhere can be one person's template. A vector far too short or too long, or parts
 * that show two people or cancel each other out, would be stored for years and match nobody, or anybody, so they are refused
 * on arrival. Pure.
 */
import type { Thresholds } from '../decision/thresholds.ts'
import { templateOf } from '../encoding/template.ts'
import { FaceError, invalidRequest } from '../errors/face-error.ts'
import type { ModelEncodings } from '../identity/record.ts'
import { findStrangers } from './find-strangers.ts'

/** How many times shorter or longer than usual: faces on LFW differ by a fifth. */
const lengthFactor = 2
/** For a network whose usual length is unknown. */
const anyLength = { least: 1e-3, most: 1e3 }
/** Least length of a mean of similar parts, as a share of its shortest part. */
const leastMean = 0.5
/** How much the parts of an imported person may differ: as much as /verify accepts at the laxest calibrated rate. */
const laxestFmr = 0.01

/** Why no face can give such numbers; null if one can. */
export function findTemplateFault(
  { model, encodings }: ModelEncodings,
  thresholds: Thresholds,
): string | null {
  const metric = thresholds.covers(model)
    ? thresholds.verification(model, { encodings: 1 }).metric
    : undefined
  const usual = metric?.kind === 'l2-cohort' ? metric.cohort.usualLength : undefined
  const { least, most } =
    usual === undefined ? anyLength : { least: usual / lengthFactor, most: usual * lengthFactor }
  const lengths = encodings.map((encoding) => Math.hypot(...encoding))
  const odd = lengths.findIndex((length) => !(length >= least && length <= most))
  if (odd >= 0) {
    const [length, from, to] = [lengths[odd], least, most].map((value) => value.toPrecision(3))
    return `encoding ${odd + 1} has the length ${length}, expected ${from} to ${to}`
  }
  // Written so that NaN counts as cancelled.
  const isKept = Math.hypot(...templateOf(encodings)) >= leastMean * Math.min(...lengths)
  return !isKept ? 'the encodings cancel each other out' : null
}

/** Throws `invalid_request` or `photos_differ`. */
export function requireTemplate(sent: ModelEncodings, thresholds: Thresholds): void {
  const { model, encodings } = sent
  const fault = findTemplateFault(sent, thresholds)
  if (fault !== null) throw invalidRequest(`field "encodings": ${fault}`)
  if (!thresholds.covers(model)) return
  const strangers = findStrangers([], encodings, (count) =>
    thresholds.verification(model, { fmr: laxestFmr, encodings: count }),
  )
  if (strangers.size === 0) return
  throw new FaceError('photos_differ', 'The encodings are not all of one person.')
}
