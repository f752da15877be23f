/** Paint and masks: all over the face, nowhere else, by their seed, and never alike twice; named ones too. What is ordinary leaves the face. */
import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { drawImage } from '../../../test/support/photos/sample-photos.ts'
import { drape } from '../../condition/cover-otherwise.ts'
import { onStage, ordinaryEyes } from '../../condition/ordinary-eyes.ts'
import { inLight, wear } from '../../condition/ordinary-face.ts'
import { coat, party, pattern } from '../../condition/paint-face.ts'
import { paints } from '../../condition/spoilt/paint-otherwise.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { landmarks } from './drawn-landmarks.ts'

const side = 120
const image = drawImage(side, side, () => [150, 110, 90])
const face = { landmarks, width: 80 }

/** The share of the pixels of a part of the picture that changed. */
function changedIn({ data }: RgbImage, [x0, x1]: [number, number], [y0, y1]: [number, number]) {
  let changed = 0
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const i = (y * side + x) * 3
      if ([0, 1, 2].some((c) => data[i + c] !== image.data[i + c])) changed++
    }
  }
  return changed / ((x1 - x0) * (y1 - y0))
}
const onFace = (made: RgbImage): number => changedIn(made, [38, 82], [20, 85])
const besideIt = (made: RgbImage): number => changedIn(made, [0, 12], [0, side])

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

describe('a painted face', () => {
  it.each([
    ['a coat', coat],
    ['a pattern', pattern],
    ['a party mask', party],
  ] as const)('has %s on much of it and nothing beside it, by its seed', (name, make) => {
    const made = seeds.map((seed) => make(image, face, new SeededRandom(seed, name)))
    for (const [i, one] of made.entries()) {
      expect(onFace(one), `${seeds[i]}`).toBeGreaterThan(0.1)
      expect(besideIt(one), `${seeds[i]}`).toBe(0)
      expect(make(image, face, new SeededRandom(seeds[i]!, name)).data).toEqual(one.data)
    }
    expect(new Set(made.map(({ data }) => data.join())).size).toBe(seeds.length)
    expect(made.map(onFace).toSorted((a, b) => a - b)[seeds.length / 2]).toBeGreaterThan(0.5)
  })

  const named = Object.entries(paints).flatMap(([kind, degrees]) =>
    Object.entries(degrees).map(([degree, layers]) => [`${kind}: ${degree}`, layers] as const),
  )
  it.each(named)('as %s is painted on it, and hardly beside it', (_, layers) => {
    const made = drape(image, face, layers)
    expect(onFace(made)).toBeGreaterThan(0.03)
    expect(besideIt(made)).toBeLessThan(0.02)
  })
})

describe('an ordinary face', () => {
  it.each([
    ['what it wears', wear],
    ['its light', inLight],
    ['the light of a stage', onStage],
  ] as const)('has %s by its seed, and never alike twice', (name, make) => {
    const made = seeds.map((seed) => make(image, face, new SeededRandom(seed, name)))
    for (const [i, one] of made.entries()) {
      expect(make(image, face, new SeededRandom(seeds[i]!, name)).data).toEqual(one.data)
    }
    expect(new Set(made.map(({ data }) => data.join())).size).toBe(seeds.length)
  })

  it('keeps most of its skin whatever it wears', () => {
    for (let seed = 0; seed < 40; seed++) {
      const made = wear(image, face, new SeededRandom(seed, 'wear'))
      expect(onFace(made), `${seed}`).toBeLessThan(0.75)
    }
  })

  it('keeps all below the eyes whatever is drawn of them, but a strap, blur and shade', () => {
    const eyed = drawImage(side, side, (x, y) => [(x * 7) % 256, (y * 11) % 256, (x * y) % 256])
    const changes = seeds.map((seed) => {
      const made = ordinaryEyes(eyed, face, new SeededRandom(seed, 'eyes'))
      expect(ordinaryEyes(eyed, face, new SeededRandom(seed, 'eyes')).data).toEqual(made.data)
      expect(made.data).not.toEqual(eyed.data)
      return made.data
        .slice(85 * side * 3)
        .some((value, i) => value !== eyed.data[85 * side * 3 + i])
    })
    expect(changes.filter((isChanged) => isChanged).length).toBeLessThan(seeds.length / 2)
  })

  it('keeps some of its light', () => {
    const lightOf = ({ data }: RgbImage): number => data.reduce((sum, value) => sum + value, 0)
    for (let seed = 0; seed < 40; seed++) {
      const made = inLight(image, face, new SeededRandom(seed, 'light'))
      expect(lightOf(made), `${seed}`).toBeGreaterThan(lightOf(image) * 0.08)
    }
  })
})
