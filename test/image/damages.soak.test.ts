/**
 * JPEGs of eight kinds, cut at every byte, and 4,500 damaged ones of each, behind stray bytes that do no harm: what is not refused is the
 * photo, or nearly so, and never somebody else.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { distance } from '../../src/encoding/distance.ts'
import type { Models } from '../../src/engine/models.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { realModels } from '../support/node-models.ts'
import { addRestarts } from '../support/photos/add-restarts.ts'
import { makeJpeg } from '../support/photos/make-photo.ts'
import { joinBytes } from '../support/photos/make-png.ts'
import { writeJpeg } from '../support/photos/write-jpeg.ts'
import { seededRandom } from '../support/random.ts'
import {
  probeFile,
  readPhoto,
  sampleImage,
  samplePeople,
  samplePhoto,
} from '../support/sample-photos.ts'

/** Of a photo and itself, a little changed; other photos of the person are farther. */
const nearly = 0.05
/** Under any threshold. */
const somebody = 0.3

const eoi = Uint8Array.of(0xff, 0xd9)
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

/** Where the scan's data begins. */
function scanOf(bytes: Uint8Array): number {
  return bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda) + 14
}

/** @param other a photo of somebody else, in the same encoding */
type Damage = (
  bytes: Uint8Array,
  at: number,
  length: number,
  random: () => number,
  other: Uint8Array,
) => Uint8Array

/** Somewhere in the scans, with so many bytes behind it. */
function placeIn(bytes: Uint8Array, length: number, random: () => number): number {
  const scan = scanOf(bytes)
  return scan + Math.floor(random() * (bytes.length - 2 - length - scan))
}

/** Bytes are missing, or others stand in their place. */
const missing: Readonly<Record<string, Damage>> = {
  'cut off, with an end marker': (bytes, at) => joinBytes(bytes.subarray(0, at), eoi),
  'cut off, filled up with zeros': (bytes, at) =>
    joinBytes(bytes.subarray(0, at), new Uint8Array(bytes.length - at - 2), eoi),
  'a hole': (bytes, at, length) => joinBytes(bytes.subarray(0, at), bytes.subarray(at + length)),
  'zeros in it': (bytes, at, length) => bytes.slice().fill(0, at, at + length),
  'ones in it': (bytes, at, length) => bytes.slice().fill(0xff, at, at + length),
  'the end of another photo': (bytes, at, _, random, other) =>
    joinBytes(bytes.subarray(0, at), other.subarray(placeIn(other, 0, random))),
  'a part of it twice': (bytes, at, length) =>
    joinBytes(bytes.subarray(0, at + length), bytes.subarray(at)),
  'noise in it': (bytes, at, length, random) => {
    const copy = bytes.slice()
    for (let i = 0; i < length; i++) copy[at + i] = Math.floor(random() * 256)
    return copy
  },
}

/** Bytes are others, a few are missing or too many, or all are there in another order. */
const changed: Readonly<Record<string, Damage>> = {
  'four bytes changed': (bytes, at, length, random) => {
    const copy = bytes.slice()
    for (let i = 0; i < 4; i++)
      copy[at + Math.floor(random() * length)] = Math.floor(random() * 255)
    return copy
  },
  'a bit flipped': (bytes, at, _, random) =>
    bytes.with(at, bytes[at]! ^ (1 << Math.floor(random() * 8))) as Uint8Array,
  'a few bytes put in': (bytes, at, _, random) => {
    const few = Uint8Array.from({ length: 1 + Math.floor(random() * 6) }, () => random() * 255)
    return joinBytes(bytes.subarray(0, at), few, bytes.subarray(at))
  },
  'a few bytes taken out': (bytes, at, _, random) =>
    joinBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 4))),
  'two parts swapped': (bytes, at, length, random) => {
    const from = placeIn(bytes, length, random)
    const copy = bytes.slice()
    copy.set(bytes.subarray(at, at + length), from)
    copy.set(bytes.subarray(from, from + length), at)
    return copy
  },
  'a part of another photo in it': (bytes, at, length, random, other) => {
    const copy = bytes.slice()
    const from = placeIn(other, length, random)
    copy.set(other.subarray(from, from + length), at)
    return copy
  },
  'a byte of its tables changed': (bytes, _at, _length, random) =>
    bytes.with(
      2 + Math.floor(random() * (scanOf(bytes) - 2)),
      Math.floor(random() * 256),
    ) as Uint8Array,
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

  it('is refused when cut at any byte, unless all pixels are there', async () => {
    expect(photo.length).toBeGreaterThan(11_000)
    const accepted: number[] = []
    for (let length = 0; length < photo.length; length++) {
      const drift = await driftOf(photo.subarray(0, length), whole)
      if (drift === null) continue
      accepted.push(photo.length - length)
      expect(drift).toBeLessThanOrEqual(nearly)
    }
    // The end marker, and no more than a byte of padding.
    expect(Math.max(...accepted)).toBeLessThanOrEqual(3)
  })

  const rounds = 300

  async function damage(spoil: Damage, seed: number): Promise<(number | null)[]> {
    const random = seededRandom(seed)
    const tables = photo.findIndex((byte, i) => byte === 0xff && photo[i + 1] === 0xdb)
    const stray = joinBytes(
      photo.subarray(0, tables),
      Uint8Array.of(1, 2, 3),
      photo.subarray(tables),
    )
    const drifts: (number | null)[] = []
    for (let round = 0; round < rounds; round++) {
      const length = 16 + Math.floor(random() * 500)
      const at = placeIn(stray, length, random)
      drifts.push(await driftOf(spoil(stray, at, length, random, other), whole))
    }
    return drifts
  }

  const far = (drifts: readonly (number | null)[]): number =>
    drifts.filter((drift) => drift !== null && drift > nearly).length

  it.each(Object.entries(missing))(
    'with %s is refused, but for one in a hundred',
    async (_, spoil) => {
      const drifts = await damage(spoil, 1)
      expect(far(drifts)).toBeLessThanOrEqual(rounds / 100)
      expect(drifts.filter((drift) => drift === null).length).toBeGreaterThan(0.9 * rounds)
    },
  )

  // A small change that leaves the place of every block as it was is a change of the picture, which no decoder can tell.
  it.each(Object.entries(changed))(
    'with %s is refused or nearly the photo, but for one in thirty',
    async (_, spoil) => {
      expect(far(await damage(spoil, 2))).toBeLessThanOrEqual(rounds / 30)
    },
  )
})
