import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import { alignFace } from '../../src/face/align.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { type Landmarks, locateLandmarks } from '../../src/face/landmarks.ts'
import { estimatePose, measureQuality, type Quality } from '../../src/face/quality.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { Point } from '../../src/image/similarity.ts'
import { warp } from '../../src/image/warp.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { realModels } from '../support/networks/node-models.ts'
import {
  drawImage,
  mirrorImage,
  pixelAt,
  sampleImage,
  samplePeople,
} from '../support/photos/sample-photos.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

function qualityOf(image: RgbImage): Quality {
  const face = mainFace(findFaces(models.detector, image), image)
  const landmarks = locateLandmarks(models.landmarks, image, face)
  return measureQuality(warp(image, alignFace(landmarks, 150, 0.25), 150), 150, landmarks, face)
}

/** Mean over squares of 2 * radius + 1 pixels. */
function blur(image: RgbImage, radius: number): RgbImage {
  const { width, height } = image
  const count = (2 * radius + 1) ** 2
  return drawImage(width, height, (x, y) => {
    const sums = [0, 0, 0]
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const column = Math.min(width - 1, Math.max(0, x + dx))
        const row = Math.min(height - 1, Math.max(0, y + dy))
        const pixel = pixelAt(image, column, row)
        for (let c = 0; c < 3; c++) sums[c]! += pixel[c]!
      }
    }
    return sums.map((sum) => sum / count)
  })
}

function scaleLight(image: RgbImage, factor: number): RgbImage {
  return { ...image, data: image.data.map((value) => Math.min(255, value * factor)) }
}

describe('measureQuality', () => {
  it.each(samplePeople)('is within its ranges for %s, who looks at the camera', async (person) => {
    const quality = qualityOf(await sampleImage(person))
    expect(quality.sharpness).toBeGreaterThan(0)
    expect(quality.sharpness).toBeLessThan(1)
    expect(quality.brightness).toBeGreaterThan(0.1)
    expect(quality.brightness).toBeLessThan(0.95)
    expect(quality.contrast).toBeGreaterThan(0.05)
    expect(quality.contrast).toBeLessThan(1)
    for (const angle of [quality.yaw, quality.pitch, quality.roll]) {
      expect(Math.abs(angle)).toBeLessThan(35)
    }
    expect(Number.isInteger(quality.faceSize)).toBe(true)
    expect(quality.faceSize).toBeGreaterThan(100)
  })

  it('a darker photo has a lower brightness, in proportion', async () => {
    const image = await sampleImage('dora')
    const full = qualityOf(image)
    const half = qualityOf(scaleLight(image, 0.5))
    expect(half.brightness).toBeLessThan(full.brightness)
    expect(half.brightness).toBeCloseTo(full.brightness / 2, 1)
  })

  it('a blurred photo has a lower sharpness, the more the lower', async () => {
    const image = await sampleImage('eve')
    const [sharp, soft, softer] = [image, blur(image, 5), blur(image, 8)].map(
      (photo) => qualityOf(photo).sharpness,
    )
    expect(soft!).toBeLessThan(sharp! * 0.8)
    expect(softer!).toBeLessThan(soft! * 0.8)
  })

  it('the mirror image looks and leans the other way, and up or down as before', async () => {
    for (const person of samplePeople) {
      const image = await sampleImage(person)
      const quality = qualityOf(image)
      const mirrored = qualityOf(mirrorImage(image))
      // Good to about ten degrees: below that the sign is chance.
      expect(Math.abs(quality.yaw + mirrored.yaw)).toBeLessThan(10)
      expect(Math.abs(quality.roll + mirrored.roll)).toBeLessThan(10)
      expect(Math.abs(quality.pitch - mirrored.pitch)).toBeLessThan(10)
      if (Math.abs(quality.yaw) > 10) expect(mirrored.yaw * quality.yaw).toBeLessThan(0)
      if (Math.abs(quality.roll) > 10) expect(mirrored.roll * quality.roll).toBeLessThan(0)
    }
  })

  it('tells the roll that is left once the photo was turned', () => {
    const chip = new Float32Array(40 * 40 * 3)
    for (const lean of [-40, 10, 100, 170, -80]) {
      const angle = (lean * Math.PI) / 180
      const landmarks = frontal().map(
        ([x, y]): Point => [
          x * Math.cos(angle) - y * Math.sin(angle),
          x * Math.sin(angle) + y * Math.cos(angle),
        ],
      )
      const { roll } = measureQuality(chip, 40, landmarks, faceAt(0, 0, 10, { lean }))
      expect(roll, `${lean}`).toBeCloseTo(lean - 90 * Math.round(lean / 90), 4)
    }
  })

  it('takes brightness and sharpness from the middle, where the face is', () => {
    const size = 40
    const chip = (inner: number, outer: number): Float32Array => {
      const image = drawImage(size, size, (x, y) => {
        const inside = [x, y].every((place) => place >= 9 && place < 31)
        return new Array<number>(3).fill(inside ? inner : outer)
      })
      return Float32Array.from(image.data)
    }
    const landmarks = frontal()
    const face = faceAt(50, 50, 34.6)
    const quality = measureQuality(chip(51, 255), size, landmarks, face)
    expect(quality.brightness).toBeCloseTo(51 / 255, 5)
    expect(quality.sharpness).toBe(0)
    expect(quality.faceSize).toBe(35)
    expect(measureQuality(chip(255, 0), size, landmarks, face).brightness).toBeCloseTo(1, 5)
  })

  it('a plain square has no contrast, black and white stripes have about 1', () => {
    const size = 40
    const chip = (luma: (column: number) => number): Float32Array =>
      Float32Array.from(drawImage(size, size, (x) => new Array<number>(3).fill(luma(x))).data)
    const contrastOf = (luma: (column: number) => number): number =>
      measureQuality(chip(luma), size, frontal(), faceAt(1, 1, 1)).contrast
    for (const plain of [0, 77, 128, 255]) expect(contrastOf(() => plain)).toBeCloseTo(0, 2)
    expect(contrastOf((x) => (x % 2) * 255)).toBeCloseTo(1, 3)
    expect(contrastOf((x) => 100 + (x % 2) * 51)).toBeCloseTo(0.2, 3)
    // Only the middle counts, where the face is.
    expect(contrastOf((x) => (x >= 10 && x < 30 ? 90 : 255))).toBeCloseTo(0, 2)
  })

  it('does not take a dark or pale photo for a blurred one', async () => {
    const image = await sampleImage('cleo')
    const { sharpness } = qualityOf(image)
    const pale = { ...image, data: image.data.map((value) => 110 + (value - 110) * 0.4) }
    expect(qualityOf(scaleLight(image, 0.4)).sharpness).toBeCloseTo(sharpness, 1)
    expect(qualityOf(pale).sharpness).toBeCloseTo(sharpness, 1)
  })
})

