/** Coverings: by their seed, in the half of the face that they are for, and never alike twice. */
import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { drawImage } from '../../../test/support/photos/sample-photos.ts'
import {
  coverEyes,
  coverMouth,
  type EyeOutline,
  type LowerOutline,
} from '../../condition/cover-face.ts'
import { drape, drapes } from '../../condition/cover-otherwise.ts'
import { type WeaveName, weaves } from '../../condition/draw/cloth.ts'
import { eyeOutlines, lowerOutlines } from '../../condition/draw/outlines.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { landmarks } from './drawn-landmarks.ts'

const image = drawImage(120, 120, (x, y) => [(x * 7) % 256, (y * 11) % 256, (x * y) % 256])
/** The share of pixels around a place that changed. */
function changedAt({ data }: RgbImage, cx: number, cy: number): number {
  let changed = 0
  for (let y = cy - 2; y <= cy + 2; y++) {
    for (let x = cx - 2; x <= cx + 2; x++) {
      const i = (y * 120 + x) * 3
      if ([0, 1, 2].some((c) => data[i + c] !== image.data[i + c])) changed++
    }
  }
  return changed / 25
}

const seeds = [1, 2, 3, 4, 5]
const mouths = [
  ...(Object.keys(lowerOutlines) as LowerOutline[]).map((outline) => ({ outline })),
  ...(Object.keys(weaves) as WeaveName[]).map((weave) => ({ outline: 'mask' as const, weave })),
]
const eyes = (['glasses', 'tinted', 'glare', ...Object.keys(eyeOutlines)] as EyeOutline[]).map(
  (outline) => ({ outline }),
)

describe('a covered mouth', () => {
  it.each(mouths)('%o lies over the mouth and leaves the brows, by its seed', (covering) => {
    const made = seeds.map((seed) => coverMouth(image, landmarks, new SeededRandom(seed), covering))
    const again = coverMouth(image, landmarks, new SeededRandom(1), covering)
    expect(again.data).toEqual(made[0]!.data)
    expect(new Set(made.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(5)
    for (const one of made) {
      if (covering.outline !== 'hand') expect(changedAt(one, 60, 94)).toBeGreaterThan(0.5)
      if (covering.outline === 'mask') expect(changedAt(one, 40, 30)).toBe(0)
    }
  })
})

describe('covered eyes', () => {
  it.each(eyes)('%o lie under it and the mouth does not, by its seed', (covering) => {
    const made = seeds.map((seed) => coverEyes(image, landmarks, new SeededRandom(seed), covering))
    const again = coverEyes(image, landmarks, new SeededRandom(1), covering)
    expect(again.data).toEqual(made[0]!.data)
    for (const one of made) {
      if (covering.outline === 'hand') continue
      expect(changedAt(one, 60, 100)).toBe(0)
      const changed = [changedAt(one, 40, 45), changedAt(one, 80, 45)]
      // Hair may lie over one eye alone, and light upon a lens beside the pupil.
      if (covering.outline === 'glare') {
        expect(one.data).not.toEqual(image.data)
        continue
      }
      expect(Math.max(...changed)).toBeGreaterThan(0.5)
      if (covering.outline !== 'hair') expect(Math.min(...changed)).toBeGreaterThan(0.5)
    }
  })
})

describe('a face covered otherwise', () => {
  const all = Object.entries(drapes).flatMap(([kind, degrees]) =>
    Object.entries(degrees).map(([degree, layers]) => [`${kind}, ${degree}`, layers] as const),
  )
  it.each(all)('%s: where it is meant to be', (name, layers) => {
    const made = drape(image, { landmarks, width: 80 }, layers)
    const isOfEyes = /glasses/.test(name)
    expect(changedAt(made, 40, 45)).toBe(isOfEyes ? 1 : 0)
    expect(changedAt(made, 60, 90)).toBe(isOfEyes ? 0 : 1)
  })
})
