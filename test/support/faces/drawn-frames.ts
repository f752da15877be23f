/** Frames of sample people as a camera would take them: a head that turns, made from one photo, or that photo on paper. */
import { type Camera, drawMesh, type Mesh } from '../../../lab/liveness/drawn/draw-mesh.ts'
import { headOf } from '../../../lab/liveness/drawn/model-head.ts'
import type { SourceFace } from '../../../lab/liveness/drawn/photo-mesh.ts'
import { type Bend, sheetOf } from '../../../lab/liveness/drawn/sheet.ts'
import type { Models } from '../../../src/engine/stages/models.ts'
import { mainFace } from '../../../src/face/choose-face.ts'
import { findFaces } from '../../../src/face/find-faces.ts'
import { locateLandmarks } from '../../../src/face/landmarks.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { meanOf } from '../../../src/image/similarity.ts'
import type { AskedPose } from '../../../src/liveness/asked-poses.ts'
import { type Frame, frameOf } from '../../../src/liveness/frames/frame.ts'
import { headPoseOf } from '../../../src/liveness/frames/head-pose.ts'

export interface Source {
  readonly photo: RgbImage
  readonly face: SourceFace
}

export function sourceOf(models: Models, photo: RgbImage): Source {
  const found = mainFace(findFaces(models.detector, photo), photo)
  const landmarks = locateLandmarks(models.landmarks, photo, found)
  const { size } = headPoseOf({ landmarks, points: found.points })
  return { photo, face: { middle: meanOf(landmarks), size } }
}

/** How the head or the paper stands before the camera. */
export type Stand = Partial<Pick<Camera, 'yaw' | 'pitch' | 'roll' | 'distance'>> & {
  readonly nearer?: number
}

const width = 640
const height = 480
/** Pixels between the outer corners of the eyes. */
const eyes = 110

export function drawHead({ photo, face }: Source, stand: Stand): RgbImage {
  return draw(photo, headOf(photo, face), stand)
}

/** @param bend flat unless given */
export function drawPaper({ photo, face }: Source, stand: Stand, bend?: Bend): RgbImage {
  return draw(photo, sheetOf(photo, face, bend), stand)
}

/** Where a head stands that does what is asked: from some samples, which look ahead, the networks see so much of it. */
export const standFor: Readonly<Record<AskedPose, Stand>> = {
  ahead: {},
  left: { yaw: 28 },
  right: { yaw: -28 },
  up: { pitch: 24 },
  down: { pitch: -30 },
  nearer: { nearer: 1.4 },
}

function draw(photo: RgbImage, mesh: Mesh, { nearer = 1, ...stand }: Stand): RgbImage {
  const canvas = { width, height, data: new Uint8Array(width * height * 3).fill(120) }
  drawMesh(canvas, photo, mesh, {
    yaw: 0,
    pitch: 0,
    roll: 0,
    distance: 8 / nearer,
    scale: eyes * nearer,
    middle: [width / 2, height / 2],
    distortion: 0,
    ...stand,
  })
  return canvas
}

export function frameIn(models: Models, photo: RgbImage): Frame {
  const found = mainFace(findFaces(models.detector, photo), photo)
  return frameOf(photo, locateLandmarks(models.landmarks, photo, found), found.points)
}
