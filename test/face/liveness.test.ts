import { beforeAll, describe, expect, it } from 'vitest'
import { readOnnx } from '../../scripts/weights/graphs/onnx-file.ts'
import { tensorsOfOnnx } from '../../scripts/weights/import-onnx.ts'
import { createEngine } from '../../src/engine/face-engine.ts'
import { detectPhoto, encodePhoto, type Models } from '../../src/engine/pipeline.ts'
import { scoreLiveness, surroundingsOf } from '../../src/face/liveness.ts'
import { miniFasnetSe } from '../../src/face/networks/mini-fasnet-se.ts'
import { loadNetwork, type Network } from '../../src/network/load.ts'
import { makeMiniFasnetOnnx } from '../support/mini-fasnet-onnx.ts'
import { realModels } from '../support/node-models.ts'
import { packInMemory } from '../support/pack-in-memory.ts'
import { drawImage, probeFile, readPhoto, sampleImage } from '../support/sample-photos.ts'
import { faceAt } from '../support/upright-face.ts'

let models: Models
let network: Network
/** The network on seeded weights, with some of them replaced. */
async function load(replaced: Record<string, Float32Array> = {}): Promise<Network> {
  const tensors = tensorsOfOnnx(miniFasnetSe, readOnnx(makeMiniFasnetOnnx()))
  for (const [name, values] of Object.entries(replaced)) tensors.set(name, values)
  return loadNetwork(miniFasnetSe, await packInMemory(miniFasnetSe, tensors))
}

beforeAll(async () => {
  const { liveness: _, ...without } = await realModels()
  models = without
  network = await load()
})

describe('surroundingsOf', () => {
  const photo = { width: 1000, height: 800 }

  it('is the box 2.7 times as wide and as high, about its middle', () => {
    expect(surroundingsOf({ x: 400, y: 300, width: 100, height: 120 }, photo)).toEqual({
      x: 315,
      y: 198,
      width: 270,
      height: 324,
    })
  })

  it.each([
    ['left and top', { x: 10, y: 20, width: 100, height: 100 }, { x: 0, y: 0 }],
    ['right and bottom', { x: 880, y: 690, width: 100, height: 100 }, { x: 729, y: 529 }],
    ['out of the photo', { x: -30, y: -10, width: 100, height: 100 }, { x: 0, y: 0 }],
  ])('is moved back into the photo at its edge: %s', (_, box, corner) => {
    expect(surroundingsOf(box, photo)).toEqual({ ...corner, width: 270, height: 270 })
  })

  it('is as large as the photo allows, and keeps the shape of the box', () => {
    const { width, height } = surroundingsOf({ x: 300, y: 200, width: 300, height: 400 }, photo)
    expect(height).toBe(799)
    expect(width).toBe(Math.trunc((300 * 799) / 400))
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
    const found = surroundingsOf(box, { width, height })
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

  it('is the share of the first logit after softmax', async () => {
    // With nothing from the photo reaching the logits, all three are equal.
    const flat = await load({ logits_w: new Float32Array(384) })
    expect(scoreLiveness(flat, await sampleImage('ada'), face)).toBeCloseTo(1 / 3, 6)
  })

  it('sees colours: red and blue changed places give another score', async () => {
    const image = await sampleImage('ada')
    const swapped = drawImage(image.width, image.height, (x, y) => {
      const at = (y * image.width + x) * 3
      return [image.data[at + 2]!, image.data[at + 1]!, image.data[at]!]
    })
    const score = scoreLiveness(network, image, face)
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(1)
    expect(scoreLiveness(network, swapped, face)).not.toBeCloseTo(score, 6)
  })

  it('is NaN, and so never live, when the network is broken', async () => {
    const logits_w = new Float32Array(384).fill(Number.NaN)
    expect(scoreLiveness(await load({ logits_w }), await sampleImage('ada'), face)).toBeNaN()
  })
})

describe('the pipeline', () => {
  it('scores the face that it encodes, in the photo turned upright, when asked', async () => {
    const photo = await readPhoto(probeFile)
    const plain = await encodePhoto({ ...models, liveness: network }, photo)
    expect(plain).not.toHaveProperty('livenessScore')
    const scored = await encodePhoto({ ...models, liveness: network }, photo, { liveness: true })
    expect(scored.encoding).toEqual(plain.encoding)
    const [detected] = await detectPhoto({ ...models, liveness: network }, photo, {
      liveness: true,
    })
    expect(scored.livenessScore).toBeGreaterThanOrEqual(0)
    expect(detected!.livenessScore).toBe(scored.livenessScore)
  })

  it('refuses to score without a network, instead of calling everybody live', async () => {
    const photo = await readPhoto(probeFile)
    const message = 'liveness was asked for, and no network for it is loaded'
    await expect(encodePhoto(models, photo, { liveness: true })).rejects.toThrow(message)
    await expect(detectPhoto(models, photo, { liveness: true })).rejects.toThrow(message)
  })
})

describe('createEngine', () => {
  it('says which network scores, and that there is none', () => {
    expect(createEngine(models)).not.toHaveProperty('liveness')
    expect(createEngine({ ...models, liveness: network }).liveness).toEqual({
      model: network.model,
      threshold: 0.3,
    })
  })
})
