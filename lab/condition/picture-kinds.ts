/**
 * What is made of a photo for the heads to learn from, one row a kind: how, which heads are to refuse it, and how often it is made of one
 * photo, by a seed of its own each time: what there is most of, and what is hardest to tell.
 */
import type { Models } from '../../src/engine/stages/models.ts'
import type { Condition } from '../../src/face/condition/condition.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { compress } from '../datasets/picture-files.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import { coverEyes, coverMouth, type EyeOutline, type LowerOutline } from './cover-face.ts'
import { type WeaveName, weaves } from './draw/cloth.ts'
import { drawPortrait } from './draw/draw-portrait.ts'
import { makeGood } from './good-photo.ts'
import { onStage, ordinaryEyes } from './ordinary-eyes.ts'
import { inLight, wear } from './ordinary-face.ts'
import { surroundings } from './other-surroundings.ts'
import { coat, party, pattern } from './paint-face.ts'
import {
  coarsePixels,
  darkGlasses,
  type FaceOnPhoto,
  mask,
  nearLens,
  noise,
  posterize,
  shake,
} from './spoil-face.ts'

export type Make = (
  image: RgbImage,
  face: FaceOnPhoto,
  random: SeededRandom,
  models: Models,
) => RgbImage | Promise<RgbImage>

export interface PictureKind {
  readonly name: string
  /** None for what is fit to be compared. */
  readonly faults: readonly (keyof Condition)[]
  /** The heads that learn from it: all unless given. */
  readonly learners?: readonly (keyof Condition)[]
  readonly times: number
  readonly make: Make
}

/** As `asItIs`, which nothing is made of. */
export const good = 'good'
export const asItIs = 'asItIs'
/** What changes only what is around the face. */
export const around: ReadonlySet<string> = new Set(['cloth', 'cutOut'])
/** Of a window or a stage, from a side, through leaves. */
export const light = 'light'
/** What faces ordinarily wear, and the light they are in. */
export const ordinary: ReadonlySet<string> = new Set(['wear', light, 'eyes', 'stage'])
/** A bright one behind the person, which leaves less of the face too. */
export const window = 'window'

/** What hides the eyes veils them, too. */
const eyes = ['eyesCovered', 'eyesVeiled'] as const

export const pictureKinds: readonly PictureKind[] = [
  { name: good, faults: [], times: 3, make: makeGood },
  kind('glasses', eyes, darkGlasses),
  ...(['glasses', 'band', 'brim', 'hand'] as const).map((outline) =>
    onEyes(outline, eyes, outline === 'glasses' ? 3 : 1),
  ),
  ...(['tinted', 'glare', 'hair'] as const).map((outline) => ({
    ...onEyes(outline, ['eyesVeiled'], outline === 'glare' ? 2 : 1),
    learners: ['eyesVeiled'] as const,
  })),
  kind('mask', ['mouthCovered'], mask),
  ...(Object.keys(weaves) as WeaveName[]).map((weave) =>
    kind(`mouth:mask:${weave}`, ['mouthCovered'], (image, { landmarks }, random) =>
      coverMouth(image, landmarks, random, { outline: 'mask', weave }),
    ),
  ),
  ...(['patch', 'scarf', 'hand'] as const satisfies LowerOutline[]).map((outline) =>
    kind(`mouth:${outline}`, ['mouthCovered'], (image, { landmarks }, random) =>
      coverMouth(image, landmarks, random, { outline }),
    ),
  ),
  kind('glassesAndMask', [...eyes, 'mouthCovered'], (image, face, random) =>
    mask(darkGlasses(image, face, random), face, random),
  ),
  kind('both', [...eyes, 'mouthCovered'], (image, { landmarks }, random) =>
    coverMouth(coverEyes(image, landmarks, random), landmarks, random),
  ),
  { ...kind('lens', ['distorted'], nearLens), times: 4 },
  kind('noise', ['grainy'], noise),
  kind('coarsePixels', ['grainy'], coarsePixels),
  kind('compressed', ['grainy'], (image, _, random, { codecs }) =>
    compress(image, Math.round(random.between(2, 7)), codecs),
  ),
  kind('shake', ['shaken'], shake),
  kind('posterize', ['drawn'], posterize),
  kind('portrait', ['drawn'], (_, __, random) =>
    drawPortrait(Math.round(random.between(160, 420)), random),
  ),
  { ...kind('paint:coat', ['painted'], coat), times: 2 },
  { ...kind('paint:pattern', ['painted'], pattern), times: 3 },
  { ...kind('paint:party', ['painted'], party), times: 2 },
  { ...kind('wear', [], wear), times: 2 },
  { ...kind(light, [], inLight), times: 2 },
  { ...kind('eyes', [], ordinaryEyes), learners: eyes, times: 6 },
  { ...kind('stage', [], onStage), learners: eyes },
  ...Object.entries(surroundings).map(([name, make]) => ({
    ...kind(name, [], make),
    times: 2,
  })),
]

function kind(name: string, faults: PictureKind['faults'], make: Make): PictureKind {
  return { name, faults, times: 1, make }
}

function onEyes(outline: EyeOutline, faults: PictureKind['faults'], times: number): PictureKind {
  const make: Make = (image, { landmarks }, random) =>
    coverEyes(image, landmarks, random, { outline })
  return { name: `eyes:${outline}`, faults, times, make }
}
