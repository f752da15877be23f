/**
 * Made-up encodings, seeded, that crowd together as those of dlib-resnet do. All lie in a narrow cone around one mean face. People
 * differ from it in 28 directions only, which puts one pair of strangers in 100, in 1,000 and in 10,000 at 0.59, 0.53 and 0.47,
 * where the calibration has 0.61, 0.54 and 0.47; in 128 directions all strangers would be far apart, and a search easy. Half
 * of the people belong to one of 64 groups who look alike. Photos differ from their person in these directions, and a little
 * in all numbers: two photos of one person are 0.33 apart.
 */

import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { dlibResnet } from '../../src/encoder/dlib-resnet.ts'
import { encodingLengthOf } from '../../src/engine/encoders.ts'

/** Numbers in an encoding: as in those that these are like. */
export const encodingLength = encodingLengthOf(dlibResnet)
const directionCount = 28
const groupCount = 64
/** Length of the mean face; deviations of people and of their photos in each direction, and of photos in each number. */
const lengths = { mean: 1.27, people: 0.1, photos: 0.025, noise: 0.017 }

export interface SyntheticFaces {
  /** Of one photo of the person. */
  photo(person: number, photo: number): Float32Array
}

export function syntheticFaces(seed: number): SyntheticFaces {
  const shared = new SeededRandom(seed, 'directions')
  const mean = gaussian(shared, encodingLength, lengths.mean / Math.sqrt(encodingLength))
  const directions = orthonormal(shared)
  const groups = Array.from({ length: groupCount }, () =>
    gaussian(shared, directionCount, lengths.people),
  )

  /** Where the person lies along each direction. */
  function placeOf(person: number): Float32Array {
    const random = new SeededRandom(seed, 'person', person)
    const group = groups[random.below(groupCount * 2)]
    const place = gaussian(random, directionCount, lengths.people)
    return group ? place.map((value, i) => (value + group[i]!) * Math.SQRT1_2) : place
  }

  return {
    photo(person, photo) {
      const place = placeOf(person)
      const random = new SeededRandom(seed, 'photo', person, photo)
      const encoding = gaussian(random, encodingLength, lengths.noise)
      for (let i = 0; i < encodingLength; i++) encoding[i]! += mean[i]!
      for (const [d, direction] of directions.entries()) {
        const along = place[d]! + random.normal() * lengths.photos
        for (let i = 0; i < encodingLength; i++) encoding[i]! += along * direction[i]!
      }
      return encoding
    },
  }
}

function gaussian(random: SeededRandom, count: number, deviation: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal() * deviation)
}

/** Directions at right angles to each other (Gram and Schmidt). */
function orthonormal(random: SeededRandom): Float32Array[] {
  const directions: Float32Array[] = []
  for (let d = 0; d < directionCount; d++) {
    const direction = gaussian(random, encodingLength, 1)
    for (const other of directions) {
      const along = direction.reduce((sum, value, i) => sum + value * other[i]!, 0)
      for (let i = 0; i < encodingLength; i++) direction[i]! -= along * other[i]!
    }
    const length = Math.hypot(...direction)
    directions.push(direction.map((value) => value / length))
  }
  return directions
}
