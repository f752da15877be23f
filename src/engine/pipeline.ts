/**
 * START HERE. One way through: photo -> decode -> find faces -> choose one -> landmarks -> align -> encode. Everything
 * that happens to a photo is the flat list of stages below; comparing and deciding follow in encoding/ and decision/.
 *
 * Nothing waits between the photo's bytes and the result, so two requests never hold pixels at the same time.
 */

import type { FaceError } from '../errors/face-error.ts'
import { blockingSide, mainFace, onlyFace } from '../face/choose-face.ts'
import type { FoundFace } from '../face/detect.ts'
import { requireNoneOnBlack } from '../face/faces-on-black.ts'
import type { Landmarks } from '../face/landmarks.ts'
import { scoreLiveness } from '../face/liveness.ts'
import type { Quality } from '../face/quality.ts'
import {
  isInDoubt,
  isListed,
  requireSureFace,
  type Suspicion,
  suspicionOf,
} from '../gate/judge-face.ts'
import { requireAnyFace } from '../gate/missing-face.ts'
import type { Measures, Purpose } from '../gate/rule.ts'
import { requireOpaqueFace } from '../image/decode/transparency.ts'
import { requireUndamagedFace } from '../image/decode/undamaged-face.ts'
import { releasePixels } from '../image/release-image.ts'
import { type Frame, frameOf } from '../liveness/frames/frame.ts'
import { closeViews } from './stages/close-views.ts'
import { type ChipEncoding, cutChips, encodeChips } from './stages/encode-chips.ts'
import { type ExaminedFace, examineTurns } from './stages/examine-face.ts'
import { type FaceReport, reportFace } from './stages/face-report.ts'
import type { Models } from './stages/models.ts'
import { faceInView, sizeInPhoto, type View } from './stages/view.ts'
import { type FramePlace, inView, withFaces } from './stages/with-faces.ts'
import { withoutPhantoms } from './stages/without-phantoms.ts'

export interface DetectedFace extends FaceReport {
  /** 68 points [x, y] in pixels of the photo. */
  readonly landmarks: Landmarks
  /** Detector score, 0..1. */
  readonly score: number
  readonly quality: Quality
  /** 0..1, 1 is live; only when asked for. */
  readonly livenessScore?: number
}

export interface EncodedPhoto extends ChipEncoding {
  readonly face: FaceReport
  readonly quality: Quality
  /** Quality, and all else that the gate judges by; for the lab. */
  readonly measures?: Measures
  /** 0..1, 1 is live; only when asked for. */
  readonly livenessScore?: number
  /** The photo as one of a sequence; only when asked for. */
  readonly frame?: Frame
  /** Of a probe in doubt (decision/doubt.ts), only when asked for: what it would be refused with. */
  readonly doubt?: FaceError
  /** Of a photo that the gate passes for a purpose: how suspect it is all the same (decision/doubt.ts). */
  readonly suspicion?: Suspicion
}

export interface DetectOptions {
  /** Score how live each face looks; false unless given. Needs a liveness network. */
  readonly liveness?: boolean
}

export interface EncodeOptions extends DetectOptions {
  /** Average with the encoding of the mirror image; false unless given. */
  readonly mirror?: boolean
  /** 'only', the default: a second face that is hardly smaller is refused. 'main': the face that stands out is taken. */
  readonly faces?: 'only' | 'main'
  /** The purpose that the photo's quality must suffice for; quality is not checked unless given. */
  readonly purpose?: Purpose
  /** Whether a probe in doubt is refused, as unless given, or told of (`doubt`) to a caller who compares it more strictly. */
  readonly doubts?: 'refused' | 'told'
  /** Look at the photo as one of a sequence too. */
  readonly frame?: FramePlace
}

/** A photo that is refused is refused before it is encoded. @throws FaceError image_*, no_face, multiple_faces, face_* */
export function encodePhoto(
  models: Models,
  photo: Uint8Array,
  options: EncodeOptions = {},
): Promise<EncodedPhoto> {
  const { mirror = false, faces = 'only', purpose, liveness = false, frame } = options
  const look = { wanted: 'main', before: frame?.before } as const
  return withFaces(models, photo, look, (opened, whole, found, glimpse) => {
    requireAnyFace(found, whole.image, glimpse)
    const size = sizeInPhoto(whole)
    const real = withoutPhantoms(models, whole, found)
    const blocking = purpose === 'probe' ? blockingSide : undefined
    const chosen = faces === 'only' ? onlyFace(real, size, blocking) : mainFace(real, size)
    requireUndamagedFace(opened, chosen.box)
    requireOpaqueFace(opened, chosen.box)
    requireNoneOnBlack(models.detector, opened, found, chosen)
    if (purpose) requireSureFace(chosen)
    const [open] = closeViews(opened, whole, [chosen])
    const { face, chips, quality, measures, fault, seenFrame } = inView(whole, open!, (view) => {
      const examined = examineTurns(models, view, size, chosen, purpose)
      return {
        ...examined,
        chips: cutChips(models.encoder, view, examined),
        ...(frame && { seenFrame: frameIn(view, examined) }),
      }
    })
    const doubt = purpose && fault ? doubtOrThrow(fault, measures, options) : null
    const encoded = encodeChips(models.encoder, chips, mirror)
    chips.forEach(releasePixels)
    return {
      ...encoded,
      face: reportFace(face),
      quality,
      measures,
      ...(liveness && livenessOf(models, whole, face)),
      ...(seenFrame && { frame: seenFrame }),
      ...(doubt && { doubt }),
      ...(purpose && { suspicion: suspicionOf(measures) }),
    }
  })
}

/** @throws FaceError the fault, unless it is told of as a doubt */
function doubtOrThrow(fault: FaceError, measures: Measures, { purpose, doubts }: EncodeOptions) {
  if (purpose === 'probe' && doubts === 'told' && isInDoubt(measures)) return fault
  throw fault
}

/** Every face, largest first; none is not an error. @throws FaceError image_* */
export function detectPhoto(
  models: Models,
  photo: Uint8Array,
  { liveness = false }: DetectOptions = {},
): Promise<DetectedFace[]> {
  return withFaces(models, photo, { wanted: 'all' }, (opened, whole, found) => {
    const size = sizeInPhoto(whole)
    const views = closeViews(opened, whole, found)
    return found
      .map((chosen, i) =>
        inView(whole, views[i]!, (view) => examineTurns(models, view, size, chosen)),
      )
      .filter(({ face, measures }) => isListed(face, size, measures.disagreement))
      .map(({ face, landmarks, quality }) => ({
        ...reportFace(face),
        landmarks,
        score: face.score,
        quality,
        ...(liveness && livenessOf(models, whole, face)),
      }))
      .sort((left, right) => right.quality.faceSize - left.quality.faceSize)
  })
}

function frameIn(view: View, { face, landmarksInView }: ExaminedFace): Frame {
  return frameOf(view.image, landmarksInView, faceInView(face, view).points, view.scale)
}

function livenessOf({ liveness }: Models, whole: View, face: FoundFace): { livenessScore: number } {
  if (!liveness) throw new Error('liveness was asked for, and no network for it is loaded')
  return { livenessScore: scoreLiveness(liveness, whole.image, faceInView(face, whole)) }
}
