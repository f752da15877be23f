import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/pipeline.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { requireSteadyLandmarks } from '../../src/face/gate.ts'
import { type Landmarks, locateLandmarks } from '../../src/face/landmarks.ts'
import { refineLandmarks } from '../../src/face/refine-landmarks.ts'
import { landmarkMove } from '../../src/face/steadiness.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/node-models.ts'
import { profileFile, readPhoto, sampleImage, samplePeople } from '../support/sample-photos.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

function looksAt(image: RgbImage): [Landmarks, Landmarks] {
  const { box } = findFaces(models.detector, image).faces[0]!
  const first = locateLandmarks(models.landmarks, image, box)
  return [first, refineLandmarks(models.landmarks, image, first)]
}

const require = (image: RgbImage, looks = looksAt(image)) =>
  requireSteadyLandmarks(landmarkMove(models.landmarks, image, looks))

describe('requireSteadyLandmarks', () => {
  it('takes each of the sample people', async () => {
    for (const person of samplePeople) {
      const image = await sampleImage(person)
      expect(() => require(image), person).not.toThrow()
    }
  })

  it('is face_turned_away for a face in profile', async () => {
    const profile = await decodePhoto(await readPhoto(profileFile), models.codecs)
    expect(() => require(profile)).toThrow(
      expect.objectContaining({
        code: 'face_turned_away',
        message:
          'Eyes, nose and mouth cannot be told apart: the face is turned to the side, or covered.',
      }),
    )
  })

  it('gives a face the benefit of a third look when the first one was badly framed', async () => {
    const image = await sampleImage('ada')
    const [first, second] = looksAt(image)
    const shifted = first.map(([x, y]) => [x + 60, y + 60] as const)
    expect(() => require(image, [shifted, second])).not.toThrow()
  })

  it('lets no landmarks pass that are no numbers', async () => {
    const image = await sampleImage('ada')
    const nowhere = looksAt(image)[0].map(() => [Number.NaN, Number.NaN] as const)
    expect(() => require(image, [nowhere, nowhere])).toThrow(
      expect.objectContaining({ code: 'face_turned_away' }),
    )
  })
})
