/**
 * Whether the landmarks of a face can be told at all. In profile, or where there is no face, the network sees the points
 * elsewhere each time it looks; no pose estimated from them means anything, and neither does an encoding. Faces of LFW move
 * by 0.037 of the distance between the eyes from the first look to the second (median; 0.11 at the 99th percentile) and by at
 * most 0.11 from the second to the third; a face in full profile by 0.23 to 2.6, and by 0.4 to 11.
 */
import type { RgbImage } from '../image/rgb-image.ts'
import type { Network } from '../network/load.ts'
import type { Landmarks } from './landmarks.ts'
import { refineLandmarks } from './refine-landmarks.ts'

/** Share of the distance between the eyes: a second look that moves the points by more is doubted, and a third one decides. */
const doubtfulMove = 0.15
/** The points before are the jaw: an outline of which only the ends have a place of their own. */
const firstInnerPoint = 17

/**
 * How far the points moved at the look that decides, as a share of the distance between the eyes; NaN when they are no numbers.
 *
 * @param looks the first look at the landmarks, and the second, by which the face is aligned
 */
export function landmarkMove(
  network: Network,
  image: RgbImage,
  [first, second]: readonly [Landmarks, Landmarks],
): number {
  const move = moved(first, second)
  return move <= doubtfulMove ? move : moved(second, refineLandmarks(network, image, second))
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
