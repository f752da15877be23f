/** What a search costs that finds nobody, in pixels that the detector sees: where nothing resembles a face, and where much does a little. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { drawBackground } from '../../lab/scenes/draw-background.ts'
import { backgrounds, type Scene } from '../../lab/scenes/scene.ts'
import type { Models } from '../../src/engine/models.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type * as Run from '../../src/network/run.ts'
import { realModels } from '../support/networks/node-models.ts'
import { drawImage, sampleImage } from '../support/photos/sample-photos.ts'

let seen = 0
vi.mock('../../src/network/run.ts', async (importOriginal) => {
  const actual = await importOriginal<typeof Run>()
  const runNetwork: typeof actual.runNetwork = (network, input, shape) => {
    const [batch, height, width] = shape
    seen += batch * height * width
    return actual.runNetwork(network, input, shape)
  }
  return { ...actual, runNetwork }
})

const [width, height] = [640, 480]
/** Of a first look, which nearly always is enough where there is a face. */
const pixelsOfFirstLook = 128 * 96

let models: Models
let ada: RgbImage
beforeAll(async () => {
  models = await realModels()
  ada = await sampleImage('ada')
})

function looksFor(photo: RgbImage): number {
  seen = 0
  expect(findFaces(models.detector, photo)).toEqual([])
  return seen / pixelsOfFirstLook
}

describe('a search that finds nobody', () => {
  it('asks the detector for next to nothing where nothing stands out', () => {
    expect(looksFor(drawImage(width, height, () => [150, 140, 130]))).toBeLessThan(8)
  })

  it.each(backgrounds)('costs at most 22 first looks: %s', (background) => {
    for (const seed of [1, 2, 3, 4]) {
      const random = new SeededRandom(seed, background)
      const photo = drawBackground({ width, height, background } as Scene, ada, random)
      expect(looksFor(photo), `${seed}`).toBeLessThan(22)
    }
  })
})
