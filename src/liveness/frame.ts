/** One photo of a sequence as liveness sees it: the pose of the head, its landmarks, its inner face and its print. Pure. */
import type { FacePoints } from '../face/detect.ts'
import type { Landmarks } from '../face/landmarks.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { cutFaceChip, type FaceChip } from './face-chip.ts'
import { type FacePrint, facePrintOf } from './face-print.ts'
import { type HeadPose, headPoseOf } from './head-pose.ts'

export interface Frame {
  /** In pixels of the photo. */
  readonly landmarks: Landmarks
  readonly pose: HeadPose
  readonly chip: FaceChip
  readonly print: FacePrint
}

export function frameOf(image: RgbImage, landmarks: Landmarks, points: FacePoints): Frame {
  const chip = cutFaceChip(image, landmarks)
  return { landmarks, pose: headPoseOf({ landmarks, points }), chip, print: facePrintOf(chip) }
}
