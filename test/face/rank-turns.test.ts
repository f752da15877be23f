import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/pipeline.ts'
import { rankTurns } from '../../src/face/rank-turns.ts'
import { type QuarterTurn, turnImage } from '../../src/image/turn.ts'
import { realModels } from '../support/node-models.ts'
import { drawImage, sampleImage, samplePeople, shrinkImage } from '../support/sample-photos.ts'

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]

let models: Models
beforeAll(async () => {
  models = await realModels()
})

describe('rankTurns', () => {
  it.each(samplePeople)('puts the turn first that sets %s upright', async (person) => {
    const upright = shrinkImage(await sampleImage(person), 2)
    for (const degrees of turns) {
      const [first] = rankTurns(models.detector, turnImage(upright, degrees))
      expect(first, `held at ${degrees} degrees`).toBe((360 - degrees) % 360)
    }
  })

  it('does so in a photo that is not square', async () => {
    const upright = await sampleImage('fay')
    const { width, height } = upright
    const data = upright.data.slice(0, width * 3 * Math.round(height * 0.9))
    const cut = { width, height: Math.round(height * 0.9), data }
    for (const degrees of turns) {
      const [first] = rankTurns(models.detector, turnImage(cut, degrees))
      expect(first, `held at ${degrees} degrees`).toBe((360 - degrees) % 360)
    }
  })

  it('ranks every turn once, upright first where nothing speaks for another', () => {
    const ranked = rankTurns(
      models.detector,
      drawImage(80, 60, () => [90, 90, 90]),
    )
    expect(ranked[0]).toBe(0)
    expect([...ranked].sort((a, b) => a - b)).toEqual(turns)
  })

  it('leaves the photo as it was', async () => {
    const image = shrinkImage(await sampleImage('bea'), 4)
    const before = image.data.slice()
    rankTurns(models.detector, image)
    expect(image.data).toEqual(before)
  })
})
