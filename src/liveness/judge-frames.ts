/**
 * Whether a sequence of frames shows one live head that did what was asked. The first fault found is the one to tell: poses first, which
 * a person can mend. Pure.
 */
import { type AskedPose, isTurn, type PoseFault, poseFaultOf } from './asked-poses.ts'
import { areOnePicture, isMirrored, wereSeen } from './copies.ts'
import type { FacePrint } from './frames/face-print.ts'
import type { Frame } from './frames/frame.ts'
import { type PersonLimits, showOnePerson } from './one-person.ts'
import { measureTurn } from './turn.ts'
import { areOneTake, showsHead } from './turn-limits.ts'

export type SequenceFault =
  | { readonly kind: 'pose'; readonly asked: AskedPose; readonly fault: PoseFault }
  | { readonly kind: 'seen_before' }
  | { readonly kind: 'other_person' }
  | { readonly kind: 'flat' }

export interface Sequence {
  /** The first is `ahead`. */
  readonly asked: readonly AskedPose[]
  /** As many, in the same order. */
  readonly frames: readonly Frame[]
  /** Prints of the frames of earlier sequences, one list each. */
  readonly seen: readonly (readonly FacePrint[])[]
  /** Of each frame's encoding from that of the first. */
  readonly distances: readonly number[]
  readonly limits: PersonLimits
}

/**
 * How much showed a live head. `relief`: the landmarks moved as those of a head. `one_take`: the pixels did too, and lie over
 * each other as those of one head before one camera do, and photos of different days seldom. The least comes first.
 */
export const livenessLevels = ['relief', 'one_take'] as const
export type LivenessLevel = (typeof livenessLevels)[number]

export type SequenceJudgement =
  | { readonly fault: SequenceFault }
  | { readonly fault: null; readonly level: LivenessLevel }

export function judgeFrames({
  asked,
  frames,
  seen,
  distances,
  limits,
}: Sequence): SequenceJudgement {
  const [ahead] = frames
  if (!ahead || frames.length !== asked.length) throw new Error('a frame for each pose is needed')
  for (const [i, pose] of asked.entries()) {
    const fault = poseFaultOf(pose, ahead.pose, frames[i]!.pose)
    if (fault) return { fault: { kind: 'pose', asked: pose, fault } }
  }
  if (wereSeen(frames, seen) || repeatsItself(asked, frames)) {
    return { fault: { kind: 'seen_before' } }
  }
  if (!showOnePerson(asked, distances, limits)) return { fault: { kind: 'other_person' } }
  let level: LivenessLevel = 'one_take'
  for (const [i, pose] of asked.entries()) {
    if (!isTurn(pose)) continue
    const measures = measureTurn(ahead, frames[i]!, pose)
    if (!showsHead(measures, pose)) return { fault: { kind: 'flat' } }
    if (!areOneTake(measures)) level = 'relief'
  }
  return { fault: null, level }
}

function repeatsItself(asked: readonly AskedPose[], frames: readonly Frame[]): boolean {
  // A face that comes nearer is as good as a copy of the one ahead.
  const isAlike = (i: number, k: number): boolean => asked[i] === 'ahead' && asked[k] === 'nearer'
  const [left, right] = [frames[asked.indexOf('left')], frames[asked.indexOf('right')]]
  return (
    frames.some((one, i) =>
      frames.some((other, k) => k > i && !isAlike(i, k) && areOnePicture(one, other)),
    ) ||
    (left !== undefined && right !== undefined && isMirrored(left, right))
  )
}
