/** A found face -> the 68 points of the iBUG scheme (0-16 jaw, 17-26 brows, 27-35 nose, 36-47 eyes, 48-67 mouth). */
import { releasePixels } from '../image/release-image.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { applySimilarity, fitSimilarity, type Point, type Similarity } from '../image/similarity.ts'
import { warp } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { runOnSquares } from '../network/run.ts'
import type { FoundFace } from './detect.ts'
import { faceLandmark68 } from './networks/face-landmark-68.ts'

/** 68 points in pixels of the photo. */
export type Landmarks = readonly Point[]

const size = faceLandmark68.input.size

/**
 * Where the detector's eyes, nose and mouth lie in the look, as shares of its side: medians over 300 LFW faces, each seen so that its
 * landmarks lie on dlib's mean face with a fifth of its size around. They scatter by 0.015 to 0.036.
 */
const pointsInLook: readonly Point[] = [
  [0.307, 0.307],
  [0.703, 0.313],
  [0.499, 0.54],
  [0.501, 0.729],
]

/** Looks at the face upright and framed alike for every photo, by the detector's points. */
export function locateLandmarks(
  network: Network,
  image: RgbImage,
  face: Pick<FoundFace, 'points'>,
): Landmarks {
  return landmarksIn(network, image, squareAround(face, size))
}

/** The square of the photo in which the face stands upright, by the detector's points, that becomes one of `side` pixels. */
export function squareAround({ points }: Pick<FoundFace, 'points'>, side: number): Similarity {
  const inSquare = pointsInLook.map(([u, v]): Point => [u * side, v * side])
  return fitSimilarity(inSquare, points.slice(0, inSquare.length))
}

/** Looks at any square of the photo: `square` takes the pixels of the network's input to the photo. */
export function landmarksIn(network: Network, image: RgbImage, square: Similarity): Landmarks {
  const pixels = warp(image, square, size)
  const { values } = runOnSquares(network, [pixels], [size, size])
  releasePixels(pixels)
  return Array.from({ length: 68 }, (_, i) =>
    applySimilarity(square, [values[2 * i]! * size, values[2 * i + 1]! * size]),
  )
}
