/** What a search costs, in pixels that the detector sees: where nothing resembles a face, where much does a little, and where all is faces. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { drawBackground } from '../../lab/scenes/draw-background.ts'
import { backgrounds, type Scene } from '../../lab/scenes/scene.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { isInColouredLight } from '../../src/image/coloured-light.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type * as Run from '../../src/network/run.ts'
import { realModels } from '../support/networks/node-models.ts'
import {
  drawImage,
  type PlacedImage,
  placeImages,
  sampleImage,
  shrinkImage,
} from '../support/photos/sample-photos.ts'

let seen = 0
vi.mock('../../src/network/run.ts', async (importOriginal) => {
  const actual = await importOriginal<typeof Run>()
  const runOnSquares: typeof actual.runOnSquares = (network, squares, sides) => {
    seen += squares.length * sides[0] * sides[1]
    return actual.runOnSquares(network, squares, sides)
  }
  return { ...actual, runOnSquares }
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

  it.each(backgrounds)(
    'costs at most 22 in green light, where it looks without the colour: %s',
    (background) => {
      for (const seed of [1, 2, 3, 4]) {
        const random = new SeededRandom(seed, background)
        const photo = drawBackground({ width, height, background } as Scene, ada, random)
        const data = photo.data.map((value, i) => (i % 3 === 1 ? value : value * 0.25))
        const inGreen = { ...photo, data }
        expect(isInColouredLight(inGreen), `${seed}`).toBe(true)
        const looks = looksFor(inGreen)
        expect(looks, `${seed}`).toBeGreaterThan(0)
        expect(looks, `${seed}`).toBeLessThan(22)
      }
    },
  )

  it.each(backgrounds)('costs at most 22 first looks: %s', (background) => {
    for (const seed of [1, 2, 3, 4]) {
      const random = new SeededRandom(seed, background)
      const photo = drawBackground({ width, height, background } as Scene, ada, random)
      const looks = looksFor(photo)
      expect(looks, `${seed}`).toBeGreaterThan(0)
      expect(looks, `${seed}`).toBeLessThan(22)
    }
  })
})

describe('a search in a crowd', () => {
  /** Equal faces in rows and columns. */
  function crowdOf(person: RgbImage, columns: number, rows: number): PlacedImage[] {
    return Array.from({ length: columns * rows }, (_, i) => ({
      image: person,
      x: (i % columns) * person.width,
      y: Math.floor(i / columns) * person.height,
    }))
  }

  it.each([
    ['main', 30, 40],
    ['all', 60, 50],
  ] as const)('for %s gives fewer than %i of its 140 faces', (wanted, mostFaces, mostLooks) => {
    const small = shrinkImage(ada, 3)
    const crowd = placeImages(14 * small.width, 10 * small.height, crowdOf(small, 14, 10))
    seen = 0
    const faces = findFaces(models.detector, crowd, wanted)
    expect(faces.length).toBeGreaterThan(1)
    expect(faces.length).toBeLessThan(mostFaces)
    expect(seen).toBeGreaterThan(0)
    expect(seen / pixelsOfFirstLook).toBeLessThan(mostLooks)
  })

  it('finds whoever stands out of it', () => {
    const small = shrinkImage(ada, 4)
    const [width, height] = [14 * small.width, 10 * small.height]
    const [x, y] = [(width - ada.width) / 2, (height - ada.height) / 2].map(Math.floor)
    const placed = [...crowdOf(small, 14, 10), { image: ada, x: x!, y: y! }]
    const photo = placeImages(width, height, placed)
    const { box } = mainFace(findFaces(models.detector, photo), photo)
    const middle = [box.x + box.width / 2, box.y + box.height / 2]
    expect(middle[0]).toBeGreaterThan(x!)
    expect(middle[0]).toBeLessThan(x! + ada.width)
    expect(box.width).toBeGreaterThan(small.width)
  })
})
