/**
 * JPEGs of eight kinds, of all the sample people: three kinds are cut at every byte, the others at every 23rd and around markers, and of each
 * 4,500 are damaged, with a fault beside that does no harm. What is not refused is the photo, or nearly so, and never somebody else.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/networks/node-models.ts'
import { addRestarts } from '../support/photos/jpeg/add-restarts.ts'
import { changed, type Damage, damage, harmless, missing } from '../support/photos/jpeg/damages.ts'
import { joinIntervals, takeIntervals } from '../support/photos/jpeg/restart-intervals.ts'
import { writeJpeg } from '../support/photos/jpeg/write-jpeg.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import {
  probeFile,
  readPhoto,
  sampleImage,
  samplePeople,
  samplePhoto,
  shrinkImage,
} from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

/** Of a photo and itself, a little changed; other photos of the person are farther. */
const nearly = 0.05
/** Under any threshold. */
const somebody = 0.3

let models: Models
let portraits: RgbImage[]
/** Of those portraits. */
let people: Float32Array[]

beforeAll(async () => {
  models = await realModels()
  portraits = await Promise.all(samplePeople.map(sampleImage))
  people = await Promise.all(samplePeople.map(async (person) => encode(await samplePhoto(person))))
})

async function encode(bytes: Uint8Array): Promise<Float32Array> {
  return (await encodePhoto(models, bytes)).encoding
}

/** How far it is from the whole photo; null when it was refused. @param who is shown */
async function driftOf(
  bytes: Uint8Array,
  whole: Float32Array,
  who: number,
): Promise<number | null> {
  try {
    const encoding = await encode(bytes)
    for (const other of people.toSpliced(who, 1)) {
      expect(distance(encoding, other)).toBeGreaterThan(somebody)
    }
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

/** @param finer so much: a small picture then takes as many bytes */
type Make = (image: RgbImage, finer?: Options) => Uint8Array | Promise<Uint8Array>

const made =
  (...options: Options[]): Make =>
  (image, finer) =>
    makeJpeg(image, Object.assign({}, ...options, finer))

/** Everywhere, or beside each marker, at each of the last 300 bytes, and at every 23rd. */
function cutsOf(photo: Uint8Array, isEverywhere: boolean): number[] {
  const isMarker = (at: number): boolean => photo[at] === 0xff && photo[at + 1] !== 0
  return [...photo.keys()].filter(
    (length) =>
      isEverywhere ||
      length % 23 === 0 ||
      photo.length - length <= 300 ||
      [-3, -2, -1, 0, 1].some((off) => isMarker(length + off)),
  )
}

const kinds: readonly [string, Make, isCutEverywhere: boolean][] = [
  ['a baseline JPEG', made(plain), true],
  ['a baseline JPEG, 4:2:0', made(optimised, sampled(2)), false],
  ['a baseline JPEG, 4:4:4', made(plain, sampled(1)), false],
  ['a baseline JPEG, grey', made(plain, grey), false],
  ['a progressive JPEG', made(progressive), true],
  ['a progressive JPEG, 4:4:4', made(progressive, sampled(1)), false],
  [
    'a JPEG with a restart marker in each row',
    async (image, finer) =>
      addRestarts(await makeJpeg(image, { ...plain, ...finer }), Math.ceil(image.width / 16)),
    true,
  ],
  [
    'a JPEG with restart markers',
    (image, finer) => writeJpeg(image, { sampling, restart: 100, step: finer ? 6 : 12 }),
    false,
  ],
]

describe.each(
  kinds.map(([name, make, isCutEverywhere], i) => ({ name, make, isCutEverywhere, i })),
)('$name', ({ make, isCutEverywhere, i }) => {
  let photos: Uint8Array[]
  let wholes: Float32Array[]
  beforeAll(async () => {
    photos = await Promise.all(portraits.map((image) => make(image)))
    wholes = await Promise.all(photos.map(encode))
  })

  it('is refused when cut, unless all pixels are there', async () => {
    const who = i % people.length
    const photo = await make(shrinkImage(portraits[who]!, 2), { quality: 93 })
    const whole = await encode(photo)
    expect(photo.length).toBeGreaterThan(10_000)
    const accepted: number[] = []
    for (const length of cutsOf(photo, isCutEverywhere)) {
      const drift = await driftOf(photo.subarray(0, length), whole, who)
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
    // In a progressive file no parameter of a scan is odd.
    const faults = Object.values(harmless).filter((fault) => fault(photos[0]!) !== photos[0])
    const drifts: (number | null)[] = []
    for (let round = 0; round < rounds; round++) {
      const who = round % people.length
      const photo = faults[Math.floor(round / people.length) % faults.length]!(photos[who]!)
      const other = photos[(who + 1) % people.length]!
      drifts.push(await driftOf(damage(spoil, photo, other, random), wholes[who]!, who))
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
    'with %s is refused or nearly the photo, but for four in three hundred',
    async (_, spoil) => {
      expect(far(await driftsOf(spoil, 2))).toBeLessThanOrEqual((4 * rounds) / 300)
    },
  )
})

describe('a JPEG whose restart intervals are whole', () => {
  it.each<[string, (columns: number) => number]>([
    ['a row each', (columns) => columns],
    ['two rows each', (columns) => 2 * columns],
    ['a row and a half each', (columns) => Math.round(1.5 * columns)],
  ])('and changed places in a face is refused mostly: %s', async (_, interval) => {
    const portrait = await decodePhoto(await readPhoto(probeFile), models.codecs)
    const eve = samplePeople.indexOf('eve')
    const jpeg = addRestarts(
      await makeJpeg(portrait, plain),
      interval(Math.ceil(portrait.width / 16)),
    )
    const whole = await encode(jpeg)
    const { head, parts } = takeIntervals(jpeg)
    expect(await driftOf(joinIntervals({ head, parts }), whole, eve)).toBe(0)
    const random = seededRandom(4)
    const rounds = 60
    let far = 0
    for (let round = 0; round < rounds; round++) {
      // The last may be shorter.
      const [one, other] = [0, 0].map(() => Math.floor(random() * (parts.length - 1)))
      const moved = parts.slice()
      moved[one!] = parts[other!]!
      if (round % 2 === 0) moved[other!] = parts[one!]!
      const drift = await driftOf(joinIntervals({ head, parts: moved }), whole, eve)
      if (drift !== null && drift > nearly) far++
    }
    expect(far).toBeLessThanOrEqual(rounds / 10)
  })
})
