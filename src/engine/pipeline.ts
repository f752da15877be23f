/**
 * START HERE. One way through: photo -> decode -> find faces -> choose one -> landmarks -> align -> encode. Everything
 * that happens to a photo is the flat list of stages below; comparing and deciding follow in encoding/ and decision/.
 *
 * Only the decoder may have to be waited for, when it is started. From the pixels on nothing waits, so that two requests
 * hold pixels at the same time only when both waited for that start.
 */

import { encodeBothWays, encodeChip } from '../encoder/encode.ts'
import { FaceError } from '../errors/face-error.ts'
import { mainFace, onlyFace } from '../face/choose-face.ts'
import type { FaceBox, FoundFace } from '../face/detect.ts'
import { type FacesInPhoto, findFaces, unturnBox, unturnPoint } from '../face/find-faces.ts'
import {
  type Purpose,
  requireQuality,
  requireSteadyLandmarks,
  requireSureFace,
} from '../face/gate.ts'
import { type Landmarks, locateLandmarks } from '../face/landmarks.ts'
import { scoreLiveness } from '../face/liveness.ts'
import { requireAnyFace } from '../face/missing-face.ts'
import { measureQuality, type Quality } from '../face/quality.ts'
import { refineLandmarks } from '../face/refine-landmarks.ts'
import { landmarkMove } from '../face/steadiness.ts'
import type { Codecs } from '../image/decode/codecs.ts'
import { decodePhoto } from '../image/decode/decode.ts'
import { releaseImage } from '../image/release-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import { type Affine, type Similarity, warp } from '../image/warp.ts'
import type { Network } from '../network/load.ts'

/** Everything heavy that the stages need; loaded once per isolate. */
export interface Models {
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
  /** Of the photo as it is, beside the average. */
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
  /** What the photo must be good enough for; nothing is refused for its quality unless given. */
  readonly purpose?: Purpose
}

/** @throws FaceError image_*, no_face, multiple_faces, face_* */
export function encodePhoto(
  models: Models,
  photo: Uint8Array,
  { mirror = false, faces = 'only', purpose, liveness = false }: EncodeOptions = {},
): Promise<EncodedPhoto> {
  return withFaces(models, photo, (found) => {
    requireAnyFace(found.faces, found.image)
    const face = (faces === 'only' ? onlyFace : mainFace)(found.faces, found.image)
    if (purpose) requireSureFace(face)
    const looks = landmarksOf(models, found, face)
    const [, landmarks] = looks
    const chip = cutChip(models, found, landmarks)
    const quality = measureQuality(chip, models.encoder.table.input.size, landmarks, face.box)
    if (purpose) {
      requireQuality(quality, purpose)
      requireSteadyLandmarks(landmarkMove(models.landmarks, found.image, looks))
    }
    return {
      ...encode(models.encoder, chip, mirror),
      face: reportFace(face, found),
      quality,
      ...(liveness && livenessOf(models, found, face)),
    }
  })
}

/**
 * A photo that is the encoder's input already, pixel by pixel, as the 96x96 photos of the FaceNet exercise. Nothing looks
 * whether there is a face in it, so no decision may rest on it: this is for scripts, and no endpoint calls it.
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
  return withFaces(models, photo, (found) =>
    found.faces
      .map((face) => {
        const [, landmarks] = landmarksOf(models, found, face)
        const chip = cutChip(models, found, landmarks)
        return {
          ...reportFace(face, found),
          landmarks: landmarks.map((point) => unturnPoint(point, found)),
          score: face.score,
          quality: measureQuality(chip, models.encoder.table.input.size, landmarks, face.box),
          ...(liveness && livenessOf(models, found, face)),
        }
      })
      .sort((left, right) => right.quality.faceSize - left.quality.faceSize),
  )
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

/** The stages that all have in common. The pixels live as long as `use` runs, and not until the garbage collector. */
async function withFaces<T>(
  models: Models,
  photo: Uint8Array,
  use: (found: FacesInPhoto) => T,
): Promise<T> {
  const image = await decodePhoto(photo, models.codecs)
  const found = findFaces(models.detector, image)
  try {
    return use(found)
  } finally {
    releaseImage(image)
    if (found.image !== image) releaseImage(found.image)
  }
}

/** Both looks at them; the second is the better one. */
function landmarksOf(
  models: Models,
  { image }: FacesInPhoto,
  { box }: FoundFace,
): [first: Landmarks, second: Landmarks] {
  const first = locateLandmarks(models.landmarks, image, box)
  return [first, refineLandmarks(models.landmarks, image, first)]
}

function livenessOf(
  { liveness }: Models,
  { image }: FacesInPhoto,
  { box }: FoundFace,
): { livenessScore: number } {
  if (!liveness) throw new Error('liveness was asked for, and no network for it is loaded')
  return { livenessScore: scoreLiveness(liveness, image, box) }
}

function cutChip(
  { encoder, align }: Models,
  { image }: FacesInPhoto,
  landmarks: Landmarks,
): Float32Array {
  const { size } = encoder.table.input
  return warp(image, align(landmarks, size), size)
}

function reportFace({ box }: FoundFace, found: FacesInPhoto): FaceReport {
  const { x, y, width, height } = unturnBox(box, found)
  return {
    box: {
      x: Math.round(x),
      y: Math.round(y),
      width: Math.round(width),
      height: Math.round(height),
    },
    rotation: found.rotation,
  }
}
