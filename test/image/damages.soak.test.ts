/**
 * JPEGs of eight kinds, cut where a decoder may take one for whole, and 4,500 damaged ones of each, behind stray bytes that do no harm: what
 * is not refused is the photo, or nearly so, and never somebody else.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import type { Models } from '../../src/engine/models.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { addRestarts } from '../support/photos/jpeg/add-restarts.ts'
import {
  changed,
  type Damage,
  damage,
  missing,
  withStrayBytes,
} from '../support/photos/jpeg/damages.ts'
import { joinIntervals, takeIntervals } from '../support/photos/jpeg/restart-intervals.ts'
import { writeJpeg } from '../support/photos/jpeg/write-jpeg.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import {
  probeFile,
  readPhoto,
  sampleImage,
  samplePeople,
  samplePhoto,
} from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

/** Of a photo and itself, a little changed; other photos of the person are farther. */
const nearly = 0.05
/** Under any threshold. */
const somebody = 0.3

let models: Models
let portrait: RgbImage
let stranger: RgbImage
let others: Float32Array[]

beforeAll(async () => {
  models = await realModels()
  portrait = await decodePhoto(await readPhoto(probeFile), models.codecs)
  stranger = await sampleImage('fay')
  const strangers = samplePeople.filter((person) => person !== 'eve')
  others = await Promise.all(strangers.map(async (person) => encode(await samplePhoto(person))))
})

async function encode(bytes: Uint8Array): Promise<Float32Array> {
  return (await encodePhoto(models, bytes)).encoding
}

/** How far it is from the whole photo; null when it was refused. */
async function driftOf(bytes: Uint8Array, whole: Float32Array): Promise<number | null> {
  try {
    const encoding = await encode(bytes)
    for (const other of others) expect(distance(encoding, other)).toBeGreaterThan(somebody)
    return distance(encoding, whole)
  } catch (error) {
    if (!(error instanceof FaceError)) throw error
    return null
  }
}

const sampling = [
  [2, 1],
  [1, 1],
  [1, 1],
] as const

type Options = NonNullable<Parameters<typeof makeJpeg>[1]>
const plain: Options = { quality: 80, optimize_coding: false, progressive: false }
/** mozjpeg leaves codes out of tables that it does not optimise, which spoils some photos in 4:2:0. */
const optimised: Options = { quality: 80, progressive: false }
const sampled = (chroma: number): Options => ({ auto_subsample: false, chroma_subsample: chroma })
const progressive: Options = { quality: 80, progressive: true }
const grey: Options = { color_space: 1 }

/** Beside each marker, at each of the last 300 bytes, and at every eleventh: all of all take five minutes, and small photos are cut at all. */
function cutsOf(photo: Uint8Array): number[] {
  const isMarker = (at: number): boolean => photo[at] === 0xff && photo[at + 1] !== 0
  return [...photo.keys()].filter(
    (length) =>
      length % 11 === 0 ||
      photo.length - length <= 300 ||
      [-3, -2, -1, 0, 1].some((off) => isMarker(length + off)),
  )
}

describe.each<[string, (image: RgbImage) => Uint8Array | Promise<Uint8Array>]>([
  ['a baseline JPEG', (image) => makeJpeg(image, plain)],
  ['a baseline JPEG, 4:2:0', (image) => makeJpeg(image, { ...optimised, ...sampled(2) })],
  ['a baseline JPEG, 4:4:4', (image) => makeJpeg(image, { ...plain, ...sampled(1) })],
  ['a baseline JPEG, grey', (image) => makeJpeg(image, { ...plain, ...grey })],
  ['a progressive JPEG', (image) => makeJpeg(image, progressive)],
  ['a progressive JPEG, 4:4:4', (image) => makeJpeg(image, { ...progressive, ...sampled(1) })],
  [
    'a JPEG with a restart marker in each row',
    async (image) => addRestarts(await makeJpeg(image, plain), Math.ceil(image.width / 16)),
  ],
  [
    'a JPEG with restart markers',
    (image) => writeJpeg(image, { sampling, restart: 100, step: 12 }),
  ],
])('%s', (_, make) => {
  let photo: Uint8Array
  let other: Uint8Array
  let whole: Float32Array
  beforeAll(async () => {
    photo = await make(portrait)
    other = await make(stranger)
    whole = await encode(photo)
  })

  it('is refused when cut, unless all pixels are there', async () => {
    expect(photo.length).toBeGreaterThan(11_000)
    const accepted: number[] = []
    for (const length of cutsOf(photo)) {
      const drift = await driftOf(photo.subarray(0, length), whole)
      if (drift === null) continue
      accepted.push(photo.length - length)
      expect(drift).toBeLessThanOrEqual(nearly)
    }
    // The end marker, and no more than a byte of padding.
    expect(Math.max(...accepted)).toBeLessThanOrEqual(3)
  })

  const rounds = 300

  async function driftsOf(spoil: Damage, seed: number): Promise<(number | null)[]> {
    const random = seededRandom(seed)
    const stray = withStrayBytes(photo)
    const drifts: (number | null)[] = []
    for (let round = 0; round < rounds; round++) {
      drifts.push(await driftOf(damage(spoil, stray, other, random), whole))
    }
    return drifts
  }

  const far = (drifts: readonly (number | null)[]): number =>
    drifts.filter((drift) => drift !== null && drift > nearly).length

  it.each(Object.entries(missing))(
    'with %s is refused, but for one in three hundred',
    async (_, spoil) => {
      const drifts = await driftsOf(spoil, 1)
      expect(far(drifts)).toBeLessThanOrEqual(rounds / 300)
      expect(drifts.filter((drift) => drift === null).length).toBeGreaterThan(0.9 * rounds)
    },
  )

  // A small change that leaves the place of every block as it was is a change of the picture, which no decoder can tell.
  it.each(Object.entries(changed))(
    'with %s is refused or nearly the photo, but for one in a hundred',
    async (_, spoil) => {
      expect(far(await driftsOf(spoil, 2))).toBeLessThanOrEqual(rounds / 100)
    },
  )
})

describe('a JPEG whose restart intervals are whole', () => {
  it.each<[string, (columns: number) => number]>([
    ['a row each', (columns) => columns],
    ['two rows each', (columns) => 2 * columns],
    ['a row and a half each', (columns) => Math.round(1.5 * columns)],
  ])('and changed places in a face is refused mostly: %s', async (_, interval) => {
    const jpeg = addRestarts(
      await makeJpeg(portrait, plain),
      interval(Math.ceil(portrait.width / 16)),
    )
    const whole = await encode(jpeg)
    const { head, parts } = takeIntervals(jpeg)
    expect(await driftOf(joinIntervals({ head, parts }), whole)).toBe(0)
    const random = seededRandom(4)
    const rounds = 60
    let far = 0
    for (let round = 0; round < rounds; round++) {
      // The last may be shorter.
      const [one, other] = [0, 0].map(() => Math.floor(random() * (parts.length - 1)))
      const moved = parts.slice()
      moved[one!] = parts[other!]!
      if (round % 2 === 0) moved[other!] = parts[one!]!
      const drift = await driftOf(joinIntervals({ head, parts: moved }), whole)
      if (drift !== null && drift > nearly) far++
    }
    expect(far).toBeLessThanOrEqual(rounds / 10)
  })
})
