import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import { confirmFace, otherTurns } from '../../src/face/confirm-face.ts'
import { centreOf, leanOf } from '../../src/face/detect.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { wholePhoto } from '../../src/face/overview.ts'
import { type QuarterTurn, turnImage } from '../../src/image/turn.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { realModels } from '../support/networks/node-models.ts'
import { drawImage, sampleImage, samplePeople } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

let models: Models
beforeAll(async () => {
  models = await realModels()
})

describe('confirmFace', () => {
  it('takes a sure and upright face as it was seen, without another look', () => {
    const nowhere = drawImage(100, 100, () => [0, 0, 0])
    const face = faceAt(50, 50, 40, { score: 0.71, lean: 29 })
    expect(confirmFace(models.detector, () => wholePhoto(nowhere), face)).toBe(face)
    for (const doubtful of [{ score: 0.69 }, { score: 0.71, lean: 31 }]) {
      expect(
        confirmFace(models.detector, () => wholePhoto(nowhere), faceAt(50, 50, 40, doubtful)),
      ).toBeNull()
    }
  })

  it('takes one as it was seen where the photo before had one, the same way up', () => {
    const nowhere = drawImage(100, 100, () => [0, 0, 0])
    const confirm = (score: number, lean: number, x: number, rotation: QuarterTurn) => {
      const face = faceAt(50, 50, 40, { score, lean })
      const { box } = faceAt(x, 50, 40)
      return (
        confirmFace(models.detector, () => wholePhoto(nowhere), face, { box, rotation }) === face
      )
    }
    expect(confirm(0.5, 29, 50, 0)).toBe(true)
    expect(confirm(0.5, 89, 60, 270)).toBe(true)
    expect(confirm(0.49, 0, 50, 0)).toBe(false)
    expect(confirm(0.6, 31, 50, 0)).toBe(false)
    expect(confirm(0.6, 90, 50, 90)).toBe(false)
    expect(confirm(0.6, 0, 80, 0)).toBe(false)
  })

  it.each(samplePeople)(
    'finds out which way up %s is, whatever the first look took it for',
    async (person) => {
      const upright = await sampleImage(person)
      const image = turnImage({ ...upright, data: upright.data.slice() }, 180)
      const [known] = findFaces(models.detector, image)
      const [x, y] = centreOf(known!.box)
      for (const lean of [0, 180, 150]) {
        const seen = faceAt(x, y, known!.box.width, { score: 0.4, lean })
        const confirmed = confirmFace(models.detector, () => wholePhoto(image), seen)
        // A close look that began upside down may stop a third of the way before: the landmarks decide.
        expect(Math.abs(leanOf(confirmed!)), `${lean}`).toBeGreaterThan(120)
        expect(confirmed!.score).toBeGreaterThan(0.5)
      }
    },
  )

  it('finds no face in noise', () => {
    const random = seededRandom(5)
    const noise = drawImage(120, 120, () => [random() * 256, random() * 256, random() * 256])
    const confirmed = confirmFace(
      models.detector,
      () => wholePhoto(noise),
      faceAt(60, 60, 40, { score: 0.4 }),
    )
    expect(confirmed?.score ?? 0).toBeLessThan(0.5)
  })
})

describe('otherTurns', () => {
  it('gives only ways up that differ from the one at hand, likeliest first', async () => {
    const upright = await sampleImage('bea')
    const [found] = findFaces(models.detector, upright)
    const [x, y] = centreOf(found!.box)
    const wrong = faceAt(x, y, found!.box.width, { lean: 180 })
    const [likeliest, ...others] = otherTurns(models.detector, upright, wrong)
    expect(Math.abs(leanOf(likeliest!))).toBeLessThan(30)
    for (const other of others) expect(other.score).toBeLessThanOrEqual(likeliest!.score)
    for (const other of otherTurns(models.detector, upright, found!)) {
      expect(Math.abs(leanOf(other))).toBeGreaterThan(45)
    }
  })
})
