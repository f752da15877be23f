/** Face box -> the 68 points of the iBUG scheme (0-16 jaw, 17-26 brows, 27-35 nose, 36-47 eyes, 48-67 mouth). */
import type { RgbImage } from '../image/rgb-image.ts'
import { applySimilarity, type Point, type Similarity, warp } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { toNetworkInput } from '../network/picture.ts'
import { runNetwork } from '../network/run.ts'
import type { FaceBox } from './detect.ts'
import { faceLandmark68 } from './networks/face-landmark-68.ts'

/** 68 points in pixels of the photo. */
export type Landmarks = readonly Point[]

const size = faceLandmark68.input.size

/** Looks at the upright square around the box. */
export function locateLandmarks(network: Network, image: RgbImage, box: FaceBox): Landmarks {
  const side = Math.max(box.width, box.height)
  const square: Similarity = {
    a: side / size,
    b: 0,
    x0: box.x + box.width / 2 - side / 2,
    y0: box.y + box.height / 2 - side / 2,
  }
  return landmarksIn(network, image, square)
}

/** Looks at any square of the photo: `square` takes the pixels of the network's input to the photo. */
export function landmarksIn(network: Network, image: RgbImage, square: Similarity): Landmarks {
  const input = toNetworkInput(faceLandmark68, [warp(image, square, size)])
  const { values } = runNetwork(network, input, [1, size, size])
  return Array.from({ length: 68 }, (_, i) =>
    applySimilarity(square, [values[2 * i]! * size, values[2 * i + 1]! * size]),
  )
}
