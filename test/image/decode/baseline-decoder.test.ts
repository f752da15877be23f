/** Our decoder of baseline JPEGs against mozjpeg's, and its verdict on damage against the walk over the scan in JavaScript. */
import decodeByMozjpeg, { init } from '@jsquash/jpeg/decode.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import {
  type BaselineDecoder,
  startBaselineDecoder,
} from '../../../src/image/decode/jpeg/baseline-decoder.ts'
import { readJpegFile } from '../../../src/image/decode/jpeg/jpeg-file.ts'
import { soundJpeg } from '../../../src/image/decode/jpeg/sound-jpeg.ts'
import { transformSteps } from '../../../src/image/decode/jpeg/transform-steps.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { makeJpeg, makePicture } from '../../support/photos/make-photo.ts'
import { compileFromPackage, nodeCodecModules } from '../../support/photos/node-codecs.ts'
import { seededRandom } from '../../support/random.ts'
import { drawImage } from '../../support/sample-photos.ts'

let decoder: BaselineDecoder
beforeAll(async () => {
  decoder = startBaselineDecoder(nodeCodecModules.baselineJpeg)
  await init(compileFromPackage('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
})

const random = seededRandom(7)
const noise = (width: number, height: number): RgbImage =>
  drawImage(width, height, () => [random() * 256, random() * 256, random() * 256])

/** In how many numbers two pictures differ by more than `most`, and by how much at most. */
function compare(image: RgbImage, rgba: ArrayLike<number>, most: number) {
  let [beyond, largest] = [0, 0]
  image.data.forEach((value, i) => {
    const difference = Math.abs(value - rgba[Math.floor(i / 3) * 4 + (i % 3)]!)
    if (difference > most) beyond++
    largest = Math.max(largest, difference)
  })
  return { beyond, largest }
}

describe('the baseline decoder', () => {
  const colours = { auto_subsample: false, progressive: false }
  it.each([
    ['chroma as fine as luma', { ...colours, chroma_subsample: 1 }],
    ['chroma of half the width and height', { ...colours, chroma_subsample: 2 }],
    ['coarse steps', { ...colours, quality: 20 }],
    ['fine steps', { ...colours, quality: 100 }],
    ['one component', { ...colours, color_space: 1 }],
  ])('gives the pixels of mozjpeg: %s', async (_, options) => {
    const sides = [
      [1, 1],
      [7, 9],
      [16, 16],
      [33, 17],
      [250, 130],
    ] as const
    for (const [width, height] of sides) {
      for (const picture of [makePicture(width, height), noise(width, height)]) {
        const jpeg = await makeJpeg(picture, options)
        const wanted = await decodeByMozjpeg(jpeg.slice().buffer)
        const image = decoder.decode(readJpegFile(jpeg), 1)!
        expect([image.width, image.height]).toEqual([width, height])
        const { beyond, largest } = compare(image, wanted.data, 2)
        expect(beyond).toBeLessThanOrEqual(2 + image.data.length / 500)
        expect(largest).toBeLessThanOrEqual(4)
      }
    }
  })

  it.each([2, 4, 8] as const)('gives means of blocks at 1 / %i', async (shrink) => {
    const picture = makePicture(163, 121)
    const jpeg = await makeJpeg(picture, { ...colours, chroma_subsample: 1, quality: 95 })
    const file = readJpegFile(jpeg)
    const whole = decoder.decode(file, 1)!
    const small = decoder.decode(file, shrink)!
    expect([small.width, small.height]).toEqual([Math.ceil(163 / shrink), Math.ceil(121 / shrink)])
    let sum = 0
    for (let y = 0; y < Math.floor(121 / shrink); y++) {
      for (let x = 0; x < Math.floor(163 / shrink); x++) {
        let mean = 0
        for (let i = 0; i < shrink * shrink; i++) {
          const row = y * shrink + Math.floor(i / shrink)
          mean += whole.data[(row * 163 + x * shrink + (i % shrink)) * 3]! / shrink ** 2
        }
        sum += Math.abs(small.data[(y * small.width + x) * 3]! - mean)
      }
    }
    expect(sum / (small.width * small.height)).toBeLessThan(2)
  })

  it('leaves progressive files, and colours that are no luma and chroma, to the other decoder', async () => {
    const picture = makePicture(32, 32)
    const progressive = readJpegFile(await makeJpeg(picture, { progressive: true }))
    expect(decoder.decode(progressive, 1)).toBeNull()
    const file = readJpegFile(await makeJpeg(picture, { progressive: false }))
    expect(decoder.decode(file, 1)).not.toBeNull()
    expect(decoder.decode({ ...file, isAdobeRgb: true }, 1)).toBeNull()
    expect(decoder.decode({ ...file, isNamedRgb: true }, 1)).toBeNull()
  })

  it('shows nothing of the photo before', async () => {
    const black = await makeJpeg(
      drawImage(90, 70, () => [0, 0, 0]),
      { progressive: false },
    )
    const alone = startBaselineDecoder(nodeCodecModules.baselineJpeg).decode(readJpegFile(black), 1)
    decoder.decode(readJpegFile(await makeJpeg(noise(300, 200), { progressive: false })), 1)
    expect(decoder.decode(readJpegFile(black), 1)).toEqual(alone)
  })

  it('finds the damage that the walk over the scan finds, and no other, in 2,000 damaged files', async () => {
    const files = await Promise.all(
      [
        { progressive: false },
        { progressive: false, chroma_subsample: 1, auto_subsample: false, quality: 95 },
      ].map((options) => makeJpeg(makePicture(96, 80), options)),
    )
    const outcomes = { sound: 0, refused: 0 }
    for (let i = 0; i < 2000; i++) {
      const bytes = files[i % 2]!.slice()
      for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
        bytes[Math.floor(random() * bytes.length)] = random() * 256
      }
      const damaged = random() < 0.3 ? bytes.slice(0, random() * bytes.length) : bytes
      const file = fileOf(damaged)
      if (file === null || file.frame.progressive) continue
      const verdict = messageOf(() => soundJpeg(file))
      let isOurs = true
      const ours = messageOf(() => {
        isOurs = decoder.decode(file, 1) !== null
      })
      if (!isOurs) continue
      expect(ours).toBe(verdict)
      outcomes[verdict === null ? 'sound' : 'refused']++
    }
    expect(outcomes.sound).toBeGreaterThan(100)
    expect(outcomes.refused).toBeGreaterThan(500)
  })
})

function fileOf(bytes: Uint8Array) {
  try {
    return readJpegFile(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(FaceError)
    return null
  }
}

function messageOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    if (error instanceof FaceError) return error.message
    throw error
  }
}

describe('transformSteps', () => {
  it('lays the table out in rows', () => {
    const steps = transformSteps(
      Uint16Array.from({ length: 64 }, (_, k) => 8 * k),
      4,
    )
    expect([...steps.subarray(0, 4)]).toEqual([0, 1, 5, 6])
    expect([...steps.subarray(8, 12)]).toEqual([2, 4, 7, 13])
    expect(steps[63]).toBe(63)
  })
})
