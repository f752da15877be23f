/**
 * A face covered by a seed: what lies over the lower half (draw/outlines.ts) or over the eyes (draw/glasses.ts too), in every cloth there is
 * (draw/cloth.ts). What is drawn at random is not learned.
 */
import type { Landmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { Point } from '../../src/image/similarity.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { type Colour, colourOf, paint } from './draw/change-pixels.ts'
import { type Cloth, draped, type WeaveName, weaves } from './draw/cloth.ts'
import { measureOf } from './draw/face-measure.ts'
import { colouredGlasses, glaringGlasses } from './draw/glasses.ts'
import { eyeOutlines, lowerOutlines, type Outline } from './draw/outlines.ts'

export type LowerOutline = keyof typeof lowerOutlines
export type EyeOutline = keyof typeof eyeOutlines | 'glasses' | 'tinted' | 'glare'

/** Whatever is not given is drawn at random. */
export interface Covering<Name> {
  readonly outline?: Name
  readonly weave?: WeaveName
}

export function coverMouth(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  { outline, weave }: Covering<LowerOutline> = {},
): RgbImage {
  const is = outline ?? oneOf(random, ['mask', 'mask', 'mask', 'patch', 'scarf', 'hand'] as const)
  const cloth = weave ?? oneOf(random, is === 'hand' ? handWeaves : weaveNames)
  return lay(image, landmarks, random, lowerOutlines[is], weaves[cloth])
}

export function coverEyes(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  { outline, weave }: Covering<EyeOutline> = {},
): RgbImage {
  const is = outline ?? oneOf(random, ['glasses', 'glasses', 'band', 'brim', 'hand'] as const)
  if (is === 'glare') return glaringGlasses(image, landmarks, random)
  if (is === 'glasses' || is === 'tinted') return colouredGlasses(image, landmarks, random, is)
  const cloth = weave ?? oneOf(random, is === 'hand' ? handWeaves : weaveNames)
  return lay(image, landmarks, random, eyeOutlines[is], weaves[cloth])
}

const weaveNames = Object.keys(weaves) as WeaveName[]
const handWeaves = ['skin', 'skin', 'plain'] as const

function oneOf<T>(random: SeededRandom, choices: readonly T[]): T {
  return choices[random.below(choices.length)]!
}

function lay(
  image: RgbImage,
  landmarks: Landmarks,
  random: SeededRandom,
  outline: Outline,
  weave: (typeof weaves)[WeaveName],
): RgbImage {
  const { toFace, points } = measureOf(landmarks)
  const covers = outline(random, points)
  const cloth: Cloth = draped(weave(random, skinOf(image, landmarks)), random)
  return paint(image, (at) => {
    const point = toFace(at)
    return covers(point) ? cloth(...point) : null
  })
}

/** The usual colour between eyes and mouth. */
function skinOf({ width, height, data }: RgbImage, landmarks: Landmarks): Colour {
  const places = [1, 2, 14, 15].flatMap((jaw) =>
    [0.3, 0.5, 0.7].map((share): Point => {
      const [x, y] = landmarks[jaw]!
      const [nx, ny] = landmarks[30]!
      return [x + (nx - x) * share, y + (ny - y) * share]
    }),
  )
  return colourOf((channel) => {
    const values = places.map(([x, y]) => {
      const column = Math.max(0, Math.min(width - 1, Math.round(x)))
      const row = Math.max(0, Math.min(height - 1, Math.round(y)))
      return data[(row * width + column) * 3 + channel]!
    })
    return values.reduce((sum, value) => sum + value, 0) / values.length
  })
}
