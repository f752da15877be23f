/**
 * START HERE. One way through: photo -> decode -> find faces -> choose one -> landmarks -> align -> encode. Everything
 * that happens to a photo is the flat list of stages below; comparing and deciding follow in encoding/ and decision/.
 *
 * Nothing waits between the photo's bytes and the result, so two requests never hold pixels at the same time.
 */

import { encodeBothWays, encodeChip, sumOf } from '../encoder/encode.ts'
import { FaceError } from '../errors/face-error.ts'
import { type ChipKind, chipKinds, qualityChip } from '../face/chips/chip-kinds.ts'
import { mainFace, onlyFace } from '../face/choose-face.ts'
import { otherTurns } from '../face/confirm-face.ts'
import { type FaceBox, type FoundFace, turnOf } from '../face/detect.ts'
import { findFaces, glimpseFace } from '../face/find-faces.ts'
import {
  faultOf,
  isListed,
  type Measures,
  type Purpose,
  requireSureFace,
  tellsOfTurn,
} from '../face/gate.ts'
import { type Landmarks, locateLandmarks } from '../face/landmarks.ts'
import { scoreLiveness } from '../face/liveness.ts'
import { requireAnyFace, requireRoomForFace } from '../face/missing-face.ts'
import type { Quality } from '../face/quality.ts'
import type { Codecs } from '../image/decode/codecs.ts'
import { type DecodedPhoto, decodePhoto, openPhoto } from '../image/decode/decode.ts'
import { releaseImage } from '../image/release-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import { warp } from '../image/warp.ts'
import { type Frame, frameOf } from '../liveness/frame.ts'
import type { Network } from '../network/load.ts'
import { closeViews } from './close-views.ts'
import { measureFace } from './measure-face.ts'
import { faceInPhoto, faceInView, landmarksInPhoto, type View } from './view.ts'
import { withoutPhantoms } from './without-phantoms.ts'

/** Everything heavy that the stages need; loaded once per isolate. */
export interface Models {
  /** Encoder and pipeline, as in "dlib-resnet@4f1c2a90": encodings of two of them are never compared. */
  readonly model: string
  readonly codecs: Codecs
  readonly detector: Network
  readonly landmarks: Network
  /** An encoding is the sum of what they give. */
  readonly encoder: readonly RunningPart[]
  /** Only where one was packed. */
  readonly liveness?: readonly Network[]
}

/** A network of the encoder, and how faces are cut out for it. */
export interface RunningPart {
  readonly network: Network
  readonly chip: ChipKind
}

/** Where the face was found. */
export interface FaceReport {
  /** Pixels of the photo, upright by EXIF orientation. */
  readonly box: FaceBox
  /** Degrees clockwise that the photo had to be turned for the face to stand upright. */
  readonly rotation: QuarterTurn
}

export interface DetectedFace extends FaceReport {
  /** 68 points [x, y] in pixels of the photo. */
  readonly landmarks: Landmarks
  /** Detector score, 0..1. */
  readonly score: number
  readonly quality: Quality
  /** 0..1, 1 is live; only when asked for. */
  readonly livenessScore?: number
}

export interface EncodedPhoto {
  /** As the network gives it, averaged with the mirror image's when that was asked for. */
  readonly encoding: Float32Array
  /** Of the photo as it is, in addition to the average. */
  readonly single?: Float32Array
  readonly face: FaceReport
  readonly quality: Quality
  /** Quality, and all else that the gate judges by; for the lab. */
  readonly measures?: Measures
  /** 0..1, 1 is live; only when asked for. */
  readonly livenessScore?: number
  /** The photo as one of a sequence; only when asked for. */
  readonly frame?: Frame
}

export interface DetectOptions {
  /** Score how live each face looks; false unless given. Needs a liveness network. */
  readonly liveness?: boolean
}

