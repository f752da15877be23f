/**
 * Whether a sequence of frames shows one live head that did what was asked. The first fault found is the one to tell: poses first, which
 * a person can mend. Pure.
 */
import { type AskedPose, isTurn, type PoseFault, poseFaultOf } from './asked-poses.ts'
import { areOnePicture, wasSeen } from './copies.ts'
import type { FacePrint } from './face-print.ts'
import type { Frame } from './frame.ts'
import { measureTurn } from './turn.ts'
import { showsHead } from './turn-limits.ts'

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
  /** Prints of frames of earlier sequences. */
  readonly seen: readonly FacePrint[]
  /** Whether a frame shows the person of the first one. */
  isSamePerson(frame: number): boolean
}

/** Null for a live head. */
export function judgeFrames({ asked, frames, seen, isSamePerson }: Sequence): SequenceFault | null {
  const [ahead] = frames
  if (!ahead || frames.length !== asked.length) throw new Error('a frame for each pose is needed')
  for (const [i, pose] of asked.entries()) {
    const fault = poseFaultOf(pose, ahead.pose, frames[i]!.pose)
    if (fault) return { kind: 'pose', asked: pose, fault }
  }
  if (frames.some((frame) => wasSeen(frame, seen)) || repeatsItself(asked, frames)) {
    return { kind: 'seen_before' }
  }
  if (!frames.every((_, i) => i === 0 || isSamePerson(i))) return { kind: 'other_person' }
  const isHead = asked.every(
    (pose, i) => !isTurn(pose) || showsHead(measureTurn(ahead, frames[i]!, pose), pose),
  )
  return isHead ? null : { kind: 'flat' }
}

function repeatsItself(asked: readonly AskedPose[], frames: readonly Frame[]): boolean {
  const isNearer = (i: number): boolean => asked[i] === 'nearer'
  return frames.some((left, i) =>
    frames.some((right, k) => k > i && !isNearer(i) && !isNearer(k) && areOnePicture(left, right)),
  )
}
