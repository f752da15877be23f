/**
 * Frames without photos: the mean head in a pose, `ahead`, `left`, `nearer` and so on, or the flat picture of one with `flat-left`; a
 * number behind it, as in `left/9`, gives other degrees. What the pixels show comes from the text, so that two texts give two pictures.
 */
import { SeededRandom } from '../../../lab/learning/seeded-random.ts'
import type { FacePoints } from '../../../src/face/detect.ts'
import { chipSide } from '../../../src/liveness/frames/face-chip.ts'
import { facePrintOf } from '../../../src/liveness/frames/face-print.ts'
import type { Frame } from '../../../src/liveness/frames/frame.ts'
import { headPoseOf } from '../../../src/liveness/frames/head-pose.ts'
import {
  meanFacePoints,
  meanHead,
  type SpacePoint,
} from '../../../src/liveness/frames/mean-head.ts'
import { seenFrom } from '../faces/seen-head.ts'

export function fakeFrame(text: string): Frame {
  const words = text.split(' ')
  const [name = 'ahead', degrees] = (words[4] ?? 'ahead').split('/')
  const isFlat = name.startsWith('flat-')
  const pose = isFlat ? name.slice(5) : name
  const turn = Number(degrees ?? 22)
  const yaw = pose === 'left' ? turn : pose === 'right' ? -turn : 0
  const pitch = pose === 'up' ? turn : pose === 'down' ? -turn : 0
  const size = pose === 'nearer' ? 140 : 100
  const look = (points: readonly SpacePoint[], flat: boolean) =>
    seenFrom(flat ? points.map(([x, y, z]) => [x, y, z * 0.1]) : points, yaw, pitch, 0, size)
  const random = new SeededRandom(1, text)
  const chip = Float32Array.from({ length: chipSide * chipSide }, () => random.normal())
  const posed = { landmarks: look(meanHead, false), points: look(meanFacePoints, false) }
  return {
    landmarks: look(meanHead, isFlat),
    pose: headPoseOf({ ...posed, points: posed.points as unknown as FacePoints }),
    chip,
    print: facePrintOf(chip),
  }
}
