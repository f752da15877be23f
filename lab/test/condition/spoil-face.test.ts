/** Faces made unfit: the same seed spoils alike, every kind changes the picture, and none its size. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import { drawImage } from '../../../test/support/photos/sample-photos.ts'
import { surroundings } from '../../condition/other-surroundings.ts'
import * as spoilFace from '../../condition/spoil-face.ts'
import { spoiltOtherwise } from '../../condition/spoil-otherwise.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'

const image = drawImage(60, 50, (x, y) => [(x * 7) % 256, (y * 11) % 256, (x * y) % 256])
/** Points about where those of a face of 30 pixels lie. */
let landmarks: Landmarks
beforeAll(() => {
  const jaw = Array.from({ length: 17 }, (_, i): [number, number] => {
    const angle = (i / 16) * Math.PI
    return [30 - 15 * Math.cos(angle), 22 + 18 * Math.sin(angle)]
  })
  const row = (count: number, x: number, y: number, wide: number, high: number) =>
    Array.from({ length: count }, (_, i): [number, number] => [
      x + (wide * i) / count,
      y + (high * i) / count,
    ])
  landmarks = [
    ...jaw,
    ...row(5, 18, 18, 9, 0),
    ...row(5, 33, 18, 9, 0),
    ...row(4, 30, 20, 0, 8),
    ...row(5, 27, 29, 6, 0),
    ...row(6, 20, 21, 6, 0),
    ...row(6, 34, 21, 6, 0),
    ...row(20, 24, 34, 12, 1),
  ]
})

const learned = Object.entries(spoilFace).map(([name, spoil]) => [name, spoil] as const)
const tried = Object.entries(spoiltOtherwise).flatMap(([kind, degrees]) =>
  Object.entries(degrees).map(([degree, spoil]) => [`${kind}, ${degree}`, spoil] as const),
)

describe('a face made unfit', () => {
  it.each(learned)('%s: by its seed', (name, spoil) => {
    const made = (seed: number) =>
      spoil(image, { landmarks, width: 30 }, new SeededRandom(seed, name))
    const first = made(1)
    expect([first.width, first.height]).toEqual([60, 50])
    expect(first.data).not.toEqual(image.data)
    expect(made(1)).toEqual(first)
  })

  it.each(tried)('%s, as it is tried: by its seed', (name, spoil) => {
    const made = () => spoil(image, { landmarks, width: 30 }, new SeededRandom(1, name))
    const first = made()
    expect([first.image.width, first.image.height]).toEqual([60, 50])
    if (first.quality === undefined) expect(first.image.data).not.toEqual(image.data)
    else expect(first.quality).toBeLessThan(10)
    expect(made()).toEqual(first)
  })
})

describe('a face in other surroundings', () => {
  it.each(Object.entries(surroundings))('%s: by its seed', (name, surround) => {
    const made = (seed: number) =>
      surround(image, { landmarks, width: 30 }, new SeededRandom(seed, name))
    const first = made(1)
    expect([first.width, first.height]).toEqual([60, 50])
    expect(made(1)).toEqual(first)
    expect(made(2)).not.toEqual(first)
  })

  it.each(['cloth', 'cutOut'] as const)('%s: nothing of the face is touched', (name) => {
    const made = surroundings[name](image, { landmarks, width: 30 }, new SeededRandom(1, name))
    const pixel = ({ data }: typeof image, x: number, y: number) => [
      ...data.subarray((y * 60 + x) * 3, (y * 60 + x) * 3 + 3),
    ]
    for (const [x, y] of landmarks.slice(27)) {
      const [column, row] = [Math.round(x), Math.round(y)]
      expect(pixel(made, column, row)).toEqual(pixel(image, column, row))
    }
    expect(made.data).not.toEqual(image.data)
  })
})