export interface EncodeOptions extends DetectOptions {
  /** Average with the encoding of the mirror image; false unless given. */
  readonly mirror?: boolean
  /** 'only', the default: a second face of comparable size is refused. 'main': the face that stands out is taken. */
  readonly faces?: 'only' | 'main'
  /** The purpose that the photo's quality must suffice for; quality is not checked unless given. */
  readonly purpose?: Purpose
  /** Look at the photo as one of a sequence too; false unless given. */
  readonly frame?: boolean
}

/** @throws FaceError image_*, no_face, multiple_faces, face_* */
export function encodePhoto(
  models: Models,
  photo: Uint8Array,
  { mirror = false, faces = 'only', purpose, liveness = false, frame = false }: EncodeOptions = {},
): Promise<EncodedPhoto> {
  return withFaces(models, photo, 'main', (opened, whole, found) => {
    requireAnyFace(
      found,
      whole.image,
      found.length === 0 ? glimpseFace(models.detector, whole.image) : null,
    )
    const size = sizeInPhoto(whole)
    const real = withoutPhantoms(models, whole, found)
    const chosen = (faces === 'only' ? onlyFace : mainFace)(real, size)
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
    if (purpose && fault) throw fault
    return {
      ...encode(models.encoder, chips, mirror),
      face: reportFace(face),
      quality,
      measures,
      ...(liveness && livenessOf(models, whole, face)),
      ...(seenFrame && { frame: seenFrame }),
    }
  })
}

/**
 * A photo that is the encoder's input already, pixel by pixel, as the 96x96 photos of the FaceNet exercise. It is not checked
 * for a face, so no decision may rest on it: for scripts only, no endpoint calls it.
 *
 * @throws FaceError image_*, image_unsupported when the photo has another size than the encoder's input
 */
export async function encodeUnaligned(
  { codecs, encoder }: Models,
  photo: Uint8Array,
  mirror = false,
): Promise<Float32Array> {
  const image = await decodePhoto(photo, codecs)
  const { width, height, data } = image
  const [part, ...others] = encoder
  const { table } = part!.network
  const { size } = table.input
  try {
    if (others.length > 0) {
      throw new FaceError(
        'image_unsupported',
        'An encoder of several networks sees several squares of a photo, so it takes none without alignment.',
      )
    }
    if (width !== size || height !== size) {
      throw new FaceError(
        'image_unsupported',
        `The photo is ${width}x${height}; without alignment ${table.name} takes ${size}x${size}.`,
      )
    }
    return encode(encoder, [Float32Array.from(data)], mirror).encoding
  } finally {
    releaseImage(image)
  }
}

