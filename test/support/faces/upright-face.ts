/** A found face without a photo: a square box and points as they lie in an upright face, for tests of what is done with them. */
import type { FacePoints, FoundFace } from '../../../src/face/detect.ts'
import type { Point } from '../../../src/image/similarity.ts'

/** Shares of the box, from its middle. */
const points: readonly Point[] = [
  [-0.2, -0.2],
  [0.2, -0.2],
  [0, 0.05],
  [0, 0.25],
  [-0.45, -0.1],
  [0.45, -0.1],
]

/** @param lean degrees clockwise */
export function faceAt(
  centreX: number,
  centreY: number,
  side: number,
  { score = 0.9, lean = 0 }: { score?: number; lean?: number } = {},
): FoundFace {
  const [cos, sin] = [Math.cos((lean * Math.PI) / 180), Math.sin((lean * Math.PI) / 180)]
  return {
    box: { x: centreX - side / 2, y: centreY - side / 2, width: side, height: side },
    score,
    points: points.map(
      ([x, y]): Point => [
        centreX + side * (x * cos - y * sin),
        centreY + side * (x * sin + y * cos),
      ],
    ) as unknown as FacePoints,
  }
}
