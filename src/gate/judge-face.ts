/**
 * What the rules of the gate (quality-rules.ts) say of a face: its fault, whether it may be compared in doubt, how suspect it is, and whether to
 * list it at all. Pure.
 */
import type { ErrorCode } from '../errors/error-table.ts'
import { FaceError } from '../errors/face-error.ts'
import { mostDisagreement } from '../face/agreement.ts'
import type { FoundFace } from '../face/detect.ts'
import { firstScale, surelySeen } from '../face/looks.ts'
import { qualityRules, sureRule } from './quality-rules.ts'
import type { Measures, Purpose, Range, Rule, Way } from './rule.ts'

/** @throws FaceError no_face */
export function requireSureFace({ score }: Pick<FoundFace, 'score'>): void {
  const fault = faultBy(sureRule, score, 'probe')
  if (fault) throw fault
}

/**
 * Whether to list a face. Of the many small things that resemble one by chance the landmarks know nothing; nor do they of a
 * person in profile, who is listed all the same where they are large enough for the first look.
 */
export function isListed(
  { box }: Pick<FoundFace, 'box'>,
  photo: { width: number; height: number },
  disagreement: number,
): boolean {
  return box.width * firstScale(photo) >= surelySeen.least || disagreement <= mostDisagreement
}

/** The first fault of the face, or null when it is good enough. */
export function faultOf(measures: Measures, purpose: Purpose): FaceError | null {
  for (const rule of rulesFor(measures)) {
    const fault = faultBy(rule, measures[rule.measure], purpose)
    if (fault) return fault
  }
  return null
}

/**
 * Whether a probe with a fault may be compared in doubt: it has no other one, since of a face with its eyes and its mouth covered too little
 * is left, and not too much of this one. Bad light goes with one other fault: photos in the dark are grainy, and a flash leaves little of a
 * mouth.
 */
export function isInDoubt(measures: Measures): boolean {
  const failed = rulesFor(measures).filter(
    (rule) => faultBy(rule, measures[rule.measure], 'probe') !== null,
  )
  const others = failed.filter(({ isOfLight }) => !isOfLight)
  const isLittle = failed.every(({ doubts, measure }) => isWithin(doubts, measures[measure]))
  return failed.length > 0 && others.length <= 1 && isLittle
}

/** Whether it is a fault of the light. */
export function isOfLight({ code }: Pick<FaceError, 'code'>): boolean {
  return qualityRules.some((rule) => rule.code === code && rule.isOfLight)
}

/** How suspect a photo that passes is, 0..1, as a probe and as enrolled. */
export type Suspicion = Readonly<Record<Purpose, number>>

export function suspicionOf(measures: Measures): Suspicion {
  const rules = rulesFor(measures)
  const most = (purpose: Purpose): number =>
    Math.max(
      0,
      ...rules.map(({ strictly, measure }) => shareOfWay(strictly?.[purpose], measures[measure])),
    )
  return { probe: most('probe'), enrollment: most('enrollment') }
}

function rulesFor(measures: Measures): typeof qualityRules {
  return qualityRules.filter(({ when }) => !when || when(measures))
}

/** What a face is refused with whichever way up it is looked at. */
const whicheverWay: ReadonlySet<ErrorCode> = new Set([
  'face_too_small',
  'face_too_dark',
  'face_too_bright',
  'face_low_contrast',
] as const satisfies ErrorCode[])

/** Whether a face that is looked at the wrong way up may look so. */
export function tellsOfTurn({ code }: FaceError): boolean {
  return !whicheverWay.has(code)
}

/** NaN passes no rule. */
function faultBy(
  { code, passes, message }: Rule,
  value: number,
  purpose: Purpose,
): FaceError | null {
  const range = 'probe' in passes ? passes[purpose] : passes
  return isWithin(range, value) ? null : new FaceError(code, message(value, range))
}

/** How much of the way a value has gone: 0 up to the start, 1 from the end on. */
function shareOfWay(way: Way | undefined, value: number): number {
  if (way === undefined) return 0
  const [start, full] = way
  if (start === full) return value >= full ? 1 : 0
  const share = (value - start) / (full - start)
  return share > 0 ? Math.min(share, 1) : 0
}

function isWithin(range: Range | undefined, value: number): boolean {
  return range !== undefined && value >= range[0] && value <= range[1]
}
