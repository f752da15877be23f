/**
 * Pictures of faces as the gate sees them, of photos as they are and of the same made unfit in every way, reduced to features: what
 * the heads of src/face/condition learn from. Each goes through detector and landmarks, which a covered face moves too.
 */
import { readFile } from 'node:fs/promises'
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js'
import { progressBar } from '../../scripts/front/progress.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { compileWasm, nodeAssets } from '../../scripts/setup/node-engine.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import type { Models } from '../../src/engine/pipeline.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { chipKinds, qualityChip } from '../../src/face/chips/chip-kinds.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { pictureFeatures } from '../../src/face/condition/picture-features.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { drawPortrait } from './draw-portrait.ts'
import {
  changePixels,
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
    compress(image, Math.round(random.between(2, 6)), models),
  shake,
  posterize,
  portrait: (_, __, random) => drawPortrait(Math.round(random.between(160, 420)), random),
} as const satisfies Record<string, Make>

export type PictureKind = keyof typeof makes | 'asItIs'
export const pictureKinds = ['asItIs', ...Object.keys(makes)] as PictureKind[]

/** Good variants of a photo. */
const goodOnes = 3

/** @param spoilt of so many people one photo is made unfit in every way */
export async function collectPictures(
  photos: readonly PersonPhoto[],
  spoilt: number,
  seed: number,
): Promise<Picture[]> {
  await initJpegEncoder(await compileWasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
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
    const image = await readImage(models, file)
    const seen = seeFace(models, image)
    if (!seen) continue
    pictures.push({ person, file, kind: 'asItIs', features: seen.features })
    if (!toSpoil.delete(person)) continue
    for (const [kind, make] of Object.entries(makes) as [keyof typeof makes, Make][]) {
      for (let i = 0; i < (kind === 'good' ? goodOnes : 1); i++) {
        const random = new SeededRandom(seed, file, kind, i)
        const made = seeFace(models, await make(image, seen, random, models))
        if (made) pictures.push({ person, file, kind, features: made.features })
      }
    }
  }
  bar.stop()
  return pictures
}

async function readImage(models: Models, file: string): Promise<RgbImage> {
  const { width, height, data } = await decodePhoto(
    new Uint8Array(await readFile(file)),
    models.codecs,
  )
  return { width, height, data: data.slice() }
}

/** Null where no face is found, or one too small. */
function seeFace(
  { detector, landmarks: network }: Models,
  image: RgbImage,
): (FaceOnPhoto & { readonly features: Float32Array }) | null {
  try {
    const face = mainFace(findFaces(detector, image), image)
    const landmarks = locateLandmarks(network, image, face)
    const { kind, size } = qualityChip
    const features = pictureFeatures(warp(image, chipKinds[kind](landmarks, size), size))
    return { landmarks, width: face.box.width, features }
  } catch (error) {
    if (error instanceof FaceError) return null
    throw error
  }
}

/** As good phones, cheap ones and messengers have it: smaller, sharper, paler, a little noisy, compressed. */
async function makeGood(
  image: RgbImage,
  _: FaceOnPhoto,
  random: SeededRandom,
  models: Models,
): Promise<RgbImage> {
  let made = image
  const is = (chance: number): boolean => random.next() < chance
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
  return is(0.6) ? compress(made, Math.round(random.between(15, 70)), models) : made
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

async function compress(image: RgbImage, quality: number, models: Models): Promise<RgbImage> {
  const { width, height, data } = image
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4)
  const picture = { width, height, data: rgba, colorSpace: 'srgb' } as const
  // The tables of the standard, which most encoders have.
  const options = { quality, progressive: false, quant_table: 0 }
  const photo = await decodePhoto(new Uint8Array(await encodeJpeg(picture, options)), models.codecs)
  return { width, height, data: photo.data.slice() }
}