/** Every face, largest first; none is not an error. @throws FaceError image_* */
export function detectPhoto(
  models: Models,
  photo: Uint8Array,
  { liveness = false }: DetectOptions = {},
): Promise<DetectedFace[]> {
  return withFaces(models, photo, 'all', (opened, whole, found) => {
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

interface Size {
  readonly width: number
  readonly height: number
}

/** A face seen one way up, with its measurements. */
interface ExaminedFace {
  /** In pixels of the photo. */
  readonly face: FoundFace
  /** In pixels of the photo. */
  readonly landmarks: Landmarks
  /** In pixels of the view that it was seen in. */
  readonly landmarksInView: Landmarks
  /** The face as its quality was measured, `qualityChip`; null where the landmarks miss it. */
  readonly seen: Float32Array | null
  readonly quality: Quality
  readonly measures: Measures
  /** Its quality fault, or null. */
  readonly fault: FaceError | null
}

/**
 * The orientation of a face is a guess until all later stages agree; if they do not, the other orientations are tried before
 * the photo is judged.
 *
 * @param photo its size
 * @param chosen in pixels of the photo
 */
function examineTurns(
  models: Models,
  view: View,
  photo: Size,
  chosen: FoundFace,
  purpose: Purpose = 'probe',
): ExaminedFace {
  const seen = faceInView(chosen, view)
  const first = examine(models, view, photo, seen, purpose)
  if (!first.fault || !tellsOfTurn(first.fault)) return first
  for (const face of otherTurns(models.detector, view.image, seen)) {
    const other = examine(models, view, photo, face, purpose)
    if (!other.fault) return other
  }
  return first
}

/** @param face in pixels of the view */
function examine(
  { landmarks: network }: Models,
  view: View,
  photo: Size,
  face: FoundFace,
  purpose: Purpose,
): ExaminedFace {
  const landmarks = locateLandmarks(network, view.image, face)
  const placed = {
    face: faceInPhoto(face, view),
    landmarks: landmarksInPhoto(landmarks, view),
    photo,
  }
  const seen = measureFace(view.image, { face, landmarks }, placed)
  const { measures, quality } = seen
  return {
    face: placed.face,
    landmarks: placed.landmarks,
    landmarksInView: landmarks,
    seen: seen.isByLandmarks ? seen.chip : null,
    quality,
    measures,
    fault: faultOf(measures, purpose),
  }
}

/** The inputs of the encoder's networks. */
function cutChips(
  encoder: readonly RunningPart[],
  { image }: View,
  { landmarksInView, seen }: ExaminedFace,
): Float32Array[] {
  return encoder.map(({ network, chip }) => {
    const { size } = network.table.input
    if (seen && chip === qualityChip.kind && size === qualityChip.size) return seen
    return warp(image, chipKinds[chip](landmarksInView, size), size)
  })
}

function encode(
  encoder: readonly RunningPart[],
  chips: readonly Float32Array[],
  mirror: boolean,
): Pick<EncodedPhoto, 'encoding' | 'single'> {
  if (!mirror) {
    const encodings = encoder.map(({ network }, i) => encodeChip(network, chips[i]!))
    return { encoding: finite(sumOf(encodings)) }
  }
  const both = encoder.map(({ network }, i) => encodeBothWays(network, chips[i]!))
  return {
    encoding: finite(sumOf(both.map(({ averaged }) => averaged))),
    single: sumOf(both.map(({ single }) => single)),
  }
}

function finite(encoding: Float32Array): Float32Array {
  if (encoding.every(Number.isFinite)) return encoding
  throw new FaceError('internal', 'The encoding is not finite.')
}

/** The shared stages; faces are in pixels of the photo. Its own pixels are released when `use` ends, not by the garbage collector. */
async function withFaces<T>(
  models: Models,
  photo: Uint8Array,
  wanted: 'main' | 'all',
  use: (opened: DecodedPhoto, whole: View, faces: readonly FoundFace[]) => T,
): Promise<T> {
  // Where a face is needed, a photo without room for one is not worth decoding.
  const check = wanted === 'main' ? requireRoomForFace : undefined
  const opened = openPhoto(photo, models.codecs, check)
  const { image, shrink } = opened
  const whole = { image, x: 0, y: 0, scale: shrink }
  try {
    const found = findFaces(models.detector, image, wanted)
    return use(
      opened,
      whole,
      found.map((face) => faceInPhoto(face, whole)),
    )
  } finally {
    releaseImage(image)
  }
}

/** The pixels of a view that is not the whole photo are released too. */
function inView<T>(whole: View, open: () => View, use: (view: View) => T): T {
  const view = open()
  try {
    return use(view)
  } finally {
    if (view !== whole) releaseImage(view.image)
  }
}

function sizeInPhoto({ image, scale }: View): Size {
  return { width: image.width * scale, height: image.height * scale }
}

function livenessOf({ liveness }: Models, whole: View, face: FoundFace): { livenessScore: number } {
  if (!liveness) throw new Error('liveness was asked for, and no network for it is loaded')
  return { livenessScore: scoreLiveness(liveness, whole.image, faceInView(face, whole)) }
}

function reportFace(face: FoundFace): FaceReport {
  const { x, y, width, height } = face.box
  return {
    box: {
      x: Math.round(x),
      y: Math.round(y),
      width: Math.round(width),
      height: Math.round(height),
    },
    rotation: turnOf(face),
  }
}
