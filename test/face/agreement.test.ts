import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import { disagreement } from '../../src/face/agreement.ts'
import { centreOf, type FoundFace } from '../../src/face/detect.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { realModels } from '../support/networks/node-models.ts'
import {
  profileFile,
  readPhoto,
  sampleImage,
  samplePeople,
} from '../support/photos/sample-photos.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

const disagreementAt = (image: RgbImage, face: FoundFace): number =>
  disagreement(locateLandmarks(models.landmarks, image, face), face)

describe('disagreement', () => {
  it.each(samplePeople)('is small for %s, and large with the face on its head', async (person) => {
    const image = await sampleImage(person)
    const [face] = findFaces(models.detector, image)
    expect(disagreementAt(image, face!)).toBeLessThan(0.15)
    const [x, y] = centreOf(face!.box)
    const onItsHead = faceAt(x, y, face!.box.width, { lean: 180 })
    expect(disagreementAt(image, onItsHead)).toBeGreaterThan(0.25)
  })

  it('is large for a face in profile, if one is found at all', async () => {
    const image = await decodePhoto(await readPhoto(profileFile), models.codecs)
    for (const face of findFaces(models.detector, image)) {
      expect(disagreementAt(image, face)).toBeGreaterThan(0.25)
    }
  })

  it('is NaN for landmarks that are no numbers, which no rule lets pass', async () => {
    const face = faceAt(50, 50, 40)
    const nowhere = Array.from({ length: 68 }, () => [Number.NaN, Number.NaN] as const)
    expect(disagreement(nowhere, face)).toBeNaN()
  })
})
