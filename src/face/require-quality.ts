/**
 * Whether a face is photographed well enough to be compared. What fails here would mostly be refused as somebody else, and
 * the person would not learn why; a face that is enrolled is held to more, since every later comparison rests on it. The
 * limits are where, on photos made worse step by step, many of the right people are refused, or twice as many of the wrong
 * ones let in (docs/accuracy.md, "How bad a photo may be"). Pure.
 */
import { FaceError } from '../errors.ts'
import type { Quality } from './quality.ts'

export type Purpose = 'probe' | 'enrolment'

type Limits = Readonly<
  Record<'sharpness' | 'brightness' | 'contrast' | 'yaw' | 'pitch' | 'faceSize', Range>
>
type Range = readonly [least: number, most: number]

/** The estimate of pitch says 9 degrees for a face that looks straight ahead, so its range is not symmetric. */
const limits: Readonly<Record<Purpose, Limits>> = {
  probe: {
    faceSize: [32, Infinity],
    brightness: [0.05, 0.93],
    contrast: [0.035, 1],
    sharpness: [0.15, 1],
    yaw: [-45, 45],
    pitch: [-30, 50],
  },
  enrolment: {
    faceSize: [36, Infinity],
    brightness: [0.1, 0.88],
    contrast: [0.06, 1],
    sharpness: [0.28, 1],
    yaw: [-45, 45],
    pitch: [-30, 50],
  },
}

/**
 * The first fault is the one to mend first: light before sharpness, since a photo in bad light is blurred too.
 *
 * @throws FaceError face_too_small, face_too_dark, face_too_bright, face_low_contrast, face_too_blurry, face_turned_away
 */
export function requireQuality(quality: Quality, purpose: Purpose): void {
  const of = limits[purpose]
  const { faceSize, brightness, contrast, sharpness, yaw, pitch } = quality
  if (!(faceSize >= of.faceSize[0])) {
    throw new FaceError(
      'face_too_small',
      `The face is ${faceSize} pixels wide, at least ${of.faceSize[0]} are needed.`,
    )
  }
  if (!(brightness >= of.brightness[0])) {
    throw new FaceError(
      'face_too_dark',
      `The face has a brightness of ${round(brightness)}, at least ${of.brightness[0]} is needed.`,
    )
  }
  if (!(brightness <= of.brightness[1])) {
    throw new FaceError(
      'face_too_bright',
      `The face has a brightness of ${round(brightness)}, at most ${of.brightness[1]} is allowed.`,
    )
  }
  if (!(contrast >= of.contrast[0])) {
    throw new FaceError(
      'face_low_contrast',
      `The face has a contrast of ${round(contrast)}, at least ${of.contrast[0]} is needed.`,
    )
  }
  if (!(sharpness >= of.sharpness[0])) {
    throw new FaceError(
      'face_too_blurry',
      `The face has a sharpness of ${round(sharpness)}, at least ${of.sharpness[0]} is needed.`,
    )
  }
  if (!isWithin(yaw, of.yaw)) throw turnedAway('to the side', yaw, of.yaw)
  if (!isWithin(pitch, of.pitch)) throw turnedAway('up or down', pitch, of.pitch)
}

function turnedAway(where: string, degrees: number, [least, most]: Range): FaceError {
  return new FaceError(
    'face_turned_away',
    `The face is turned ${Math.round(degrees)} degrees ${where}, ${least} to ${most} are allowed.`,
  )
}

/** False for NaN. */
function isWithin(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
