/**
 * Whether the landmarks of a face can be told at all. In profile, or where there is no face, the network sees the points
 * elsewhere each time it looks; no pose estimated from them means anything, and neither does an encoding. Faces of LFW move
 * by 0.037 of the distance between the eyes from the first look to the second (median; 0.11 at the 99th percentile) and by at
 * most 0.11 from the second to the third; a face in full profile by 0.23 to 2.6, and by 0.4 to 11.
 */
import { FaceError } from '../errors.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import type { Network } from '../network/load.ts'
import type { Landmarks } from './landmarks.ts'
import { refineLandmarks } from './refine-landmarks.ts'

/** Shares of the distance between the eyes: a second look that moves the points by more is doubted, a third one decides. */
const doubtfulMove = 0.15
const unsteadyMove = 0.3
/** The points before are the jaw: an outline of which only the ends have a place of their own. */
const firstInnerPoint = 17

/**
 * @param looks the first look at the landmarks, and the second, by which the face is aligned
 * @throws FaceError face_turned_away
 */
export function requireSteadyLandmarks(
  network: Network,
  image: RgbImage,
  [first, second]: readonly [Landmarks, Landmarks],
): void {
  if (moved(first, second) <= doubtfulMove) return
  if (moved(second, refineLandmarks(network, image, second)) <= unsteadyMove) return
  throw new FaceError(
    'face_turned_away',
    'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
  )
}

/** Mean distance that the points moved, as a share of the distance between the eyes afterwards. */
function moved(before: Landmarks, after: Landmarks): number {
  const [rightEye, leftEye] = [after[36]!, after[45]!]
  const inner = after.slice(firstInnerPoint)
  const sum = inner.reduce((total, [x, y], i) => {
    const [beforeX, beforeY] = before[firstInnerPoint + i]!
    return total + Math.hypot(x - beforeX, y - beforeY)
  }, 0)
  return sum / inner.length / Math.hypot(leftEye[0] - rightEye[0], leftEye[1] - rightEye[1])
}
