import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import type { FaceBox, FacePoints, FoundFace } from '../../src/face/detect.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { landmarksIn, locateLandmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { Point } from '../../src/image/similarity.ts'
import { realModels } from '../support/networks/node-models.ts'
import { mirrorImage, sampleImage, samplePeople } from '../support/photos/sample-photos.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

async function locate(
  image: RgbImage,
): Promise<{ face: FoundFace; box: FaceBox; landmarks: readonly Point[] }> {
  const face = findFaces(models.detector, image)[0]!
  return { face, box: face.box, landmarks: locateLandmarks(models.landmarks, image, face) }
}

function centre(points: readonly Point[]): Point {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  return [mean(0), mean(1)]
}

describe('locateLandmarks', () => {
  it.each(samplePeople)('gives 68 points where they belong in the face of %s', async (person) => {
    const { box, landmarks } = await locate(await sampleImage(person))
    expect(landmarks).toHaveLength(68)
    for (const [x, y] of landmarks) {
      // The jaw may reach a little out of the box.
      expect(x).toBeGreaterThan(box.x - box.width * 0.25)
      expect(x).toBeLessThan(box.x + box.width * 1.25)
      expect(y).toBeGreaterThan(box.y - box.height * 0.25)
      expect(y).toBeLessThan(box.y + box.height * 1.25)
    }
    const rightEye = centre(landmarks.slice(36, 42))
    const leftEye = centre(landmarks.slice(42, 48))
    const brows = centre(landmarks.slice(17, 27))
    const mouth = centre(landmarks.slice(48, 68))
    const [noseX, noseY] = landmarks[30]!
    const chin = landmarks[8]!
    expect(leftEye[0] - rightEye[0]).toBeGreaterThan(box.width * 0.25)
    expect(brows[1]).toBeLessThan(Math.min(leftEye[1], rightEye[1]))
    expect(noseX).toBeGreaterThan(rightEye[0])
    expect(noseX).toBeLessThan(leftEye[0])
    expect(noseY).toBeGreaterThan(Math.max(leftEye[1], rightEye[1]))
    expect(mouth[1]).toBeGreaterThan(noseY)
    expect(chin[1]).toBeGreaterThan(mouth[1])
    // The jaw goes from one ear to the other.
    expect(landmarks[0]![0]).toBeLessThan(rightEye[0])
    expect(landmarks[16]![0]).toBeGreaterThan(leftEye[0])
  })

  it('finds the same points in the mirror image, right and left exchanged', async () => {
    const image = await sampleImage('bea')
    const { face, box, landmarks } = await locate(image)
    const [right, left, nose, mouth, rightEar, leftEar] = face.points.map(
      ([x, y]): Point => [image.width - x, y],
    ) as unknown as FacePoints
    const points: FacePoints = [left, right, nose, mouth, leftEar, rightEar]
    const mirrored = locateLandmarks(models.landmarks, mirrorImage(image), { points })
    // Outer corner of the right eye, tip of the nose, corners of the mouth, chin.
    const pairs = [
      [36, 45],
      [30, 30],
      [48, 54],
      [8, 8],
    ] as const
    for (const [point, counterpart] of pairs) {
      const [x, y] = mirrored[counterpart]!
      const [wantedX, wantedY] = landmarks[point]!
      expect(Math.abs(image.width - x - wantedX)).toBeLessThan(box.width * 0.08)
      expect(Math.abs(y - wantedY)).toBeLessThan(box.width * 0.08)
    }
  })
})

describe('landmarksIn', () => {
  it('looks at a tilted square with the same eyes', async () => {
    const image = await sampleImage('cleo')
    const { box, landmarks } = await locate(image)
    const side = Math.max(box.width, box.height)
    const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
    const angle = 0.15
    const scale = side / 112
    const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)]
    const square = { a, b, x0: cx - (a - b) * 56, y0: cy - (b + a) * 56 }
    const tilted = landmarksIn(models.landmarks, image, square)
    for (const point of [30, 36, 45, 48, 54]) {
      const [x, y] = tilted[point]!
      expect(Math.hypot(x - landmarks[point]![0], y - landmarks[point]![1])).toBeLessThan(
        side * 0.1,
      )
    }
  })
})
