/**
 * START HERE. One way through: photo -> decode -> find faces -> choose one -> landmarks -> align -> encode. Everything
 * that happens to a photo is the flat list of stages below; comparing and deciding follow in encoding/ and decision/.
 *
 * Only the decoder's start is asynchronous. After decoding nothing waits, so two requests hold pixels at the same time only
 * when both waited for that start.
 */

import { encodeBothWays, encodeChip } from '../encoder/encode.ts'
import { FaceError } from '../errors/face-error.ts'
import { disagreement, mostDisagreement } from '../face/agreement.ts'
import { mainFace, onlyFace } from '../face/choose-face.ts'
import { otherTurns } from '../face/confirm-face.ts'
import { type FaceBox, type FoundFace, turnOf } from '../face/detect.ts'
import { findFaces } from '../face/find-faces.ts'
import { faultOf, isListed, type Purpose, requireSureFace, tellsOfTurn } from '../face/gate.ts'
import { type Landmarks, locateLandmarks, squareAround } from '../face/landmarks.ts'
import { scoreLiveness } from '../face/liveness.ts'
import { requireAnyFace } from '../face/missing-face.ts'
import { measureQuality, type Quality } from '../face/quality.ts'
import type { Codecs } from '../image/decode/codecs.ts'
import { decodePhoto } from '../image/decode/decode.ts'
import { releaseImage } from '../image/release-image.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import { type Affine, type Similarity, warp } from '../image/warp.ts'
import type { Network } from '../network/load.ts'

/** Everything heavy that the stages need; loaded once per isolate. */
export interface Models {
  /** Encoder and pipeline, as in "dlib-resnet@4f1c2a90": encodings of two of them are never compared. */
  readonly model: string
  readonly codecs: Codecs
  readonly detector: Network
  readonly landmarks: Network
  readonly encoder: Network
  readonly align: Align
  /** Only where one was packed. */
  readonly liveness?: Network
}

/** The square of the photo that becomes the encoder's input of `size` pixels: where the network was trained to see faces. */
export type Align = (landmarks: Landmarks, size: number) => Similarity | Affine

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
  /** 0..1, 1 is live; only when asked for. */
  readonly livenessScore?: number
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
}

/** @throws FaceError image_*, no_face, multiple_faces, face_* */
export function encodePhoto(
  models: Models,
  photo: Uint8Array,
  { mirror = false, faces = 'only', purpose, liveness = false }: EncodeOptions = {},
): Promise<EncodedPhoto> {
  return withFaces(models, photo, 'main', (image, found) => {
    requireAnyFace(found, image)
    const chosen = (faces === 'only' ? onlyFace : mainFace)(found, image)
    if (purpose) requireSureFace(chosen)
    const { face, chip, quality, fault } = examineTurns(models, image, chosen, purpose)
    if (purpose && fault) throw fault
    return {
      ...encode(models.encoder, chip, mirror),
      face: reportFace(face),
      quality,
      ...(liveness && livenessOf(models, image, face)),
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
  const { size } = encoder.table.input
  try {
    if (width !== size || height !== size) {
      throw new FaceError(
        'image_unsupported',
        `The photo is ${width}x${height}; without alignment ${encoder.table.name} takes ${size}x${size}.`,
      )
    }
    return encode(encoder, Float32Array.from(data), mirror).encoding
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
  return withFaces(models, photo, 'all', (image, found) =>
    found
      .map((chosen) => examineTurns(models, image, chosen))
      .filter(({ face, apart }) => isListed(face, image, apart))
      .map(({ face, landmarks, quality }) => ({
        ...reportFace(face),
        landmarks,
        score: face.score,
        quality,
        ...(liveness && livenessOf(models, image, face)),
      }))
      .sort((left, right) => right.quality.faceSize - left.quality.faceSize),
  )
}

/** A face seen one way up, with its measurements. */
interface ExaminedFace {
  readonly face: FoundFace
  readonly landmarks: Landmarks
  /** The encoder's input. */
  readonly chip: Float32Array
  readonly quality: Quality
  /** How far landmarks and detector disagree, as agreement.ts has it. */
  readonly apart: number
  /** Its quality fault, or null. */
  readonly fault: FaceError | null
}

/**
 * The orientation of a face is a guess until all later stages agree; if they do not, the other orientations are tried before
 * the photo is judged.
 */
function examineTurns(
  models: Models,
  image: RgbImage,
  chosen: FoundFace,
  purpose: Purpose = 'probe',
): ExaminedFace {
  const first = examine(models, image, chosen, purpose)
  if (!first.fault || !tellsOfTurn(first.fault)) return first
  for (const face of otherTurns(models.detector, image, chosen)) {
    const other = examine(models, image, face, purpose)
    if (!other.fault) return other
  }
  return first
}

function examine(
  { landmarks: network, encoder, align }: Models,
  image: RgbImage,
  face: FoundFace,
  purpose: Purpose,
): ExaminedFace {
  const landmarks = locateLandmarks(network, image, face)
  const { size } = encoder.table.input
  const chip = warp(image, align(landmarks, size), size)
  const apart = disagreement(landmarks, face)
  // Light and focus are measured on the face, even where the landmarks miss it.
  const seen = apart <= mostDisagreement ? chip : warp(image, squareAround(face, size), size)
  const quality = measureQuality(seen, size, landmarks, face)
  const fault = faultOf({ ...quality, disagreement: apart }, purpose)
  return { face, landmarks, chip, quality, apart, fault }
}

function encode(
  encoder: Network,
  chip: Float32Array,
  mirror: boolean,
): Pick<EncodedPhoto, 'encoding' | 'single'> {
  if (!mirror) return { encoding: finite(encodeChip(encoder, chip)) }
  const { averaged, single } = encodeBothWays(encoder, chip)
  return { encoding: finite(averaged), single }
}

function finite(encoding: Float32Array): Float32Array {
  if (encoding.every(Number.isFinite)) return encoding
  throw new FaceError('internal', 'The encoding is not finite.')
}

/** The shared stages. The pixels are released when `use` ends, not by the garbage collector. */
async function withFaces<T>(
  models: Models,
  photo: Uint8Array,
  wanted: 'main' | 'all',
  use: (image: RgbImage, faces: readonly FoundFace[]) => T,
): Promise<T> {
  const image = await decodePhoto(photo, models.codecs)
  try {
    return use(image, findFaces(models.detector, image, wanted))
  } finally {
    releaseImage(image)
  }
}

function livenessOf(
  { liveness }: Models,
  image: RgbImage,
  face: FoundFace,
): { livenessScore: number } {
  if (!liveness) throw new Error('liveness was asked for, and no network for it is loaded')
  return { livenessScore: scoreLiveness(liveness, image, face) }
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