/** Eyes 100 apart, the nose between them, the mouth 100 below. */
function frontal(change: (point: Point, index: number) => Point = (point) => point): Landmarks {
  return Array.from({ length: 68 }, (_, i): Point => {
    if (i >= 36 && i < 42) return [100, 100]
    if (i >= 42 && i < 48) return [200, 100]
    if (i === 30) return [150, 162]
    return [150, 200]
  }).map(change)
}

describe('estimatePose', () => {
  const turned = (degrees: number): Landmarks =>
    frontal(([x, y]) => {
      const angle = (degrees * Math.PI) / 180
      return [
        150 + (x - 150) * Math.cos(angle) - (y - 150) * Math.sin(angle),
        150 + (x - 150) * Math.sin(angle) + (y - 150) * Math.cos(angle),
      ]
    })
  const withNose = (x: number, y: number): Landmarks =>
    frontal((point, i) => (i === 30 ? [x, y] : point))

  it('is all zero for a face that looks straight ahead', () => {
    for (const angle of Object.values(estimatePose(frontal()))) expect(angle).toBeCloseTo(0, 6)
  })

  it('roll is positive clockwise, and takes nothing from yaw and pitch', () => {
    for (const degrees of [-40, -5, 12, 33]) {
      const pose = estimatePose(turned(degrees))
      expect(pose.roll).toBeCloseTo(degrees, 6)
      expect(pose.yaw).toBeCloseTo(0, 6)
      expect(pose.pitch).toBeCloseTo(0, 6)
    }
  })

  it('yaw is positive when the nose points to the right of the picture, the person to their left', () => {
    expect(estimatePose(withNose(170, 162)).yaw).toBeCloseTo(19.98, 1)
    expect(estimatePose(withNose(130, 162)).yaw).toBeCloseTo(-19.98, 1)
  })

  it('pitch is positive when the nose is nearer to the eyes', () => {
    expect(estimatePose(withNose(150, 150)).pitch).toBeGreaterThan(5)
    expect(estimatePose(withNose(150, 175)).pitch).toBeLessThan(-5)
  })
})
