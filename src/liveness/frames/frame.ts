/** One photo of a sequence as liveness sees it: the pose of the head, its landmarks, its inner face and its print. Pure. */
import type { FacePoints } from '../../face/detect.ts'
import type { Landmarks } from '../../face/landmarks.ts'
import type { RgbImage } from '../../image/rgb-image.ts'
import { cutFaceChip, type FaceChip } from './face-chip.ts'
import { type FacePrint, facePrintOf } from './face-print.ts'
import { type HeadPose, headPoseOf } from './head-pose.ts'

export interface Frame {
  /** In pixels of the image that it was seen in. */
  readonly landmarks: Landmarks
  /** Its size is in pixels of the photo. */
  readonly pose: HeadPose
  readonly chip: FaceChip
  readonly print: FacePrint
}

/** @param scale pixels of the photo for one of the image, where that shows it smaller */
export function frameOf(
  image: RgbImage,
  landmarks: Landmarks,
  points: FacePoints,
  scale = 1,
): Frame {
  const chip = cutFaceChip(image, landmarks)
  const pose = headPoseOf({ landmarks, points })
  return {
    landmarks,
    pose: { ...pose, size: pose.size * scale },
    chip,
    print: facePrintOf(chip),
  }
}
