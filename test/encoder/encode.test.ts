import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBothWays, encodeChip } from '../../src/encoder/encode.ts'
import { distance } from '../../src/encoding/distance.ts'
import { alignFace } from '../../src/face/align.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { warp } from '../../src/image/warp.ts'
import type { Network } from '../../src/network/load.ts'
import { realModels } from '../support/networks/node-models.ts'
import { drawImage, mirrorImage, sampleImage } from '../support/photos/sample-photos.ts'

const size = 150

let encoder: Network
let chip: Float32Array
beforeAll(async () => {
  const models = await realModels()
  encoder = models.encoder[0]!.network
  const image = await sampleImage('dora')
  const face = findFaces(models.detector, image)[0]!
  const landmarks = locateLandmarks(models.landmarks, image, face)
  chip = warp(image, alignFace(landmarks, size, 0.25), size)
})

function mirrorOf(square: Float32Array): Float32Array {
  const image: RgbImage = {
    width: size,
    height: size,
    data: new Uint8Array(square.map(Math.round)),
  }
  return Float32Array.from(mirrorImage(image).data)
}

function worst(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

describe('encodeChip', () => {
  it('gives 128 finite numbers, the same each time', () => {
    const encoding = encodeChip(encoder, chip)
    expect(encoding).toHaveLength(128)
    expect(encoding.every(Number.isFinite)).toBe(true)
    expect(encodeChip(encoder, chip)).toEqual(encoding)
    // The same number for number beside the mirror image's.
    expect(encodeBothWays(encoder, chip).single).toEqual(encoding)
  })

  it('with mirror, does not tell a chip from its mirror image', () => {
    const whole = chip.map(Math.round)
    const difference = worst(
      encodeBothWays(encoder, whole).averaged,
      encodeBothWays(encoder, mirrorOf(whole)).averaged,
    )
    expect(difference).toBeLessThan(1e-4)
    // Without it the two differ, so the above is not for nothing.
    const [plain, mirrored] = [whole, mirrorOf(whole)].map((c) => encodeChip(encoder, c))
    expect(worst(plain!, mirrored!)).toBeGreaterThan(1e-2)
  })

  it('with mirror, is the mean of the encodings of chip and mirror image', () => {
    const whole = chip.map(Math.round)
    const [plain, mirrored] = [whole, mirrorOf(whole)].map((c) => encodeChip(encoder, c))
    const mean = plain!.map((value, i) => (value + mirrored![i]!) / 2)
    expect(worst(encodeBothWays(encoder, whole).averaged, mean)).toBeLessThan(1e-5)
  })

  it('leaves the chip as it was', () => {
    const before = chip.slice()
    encodeBothWays(encoder, chip).averaged
    expect(chip).toEqual(before)
  })

  it('takes a little noise for nothing much, and a grey square for somebody else', () => {
    const encoding = encodeChip(encoder, chip)
    const noisy = chip.map((value, i) => Math.min(255, Math.max(0, value + ((i * 37) % 7) - 3)))
    expect(distance(encodeChip(encoder, noisy), encoding)).toBeLessThan(0.1)
    const grey = Float32Array.from(drawImage(size, size, () => [128, 128, 128]).data)
    expect(distance(encodeChip(encoder, grey), encoding)).toBeGreaterThan(0.6)
  })
})
