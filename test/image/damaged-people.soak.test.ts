/**
 * Photos of several people, damaged in many ways: whatever is accepted matches nobody whom the whole photo does not match, nor nearly. The people of the
 * samples, and those of LFW where it is at hand.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { findVerification } from '../../src/decision/calibration.ts'
import { readCalibrationTable } from '../../src/decision/calibration-table.ts'
import { distance } from '../../src/encoding/distance.ts'
import type { PreparedEncoding } from '../../src/encoding/metrics/behaviour.ts'
import { distanceBetween, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { realModels } from '../support/networks/node-models.ts'
import { changed, damage, missing, withStrayBytes } from '../support/photos/jpeg/damages.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { readPhoto, sampleFile, samplePeople } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

/** Of a photo and itself, a little changed; other photos of the person are farther. */
const nearly = 0.05
const kinds = Object.values({ ...missing, ...changed })
const lfw = join(projectRoot, '..', 'shared', 'data', 'lfw-dev', 'images')

let models: Models
beforeAll(async () => {
  models = await realModels()
})

/** Of the one face that stands out; null where there is none. */
async function encode(photo: Uint8Array): Promise<Float32Array | null> {
  try {
    return (await encodePhoto(models, photo, { faces: 'main' })).encoding
  } catch (error) {
    if (error instanceof FaceError) return null
    throw error
  }
}

interface Outcome {
  readonly damaged: number
  readonly accepted: number
  /** Farther than `nearly` from the whole photo. */
  readonly far: number
  /** Matches of somebody whom the whole photo does not match, nor nearly. */
  readonly strangers: number
}

/** @param files of people, of whom each is enrolled, and `spoilt` are damaged, `rounds` times in each way and encoding */
async function damagePeople(
  files: readonly string[],
  spoilt: number,
  rounds: number,
): Promise<Outcome> {
  const { metric, threshold } = findVerification(readCalibrationTable(), models.model, {
    encodings: 1,
  })
  const enrolled: PreparedEncoding[] = []
  for (const file of files) {
    const encoding = await encode(await readPhoto(file))
    if (encoding) enrolled.push(prepareEncoding(metric, encoding))
  }
  const nearTo = (encoding: Float32Array, most: number): number[] => {
    const probe = prepareEncoding(metric, encoding)
    return enrolled.flatMap((other, i) => (distanceBetween(other, probe) <= most ? [i] : []))
  }
  const outcome = { damaged: 0, accepted: 0, far: 0, strangers: 0 }
  const random = seededRandom(7)
  for (let i = 0; i < spoilt; i++) {
    const image = await decodePhoto(await readPhoto(files[i]!), models.codecs)
    const another = await decodePhoto(await readPhoto(files[(i + 1) % spoilt]!), models.codecs)
    for (const progressive of [false, true]) {
      const options = { quality: 85, progressive, auto_subsample: false, chroma_subsample: 2 }
      const photo = withStrayBytes(await makeJpeg(image, options))
      const whole = await encode(photo)
      if (!whole) continue
      const other = await makeJpeg(another, options)
      // Some people look nearly enough alike without any damage.
      const own = nearTo(whole, threshold + nearly)
      for (const spoil of kinds) {
        for (let round = 0; round < rounds; round++) {
          outcome.damaged++
          const encoding = await encode(damage(spoil, photo, other, random))
          if (!encoding) continue
          outcome.accepted++
          if (distance(encoding, whole) <= nearly) continue
          outcome.far++
          if (nearTo(encoding, threshold).some((who) => !own.includes(who))) outcome.strangers++
        }
      }
    }
  }
  return outcome
}

describe('a damaged photo', () => {
  it('of one of the sample people matches none of the others', async () => {
    const outcome = await damagePeople(samplePeople.map(sampleFile), samplePeople.length, 20)
    expect(outcome.damaged).toBeGreaterThan(3500)
    expect(outcome.strangers).toBe(0)
  })

  it.skipIf(!existsSync(lfw))('of 40 people of LFW matches none of 300 others', async () => {
    const people = (await readdir(lfw)).sort().slice(0, 300)
    const files: string[] = []
    for (const person of people) {
      const [first] = (await readdir(join(lfw, person))).sort()
      files.push(join(lfw, person, first!))
    }
    const outcome = await damagePeople(files, 40, 5)
    expect(outcome.damaged).toBeGreaterThan(5000)
    expect(outcome.strangers).toBe(0)
  })
})
