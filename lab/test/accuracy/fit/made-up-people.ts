/**
 * Made-up faces: unit vectors around people, and people around a middle, as encoders place them. Some people may lie
 * close together, in a crowd. Seeded.
 */

import { unitVector } from '../../../../src/encoding/direction.ts'
import type { LabelledFace } from '../../../accuracy/fit/fit-cohort.ts'
import { SeededRandom } from '../../../learning/seeded-random.ts'

const encodingLength = 128
/** How far people lie from the middle of all or of their crowd, and photos from their person. */
const spread = { lonely: 0.6, crowd: 0.25, photo: 0.2 }

export interface MadeUpPeople {
  readonly lonely: number
  readonly crowd: number
  readonly photosEach: number
  readonly seed: number
  /** How far photos lie from their person: much with a weak encoder. */
  readonly photoSpread?: number
}

/** Middle of everybody and of the crowd; the same for every seed, so that two lots are of one population. */
export const middle = moved(new Float32Array(encodingLength), 1, new SeededRandom(1, 'middle'))
const middleOfCrowd = moved(middle, 0.6, new SeededRandom(1, 'crowd'))

export function makePeople(people: MadeUpPeople): LabelledFace[] {
  const { lonely, crowd, photosEach, seed, photoSpread = spread.photo } = people
  const random = new SeededRandom(seed, 'people')
  return Array.from({ length: lonely + crowd }, (_, i) => {
    const person = i < lonely ? `lonely-${i}` : `crowd-${i}`
    const place =
      i < lonely ? moved(middle, spread.lonely, random) : moved(middleOfCrowd, spread.crowd, random)
    return Array.from({ length: photosEach }, (): LabelledFace => {
      const probe = moved(place, photoSpread, random)
      return { person, probe, enrolled: moved(probe, photoSpread / 10, random) }
    })
  }).flat()
}

/** A unit vector about `distance` from `place`, before it is made unit. */
export function moved(place: Float32Array, distance: number, random: SeededRandom): Float32Array {
  return unitVector(
    place.map((value) => value + (distance / Math.sqrt(encodingLength)) * random.normal()),
  )
}
