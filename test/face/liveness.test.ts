import { beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/face-engine.ts'
import { detectPhoto, encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { livenessParts, scoreLiveness, surroundingsOf } from '../../src/face/liveness.ts'
import { loadNetwork, type Network } from '../../src/network/load.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { realModels } from '../support/networks/node-models.ts'
import { packInMemory } from '../support/networks/pack-in-memory.ts'
import { seededWeights } from '../support/networks/seeded-weights.ts'
import { drawImage, probeFile, readPhoto, sampleImage } from '../support/photos/sample-photos.ts'

let models: Models
let networks: Network[]
/** The networks on seeded weights, with some of them replaced in those named. */
function load(
  replaced: Record<string, Float32Array> = {},
  names = livenessParts.map(({ table }) => table.name),
): Promise<Network[]> {
  return Promise.all(
    livenessParts.map(async ({ table }) => {
      const tensors = seededWeights(table)
      // Pixels are up to 255; logits must not leave softmax nothing between 0 and 1.
      for (const [name, scale] of [
        ['conv1_w', 1 / 128],
        ['logits_w', 1 / 100],
      ] as const)
        tensors.set(
          name,
          tensors.get(name)!.map((value) => value * scale),
        )
      if (names.includes(table.name))
        for (const [name, values] of Object.entries(replaced)) tensors.set(name, values)
      return loadNetwork(table, await packInMemory(table, tensors))
    }),
  )
}

beforeAll(async () => {
  const { liveness: _, ...without } = await realModels()
  models = without
  networks = await load()
})

describe('surroundingsOf', () => {
  const photo = { width: 1000, height: 800 }

  it('is the box 2.7 or 4 times as wide and as high, about its middle, both ends included', () => {
    const box = { x: 400, y: 300, width: 100, height: 120 }
    expect(surroundingsOf(box, photo, 2.7)).toEqual({ x: 315, y: 198, width: 271, height: 325 })
    expect(surroundingsOf(box, photo, 4)).toEqual({ x: 250, y: 120, width: 401, height: 481 })
  })

  it.each([
    ['left and top', { x: 10, y: 20, width: 100, height: 100 }, { x: 0, y: 0 }],
    ['right and bottom', { x: 880, y: 690, width: 100, height: 100 }, { x: 729, y: 529 }],
    ['out of the photo', { x: -30, y: -10, width: 100, height: 100 }, { x: 0, y: 0 }],
  ])('is moved back into the photo at its edge: %s', (_, box, corner) => {
    expect(surroundingsOf(box, photo, 2.7)).toEqual({ ...corner, width: 271, height: 271 })
  })

  it('is as large as the photo allows, and keeps the shape of the box', () => {
    const box = { x: 300, y: 200, width: 300, height: 400 }
    const { width, height } = surroundingsOf(box, photo, 2.7)
    expect(height).toBe(800)
    expect(width).toBe(Math.trunc((300 * 799) / 400) + 1)
  })

  it.each([
    [{ x: 5, y: 5, width: 0.4, height: 0.2 }, photo],
    [
      { x: 0, y: 0, width: 96, height: 110 },
      { width: 96, height: 96 },
    ],
    [
      { x: -20.7, y: 31.2, width: 88.8, height: 99.9 },
      { width: 64, height: 128 },
    ],
    [{ x: 990, y: 790, width: 40, height: 30 }, photo],
  ])('never reaches out of the photo: %j in %j', (box, { width, height }) => {
    const found = surroundingsOf(box, { width, height }, 4)
    expect(Object.values(found).every(Number.isInteger)).toBe(true)
    expect(found.x).toBeGreaterThanOrEqual(0)
    expect(found.y).toBeGreaterThanOrEqual(0)
    expect(found.width).toBeGreaterThanOrEqual(1)
    expect(found.height).toBeGreaterThanOrEqual(1)
    expect(found.x + found.width).toBeLessThanOrEqual(width)
    expect(found.y + found.height).toBeLessThanOrEqual(height)
  })
})

describe('scoreLiveness', () => {
  const face = faceAt(145, 150, 95)

  it('is the mean of both networks, of each the share of the second logit after softmax', async () => {
    // With nothing from the photo reaching the features, their bias alone makes the logits.
    const features_w = new Float32Array(512 * 128)
    const features_b = new Float32Array(128).fill(1)
    const logits_w = new Float32Array(3 * 128).fill(2 / 128, 128, 256)
    const fixed = { features_w, features_b, logits_w }
    const share = Math.exp(2) / (Math.exp(2) + 2)
    const both = await load(fixed)
    expect(scoreLiveness(both, await sampleImage('ada'), face)).toBeCloseTo(share, 3)
    const flat = { ...fixed, logits_w: new Float32Array(3 * 128) }
    const [first] = both
    const [, second] = await load(flat)
    expect(scoreLiveness([first!, second!], await sampleImage('ada'), face)).toBeCloseTo(
      (share + 1 / 3) / 2,
      3,
    )
  })

  it('sees colours: red and blue changed places give another score', async () => {
    const image = await sampleImage('ada')
    const swapped = drawImage(image.width, image.height, (x, y) => {
      const at = (y * image.width + x) * 3
      return [image.data[at + 2]!, image.data[at + 1]!, image.data[at]!]
    })
    const score = scoreLiveness(networks, image, face)
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(1)
    expect(scoreLiveness(networks, swapped, face)).not.toBeCloseTo(score, 6)
  })

  it.each(livenessParts)(
    'is NaN, and so never live, when $table.name is broken',
    async ({ table }) => {
      const logits_w = new Float32Array(384).fill(Number.NaN)
      const broken = await load({ logits_w }, [table.name])
      expect(scoreLiveness(broken, await sampleImage('ada'), face)).toBeNaN()
    },
  )
})

describe('the pipeline', () => {
  it('scores the face that it encodes, in the photo turned upright, when asked', async () => {
    const photo = await readPhoto(probeFile)
    const plain = await encodePhoto({ ...models, liveness: networks }, photo)
    expect(plain).not.toHaveProperty('livenessScore')
    const scored = await encodePhoto({ ...models, liveness: networks }, photo, { liveness: true })
    expect(scored.encoding).toEqual(plain.encoding)
    const [detected] = await detectPhoto({ ...models, liveness: networks }, photo, {
      liveness: true,
    })
    expect(scored.livenessScore).toBeGreaterThanOrEqual(0)
    // Looking for every face finds the box of this one a few pixels off.
    expect(Math.abs(detected!.livenessScore! - scored.livenessScore!)).toBeLessThan(0.05)
  })

  it('refuses to score without a network, instead of calling everybody live', async () => {
    const photo = await readPhoto(probeFile)
    const message = 'liveness was asked for, and no network for it is loaded'
    await expect(encodePhoto(models, photo, { liveness: true })).rejects.toThrow(message)
    await expect(detectPhoto(models, photo, { liveness: true })).rejects.toThrow(message)
  })
})

describe('createEngine', () => {
  it('says which networks score, and that there is none', () => {
    expect(createEngine(models)).not.toHaveProperty('liveness')
    const { liveness } = createEngine({ ...models, liveness: networks })
    expect(liveness).toEqual({
      model: expect.stringMatching(/^mini-fasnet@[0-9a-f]{8}$/),
      threshold: 0.5,
    })
    const other = { ...networks[1]!, model: 'mini-fasnet-v1se@00000000' }
    const changed = createEngine({ ...models, liveness: [networks[0]!, other] }).liveness
    expect(changed!.model).not.toBe(liveness!.model)
  })
})
