/**
 * How well a face was photographed, from its chip and landmarks. Measured for every answer; pose is an estimate from
 * where the nose stands between eyes and mouth, good to about ten degrees.
 */
import { meanOf, type Point } from '../image/similarity.ts'
import { type FoundFace, turnOf } from './detect.ts'
import { focusOfCentre, lumaOf } from './focus.ts'
import type { Landmarks } from './landmarks.ts'

export interface Quality {
  /** 0..1, 1 is sharp. */
  readonly sharpness: number
  /** 0..1, mean luma of the face. */
  readonly brightness: number
  /** 0..1, deviation of the face's luma; 0 is one plain tone, 1 is black and white. */
  readonly contrast: number
  /** Degrees; positive when the person looks to their left. */
  readonly yaw: number
  /** Degrees; positive when the person looks up. */
  readonly pitch: number
  /** Degrees; positive when the head leans clockwise in the picture, once that was turned. */
  readonly roll: number
  /** Longer side of the face box in pixels of the photo. */
  readonly faceSize: number
}

/** How far the tip of the nose stands out before the eyes, in distances between the eyes. */
const noseDepth = 0.55
/** Where the tip of the nose stands between eyes (0) and mouth (1) in a face looking straight ahead. */
const levelNose = 0.62
/** Detail, as a share of the contrast, at which sharpness is one half. */
const halfSharpDetail = 0.2

/**
 * @param chip [size, size, 3], values 0..255, aligned
 */
export function measureQuality(
  chip: Float32Array,
  size: number,
  landmarks: Landmarks,
  face: FoundFace,
): Quality {
  const { roll, ...pose } = estimatePose(landmarks)
  return {
    ...measureLight(chip, size),
    ...pose,
    roll: ((((roll + turnOf(face)) % 360) + 540) % 360) - 180,
    faceSize: Math.round(Math.max(face.box.width, face.box.height)),
  }
}

/** What the chip alone tells. @param chip [size, size, 3], values 0..255, aligned */
export function measureLight(
  chip: Float32Array,
  size: number,
): Pick<Quality, 'sharpness' | 'brightness' | 'contrast'> {
  const luma = lumaOf(chip)
  const { detail } = focusOfCentre(luma, size)
  return { sharpness: detail / (detail + halfSharpDetail), ...toneOfCentre(luma, size) }
}

export function estimatePose(landmarks: Landmarks): Pick<Quality, 'yaw' | 'pitch' | 'roll'> {
  const rightEye = meanOf(landmarks.slice(36, 42))
  const leftEye = meanOf(landmarks.slice(42, 48))
  const mouth = meanOf(landmarks.slice(48, 60))
  const roll = Math.atan2(leftEye[1] - rightEye[1], leftEye[0] - rightEye[0])
  const eyes = meanOf([rightEye, leftEye])
  const upright = ([x, y]: Point): Point => [
    (x - eyes[0]) * Math.cos(roll) + (y - eyes[1]) * Math.sin(roll),
    (y - eyes[1]) * Math.cos(roll) - (x - eyes[0]) * Math.sin(roll),
  ]
  const eyeDistance = Math.hypot(leftEye[0] - rightEye[0], leftEye[1] - rightEye[1])
  const [noseX, noseY] = upright(landmarks[30]!)
  const [, mouthY] = upright(mouth)
  const yaw = Math.atan2(noseX / eyeDistance, noseDepth)
  const pitch = Math.atan2(levelNose - noseY / mouthY, noseDepth)
  return { yaw: degrees(yaw), pitch: degrees(pitch), roll: degrees(roll) }
}

function toneOfCentre(luma: Float32Array, size: number): Pick<Quality, 'brightness' | 'contrast'> {
  const from = Math.round(size * 0.25)
  const to = size - from
  let sum = 0
  let squares = 0
  for (let row = from; row < to; row++) {
    for (let i = row * size + from; i < row * size + to; i++) {
      sum += luma[i]!
      squares += luma[i]! * luma[i]!
    }
  }
  const count = (to - from) ** 2
  const mean = sum / count
  // Rounding may leave a plain square a little below 0.
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
  return { brightness: mean / 255, contrast: deviation / 127.5 }
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
