/** The ways in which the photos of everybody who is tried are spoilt, in the order of the tables; the first leaves them as they are. */
import type { Models } from '../../../src/engine/stages/models.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { compress, nameOfPhoto } from '../../datasets/picture-files.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { drape, drapes } from '../cover-otherwise.ts'
import type { FaceOnPhoto } from '../spoil-face.ts'
import { type SpoilOtherwise, spoiltOtherwise } from '../spoil-otherwise.ts'
import { paints } from './paint-otherwise.ts'

export interface Way {
  readonly kind: string
  readonly degree: string
  readonly spoil: SpoilOtherwise
}

export const ways: readonly Way[] = [
  { kind: 'as they are', degree: '', spoil: (image) => ({ image }) },
  ...Object.entries(spoiltOtherwise).flatMap(([kind, degrees]) =>
    Object.entries(degrees).map(([degree, spoil]) => ({ kind, degree, spoil })),
  ),
  ...Object.entries({ ...drapes, ...paints }).flatMap(([kind, degrees]) =>
    Object.entries(degrees).map(([degree, layers]): Way => {
      return { kind, degree, spoil: (image, face) => ({ image: drape(image, face, layers) }) }
    }),
  ),
]

/** What chance decides follows from the seed, the photo's name and the way. */
export async function spoilPicture(
  { kind, degree, spoil }: Way,
  photo: { readonly file: string; readonly image: RgbImage; readonly face: FaceOnPhoto },
  seed: number,
  { codecs }: Models,
): Promise<RgbImage> {
  const random = new SeededRandom(seed, nameOfPhoto(photo.file), kind, degree)
  const { image, quality } = spoil(photo.image, photo.face, random)
  return quality === undefined ? image : await compress(image, quality, codecs)
}
