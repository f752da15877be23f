import { describe, expect, it } from 'vitest'
import { imageKernelFile } from '../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import { averageDown, type Region, startAverages } from '../../src/image/average-down.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { drawImage, pixelAt } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom(4)
const photo = drawImage(61, 47, () => [random() * 256, random() * 256, random() * 256])
const white = drawImage(300, 300, () => [255, 255, 255])
const tall = drawImage(64, 903, () => [random() * 256, random() * 256, random() * 256])
const cases: { region: Region; factor: number; photo?: RgbImage }[] = [
  { region: { x: 0, y: 0, width: 61, height: 47 }, factor: 2 },
  { region: { x: 3, y: 5, width: 40, height: 40 }, factor: 3 },
  { region: { x: 60, y: 46, width: 1, height: 1 }, factor: 7 },
  { region: { x: 1, y: 0, width: 59, height: 2 }, factor: 16 },
  { region: { x: 0, y: 0, width: 61, height: 47 }, factor: 300 },
  // Of more than one piece.
  { region: { x: 1, y: 0, width: 61, height: 901 }, factor: 4, photo: tall },
]

// In this order: once the module runs, it stays.
describe('averageDown', () => {
  const means = cases.map(({ region, factor, photo: of = photo }) =>
    averageDown(of, region, factor),
  )

  it('gives the mean of each block, smaller ones at the edges', () => {
    const { width, height, data } = means[0]!
    expect([width, height]).toEqual([31, 24])
    const block = [pixelAt(photo, 60, 44)[0]!, pixelAt(photo, 60, 45)[0]!]
    expect(data[(22 * 31 + 30) * 3]).toBe(Math.round((block[0]! + block[1]!) / 2))
  })

  it('gives the same bytes in WebAssembly', async () => {
    startAverages(await compileWasm(imageKernelFile))
    for (const [i, { region, factor, photo: of = photo }] of cases.entries()) {
      expect(averageDown(of, region, factor)).toEqual(means[i])
    }
  })

  it('does not overflow where everything is white', () => {
    for (const factor of [256, 257, 258]) {
      const { data } = averageDown(white, { x: 0, y: 0, width: 300, height: 300 }, factor)
      expect(new Set(data)).toEqual(new Set([255]))
    }
  })
})
