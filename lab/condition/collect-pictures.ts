/**
 * Pictures of faces as the gate sees them, of photos as they are and of the same made unfit in every way, reduced to features: what
 * the heads of src/face/condition learn from. Each goes through detector and landmarks, which a covered face moves too.
 */
import { progressBar } from '../../scripts/front/progress.ts'
import type { PersonPhoto } from '../../scripts/photos/people.ts'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { loadModels } from '../../src/engine/face-engine.ts'
import { nameOfPhoto, readPicture, startCompressing } from '../datasets/picture-files.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { asItIs, pictureKinds } from './picture-kinds.ts'
import { seeFace } from './see-face.ts'

export interface Picture {
  readonly person: string
  readonly file: string
  /** The name of one of `pictureKinds`, or `asItIs`. */
  readonly kind: string
  readonly features: Float32Array
}

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
    pictures.push({ person, file, kind: asItIs, features: seen.features })
    if (!toSpoil.delete(person)) continue
    for (const { name, times, make } of pictureKinds) {
      for (let i = 0; i < times; i++) {
        const random = new SeededRandom(seed, nameOfPhoto(file), times > 1 ? `${name}#${i}` : name)
        const made = seeFace(models, await make(image, seen, random, models))
        if (typeof made !== 'string') {
          pictures.push({ person, file, kind: name, features: made.features })
        }
      }
    }
  }
  bar.stop()
  return pictures
}
