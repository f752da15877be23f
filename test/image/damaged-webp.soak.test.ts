/** WebPs of the sample people, lossless and lossy, damaged in many ways: what is not refused is the photo, or nearly so, and never somebody else. */
import { beforeAll, describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { changed, type Damage, missing } from '../support/photos/jpeg/damages.ts'
import { makeWebp } from '../support/photos/make-photo.ts'
import { sampleImage, samplePeople } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

/** Of a photo and itself, a little changed; other photos of the person are farther. */
const nearly = 0.05
/** Under any threshold. */
const somebody = 0.3
/** Of RIFF, of the picture's chunk, and of the picture, up to where it says anything but its size. */
const headBytes = 25
const rounds = 8

const { 'a byte of its tables changed': _ofTables, ...elsewhere } = { ...missing, ...changed }
const damages: Readonly<Record<string, Damage>> = {
  ...elsewhere,
  'a byte of its first codes changed': (bytes, _at, _length, random) =>
    bytes.with(headBytes + Math.floor(random() * 400), Math.floor(random() * 256)) as Uint8Array,
}

let models: Models
let portraits: RgbImage[]
beforeAll(async () => {
  models = await realModels()
  portraits = await Promise.all(samplePeople.map(sampleImage))
})

async function encode(bytes: Uint8Array): Promise<Float32Array> {
  return (await encodePhoto(models, bytes)).encoding
}

/** With the lengths of the file and of its only chunk, as a tool that mends files sets them. */
function withLengths(bytes: Uint8Array): Uint8Array {
  const even = bytes.slice(0, bytes.length & ~1)
  const view = new DataView(even.buffer)
  view.setUint32(4, even.length - 8, true)
  view.setUint32(16, even.length - 20, true)
  return even
}

describe.each([
  ['lossless', { lossless: 1, exact: 1 }],
  ['lossy', { quality: 80 }],
  ['lossy, in four parts', { quality: 90, method: 0, partitions: 2 }],
])('a WebP that is %s', (_, options) => {
  let photos: Uint8Array[]
  let wholes: Float32Array[]
  beforeAll(async () => {
    photos = await Promise.all(
      portraits.map((image, i) => makeWebp(image, { method: i, ...options })),
    )
    wholes = await Promise.all(photos.map(encode))
  })

  it.each(Object.entries(damages))('with %s is refused or nearly the photo', async (_, spoil) => {
    const random = seededRandom(11)
    let far = 0
    for (const [i, photo] of photos.entries()) {
      const other = photos[(i + 1) % photos.length]!
      for (let round = 0; round < rounds; round++) {
        const length = 16 + Math.floor(random() * 500)
        const at = headBytes + Math.floor(random() * (photo.length - length - headBytes))
        const spoilt = spoil(photo, at, length, random, other)
        const isMended = spoilt.length !== photo.length && round % 2 === 0
        try {
          const encoding = await encode(isMended ? withLengths(spoilt) : spoilt)
          const others = wholes.filter((_, person) => person !== i)
          for (const whole of others) expect(distance(encoding, whole)).toBeGreaterThan(somebody)
          if (distance(encoding, wholes[i]!) > nearly) far++
        } catch (error) {
          if (!(error instanceof FaceError)) throw error
        }
      }
    }
    expect(far).toBeLessThanOrEqual(1)
  })
})
