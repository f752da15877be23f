/**
 * The photos of a session that asks for poses: each is encoded like the photo of any claim, then all are judged as one sequence. The first
 * one, which looks ahead, is the probe.
 */
import type { Reason } from '../../decision/reasons.ts'
import type { TogetherLimits } from '../../decision/thresholds.ts'
import { distanceBetween, prepareEncoding } from '../../encoding/metrics/metric.ts'
import { templateOf } from '../../encoding/template.ts'
import { encodeFace } from '../../engine/encode-face.ts'
import type { FaceEngine } from '../../engine/face-engine.ts'
import type { EncodedPhoto } from '../../engine/pipeline.ts'
import { type AskedPose, mostPoses } from '../../liveness/asked-poses.ts'
import type { FacePrint } from '../../liveness/frames/face-print.ts'
import {
  judgeFrames,
  type LivenessLevel,
  livenessLevels,
  type SequenceFault,
} from '../../liveness/judge-frames.ts'
import { sha256, toHex } from '../../network/shards.ts'
import { otherNumber, posesOver } from './attempt-outcome.ts'
import type { Admitted } from './run-attempt.ts'

/** @param scored whether the first photo is scored by the network for single photos too */
export async function lookAtFrames(
  engine: FaceEngine,
  photos: readonly Uint8Array[],
  scored: boolean,
): Promise<EncodedPhoto[]> {
  if (photos.length > mostPoses) {
    throw otherNumber(photos.length, `${mostPoses} at most`)
  }
  const encoded: EncodedPhoto[] = []
  for (const [i, photo] of photos.entries()) {
    const label = `photo ${i + 1} of ${photos.length}`
    const liveness = scored && i === 0
    const before = encoded.at(-1)?.face
    const frame = before ? { before } : {}
    encoded.push(await encodeFace(engine, photo, { purpose: 'probe', frame, liveness, label }))
  }
  return encoded
}

export interface JudgedPoses {
  readonly prints: readonly FacePrint[]
  /** Why they do not show one live head; absent when they do. */
  readonly reason?: Reason
  readonly level?: LivenessLevel
  /**
   * Mean encoding, where they show one live head. It has to be of the person too: the first photo alone may be a picture made of their face
   * and that of somebody else, who then turns.
   */
  readonly mean?: Float32Array
}

interface PosesTaken {
  readonly photos: readonly Uint8Array[]
  /** What they show. */
  readonly taken: readonly EncodedPhoto[]
}

/**
 * @param admitted with the poses that were drawn, as many as photos, and what was seen before
 * @param limits within which all frames must show one person
 */
export async function judgePoses(
  { photos, taken }: PosesTaken,
  admitted: Admitted | undefined,
  limits: TogetherLimits,
): Promise<JudgedPoses> {
  const session = admitted?.session
  if (session?.poses === undefined) throw posesOver()
  const { asked, announced } = session.poses
  const frames = taken.map(({ frame }) => {
    if (!frame) throw new Error('the engine gave no frame')
    return frame
  })
  const places = taken.map(({ encoding }) => prepareEncoding(limits.metric, encoding))
  const prints = frames.map(({ print }) => print)
  if (announced && !(await areAnnounced(photos, announced)))
    return { prints, reason: 'other_photo' }
  const judged = judgeFrames({
    asked,
    frames,
    seen: admitted?.seen ?? [],
    distances: places.map((place) => distanceBetween(places[0]!, place)),
    limits,
  })
  if (judged.fault !== null) return { prints, reason: reasonFor(judged.fault) }
  const { level } = judged
  if (!reaches(level, session.livenessLevel)) return { prints, reason: 'not_one_take' }
  const encodings = taken.map(({ encoding }) => encoding)
  return { prints, level, mean: meanOfPoses(asked, encodings) }
}

/** Of the first photo and the turned ones: a nearer one is as good as a copy of the first, and would give it twice the weight. */
export function meanOfPoses(
  asked: readonly AskedPose[],
  encodings: readonly Float32Array[],
): Float32Array {
  return templateOf(encodings.filter((_, i) => asked[i] !== 'nearer'))
}

async function areAnnounced(
  photos: readonly Uint8Array[],
  announced: readonly string[],
): Promise<boolean> {
  const hashes = await Promise.all(photos.map(async (photo) => toHex(await sha256(photo))))
  return hashes.every((hash, i) => hash === announced[i])
}

function reaches(level: LivenessLevel, least: LivenessLevel = 'relief'): boolean {
  return livenessLevels.indexOf(level) >= livenessLevels.indexOf(least)
}

function reasonFor(fault: SequenceFault): Reason {
  if (fault.kind !== 'pose') return fault.kind
  if (fault.fault === 'too_much') return fault.asked === 'nearer' ? 'too_near' : 'turned_too_far'
  return fault.fault === 'not_ahead' ? 'look_ahead' : moreOf[fault.asked]
}

const moreOf = {
  ahead: 'look_ahead',
  left: 'turn_left',
  right: 'turn_right',
  up: 'look_up',
  down: 'look_down',
  nearer: 'come_nearer',
} as const satisfies Record<AskedPose, Reason>
