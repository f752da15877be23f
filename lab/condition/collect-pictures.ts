/**
 * Pictures of faces as the gate sees them, of photos as they are and of the same made unfit in every way, reduced to features: what
 * the heads of src/face/condition learn from. Each goes through detector and landmarks, which a covered face moves too.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import type { Models } from '../../src/engine/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import { compress, readPicture, startCompressing } from '../datasets/picture-files.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { changePixels } from './change-pixels.ts'
import { drawPortrait } from './draw-portrait.ts'
import { seeFace } from './see-face.ts'
import {
  clearGlasses,
  coarsePixels,
  darkGlasses,
  type FaceOnPhoto,
  mask,
  nearLens,
  noise,
  posterize,
  shake,
} from './spoil-face.ts'

export interface Picture {
  readonly person: string
  readonly file: string
  readonly kind: PictureKind
  readonly features: Float32Array
}

type Make = (
  image: RgbImage,
  face: FaceOnPhoto,
  random: SeededRandom,
  models: Models,
) => RgbImage | Promise<RgbImage>

/** What is made of a photo; `asItIs` and `good` are fit to be compared. */
const makes = {
  good: makeGood,
  glasses: darkGlasses,
  mask,
  glassesAndMask: (image, face, random) => mask(darkGlasses(image, face, random), face, random),
  nearLens,
  noise,
  coarsePixels,
  compressed: (image, _, random, models) =>
    compress(image, Math.round(random.between(2, 7)), models.codecs),
  shake,
  posterize,
  portrait: (_, __, random) => drawPortrait(Math.round(random.between(160, 420)), random),
} as const satisfies Record<string, Make>

export type PictureKind = keyof typeof makes | 'asItIs'
export const pictureKinds = ['asItIs', ...Object.keys(makes)] as PictureKind[]

/** How often one photo is made into a kind, if more than once: what there is most of, and what is hardest to tell. */
const times: Partial<Record<PictureKind, number>> = { good: 3, mask: 3, nearLens: 3 }

/** @param spoilt of so many people one photo is made unfit in every way */
export async function collectPictures(
  photos: readonly PersonPhoto[],
  spoilt: number,
  seed: number,
): Promise<Picture[]> {
  await startCompressing()
  const models = await loadModels(await nodeAssets())
  const pictures: Picture[] = []
  const people = new SeededRandom(seed, 'people').shuffled([
    ...new Set(photos.map(({ person }) => person)),
  ])
  const toSpoil = new Set(people.slice(0, spoilt))
  const bar = progressBar('looking at faces')
  bar.start(photos.length)
  for (const { person, file } of photos) {
    bar.step()
    const image = await readPicture(file, models.codecs)
    const seen = seeFace(models, image)
    if (typeof seen === 'string') continue
    pictures.push({ person, file, kind: 'asItIs', features: seen.features })
    if (!toSpoil.delete(person)) continue
    for (const [kind, make] of Object.entries(makes) as [keyof typeof makes, Make][]) {
      for (let i = 0; i < (times[kind] ?? 1); i++) {
        const random = new SeededRandom(seed, file, kind, i)
        const made = seeFace(models, await make(image, seen, random, models))
        if (typeof made !== 'string') {
          pictures.push({ person, file, kind, features: made.features })
        }
      }
    }
  }
  bar.stop()
  return pictures
}

/** As good phones, cheap ones and messengers have it: smaller, sharper, paler, a little noisy, compressed. */
async function makeGood(
  image: RgbImage,
  face: FaceOnPhoto,
  random: SeededRandom,
  models: Models,
): Promise<RgbImage> {
  const is = (chance: number): boolean => random.next() < chance
  let made = is(0.15) ? clearGlasses(image, face, random) : image
  if (is(0.4)) made = scaled(made, random.between(0.35, 0.8))
  if (is(0.3)) {
    const gains = [0, 1, 2].map(() => random.between(0.65, 1.15))
    made = changePixels(made, (value, _x, _y, channel) => value * gains[channel]!)
  }
  if (is(0.3)) {
    const [gain, lift] = [random.between(0.3, 1.2), random.between(0, 60)]
    made = changePixels(made, (value) => value * gain + lift)
  }
  if (is(0.3)) {
    const strength = random.between(2, 8)
    made = changePixels(made, (value) => value + strength * random.normal())
  }
  if (is(0.4)) made = sharpened(made, random.between(0.3, 1))
  return is(0.6) ? compress(made, Math.round(random.between(15, 70)), models.codecs) : made
}

function scaled(image: RgbImage, factor: number): RgbImage {
  const [width, height] = [image.width, image.height].map((side) => Math.round(side * factor))
  const place = { a: 1 / factor, b: 0, x0: 0, y0: 0 }
  const data = Uint8Array.from(warp(image, place, width!, height), Math.round)
  return { width: width!, height: height!, data }
}

/** By what a pixel has more than its neighbours. */
function sharpened(image: RgbImage, strength: number): RgbImage {
  const { width, height, data } = image
  return changePixels(image, (value, x, y, channel) => {
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return value
    const at = (y * width + x) * 3 + channel
    const around =
      (data[at - 3]! + data[at + 3]! + data[at - 3 * width]! + data[at + 3 * width]!) / 4
    return value + strength * (value - around)
  })
}
