import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { dlibResnet } from '../../src/encoder/dlib-resnet.ts'
import type { EngineAssets } from '../../src/engine/face-engine.ts'
import { blazefaceFullRange } from '../../src/face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../../src/face/networks/face-landmark-68.ts'
import { warp } from '../../src/image/warp.ts'
import { reserveHeap, startBackend, wasmHeapBytes } from '../../src/network/backend.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../src/network/load.ts'
import { toNetworkInput } from '../../src/network/picture.ts'
import { runNetwork } from '../../src/network/run.ts'
import type { NetworkTable } from '../../src/network/table.ts'
import { packInMemory, readWeights } from '../support/networks/pack-in-memory.ts'
import { sampleImage } from '../support/photos/sample-photos.ts'
import { randomNumbers } from '../support/random.ts'
import { type Compared, compareOutputs } from '../support/references/compare-outputs.ts'
import {
  type Forward,
  forwardDlib,
  forwardLandmarks,
  readSource,
  type SourceFile,
} from '../support/references/source-networks.ts'
import { readDetector, runTflite } from '../support/references/tflite-reference.ts'

let assets: EngineAssets
beforeAll(async () => {
  assets = await nodeAssets()
  await startBackend(assets.backend)
  reserveHeap()
})

/** On tfjs's own operations: how far a plan is from them is test/network/plan. */
async function load(table: NetworkTable): Promise<Network> {
  return loadNetwork(table, await assets.packedNetwork(table), 'stock')
}

/** The network cut off behind one layer: what runs up to there, its output comes out. */
function upTo({ table, ...network }: Network, layer: string): Network {
  const end = table.layers.findIndex(({ name }) => name === layer) + 1
  return { ...network, table: { ...table, layers: table.layers.slice(0, end) } }
}

/** What each layer gives here and in the independent forward pass. */
function compareLayers(
  network: Network,
  source: SourceFile,
  forward: Forward,
  [batch, size]: readonly [number, number],
): Map<string, Compared> {
  const input = randomNumbers(batch * size * size * 3, batch)
  const wanted = new Map<string, { shape: number[]; values: Float32Array }>()
  tf.tidy(() => {
    const outputs = forward(readSource(source), tf.tensor4d(input, [batch, size, size, 3]))
    for (const [name, output] of outputs) {
      wanted.set(name, { shape: output.shape, values: output.dataSync() as Float32Array })
    }
  })
  return new Map(
    [...wanted].map(([name, { shape, values }]) => {
      const got = runNetwork(upTo(network, name), input, [batch, size, size])
      return [name, compareOutputs(name, got, { shape, values })]
    }),
  )
}

function report(title: string, layers: ReadonlyMap<string, Compared>): void {
  const lines = [...layers].map(
    ([name, { absolute, relative }]) =>
      `  ${name.padEnd(18)} ${absolute.toExponential(1)} (${relative.toExponential(1)} of the largest)`,
  )
  console.log(`${title}, largest difference by layer\n${lines.join('\n')}`)
}

describe('the networks, against forward passes in plain ops straight from their source', () => {
  /** As the network wants it: [batch, height, width, 3] in -1..1. */
  async function sampleInput(size: number): Promise<Float32Array> {
    const image = await sampleImage('bea')
    const place = { a: image.width / size, b: 0, x0: 0, y0: 0 }
    return toNetworkInput(blazefaceFullRange, [warp(image, place, size)])
  }

  it.each([
    ['noise', 192, 192, 1],
    ['noise', 192, 192, 2],
    ['noise', 96, 128, 1],
    ['noise', 256, 64, 1],
    ['a face', 192, 192, 1],
  ] as const)('the detector on %s, %i x %i, %i at a time', async (what, height, width, batch) => {
    const network = await load(blazefaceFullRange)
    const input =
      what === 'a face'
        ? await sampleInput(height)
        : randomNumbers(batch * height * width * 3, height + batch)
    const [scores, faces] = tf.tidy(() => {
      const results = runTflite(readDetector(), tf.tensor4d(input, [batch, height, width, 3]))
      return results.map((result) => result.dataSync() as Float32Array)
    })
    const { values, shape } = runNetwork(network, input, [batch, height, width])
    expect(shape).toEqual([batch, height / 4, width / 4, 17])
    let worst = 0
    let largest = 0
    values.forEach((value, i) => {
      const cell = Math.floor(i / 17)
      const wanted = i % 17 === 16 ? scores![cell]! : faces![cell * 16 + (i % 17)]!
      worst = Math.max(worst, Math.abs(value - wanted))
      largest = Math.max(largest, Math.abs(wanted))
    })
    console.log(`blazeface-full-range, ${what}: largest difference ${worst} of ${largest}`)
    // Pixels of the input, and logits.
    expect(worst).toBeLessThan(2e-3)
    expect(worst / largest).toBeLessThan(2e-5)
    disposeNetwork(network)
  })

  it.each([1, 2])('the landmark network, %i at a time', async (batch) => {
    const network = await load(faceLandmark68)
    const layers = compareLayers(network, 'face_landmark_68_model', forwardLandmarks, [batch, 112])
    report('face-landmark-68', layers)
    expect([...layers.keys()]).toHaveLength(5)
    for (const { relative } of layers.values()) expect(relative).toBeLessThan(1e-5)
    expect(layers.get('fc')!.absolute).toBeLessThan(1e-4)
    disposeNetwork(network)
  })

  it("dlib's ResNet, packed without loss", async () => {
    const packed = await packInMemory(dlibResnet, await readWeights(dlibResnet), 'float32')
    const network = await loadNetwork(dlibResnet, packed, 'stock')
    const layers = compareLayers(network, 'face_recognition_model', forwardDlib, [2, 150])
    report('dlib-resnet, float32', layers)
    expect([...layers.keys()]).toHaveLength(17)
    for (const { relative } of layers.values()) expect(relative).toBeLessThan(1e-5)
    expect(layers.get('fc')!.absolute).toBeLessThan(1e-4)
    disposeNetwork(network)
  })

  it("dlib's ResNet as it ships, where eight filters are rounded to ten bits", async () => {
    const network = await load(dlibResnet)
    const layers = compareLayers(network, 'face_recognition_model', forwardDlib, [1, 150])
    report('dlib-resnet, integer', layers)
    // Up to the first of those filters nothing is lost.
    expect(layers.get('conv32_3')!.relative).toBeLessThan(1e-5)
    expect(layers.get('fc')!.absolute).toBeLessThan(0.002)
    disposeNetwork(network)
  })
})

describe('runNetwork', () => {
  const detectorAt = (size: number, network: Network) =>
    runNetwork(network, randomNumbers(size * size * 3, size), [1, size, size])

  it('refuses an input that is not of the size of the table', async () => {
    const detector = await load(blazefaceFullRange)
    const landmarks = await load(faceLandmark68)
    const { numTensors } = tf.memory()
    expect(() => detectorAt(100, detector)).toThrow(
      new Error('blazeface-full-range: the input [1, 100, 100, 3] is not of its size 32'),
    )
    expect(() => detectorAt(224, landmarks)).toThrow(
      new Error('face-landmark-68: the input [1, 224, 224, 3] is not of its size 112'),
    )
    const tooShort = new Float32Array(112 * 112 * 3 - 1)
    expect(() => runNetwork(landmarks, tooShort, [1, 112, 112])).toThrow(
      new Error('face-landmark-68: the input [1, 112, 112, 3] is not of its size 112'),
    )
    expect(tf.memory().numTensors).toBe(numTensors)
    ;[detector, landmarks].forEach(disposeNetwork)
  })

  it('gives each picture of a batch what it gives it alone', async () => {
    const network = await load(faceLandmark68)
    const length = 112 * 112 * 3
    const pair = randomNumbers(2 * length, 5)
    const together = runNetwork(network, pair, [2, 112, 112]).values
    for (const picture of [0, 1]) {
      const input = pair.slice(picture * length, (picture + 1) * length)
      const alone = runNetwork(network, input, [1, 112, 112]).values
      const ofBatch = together.subarray(picture * 136, (picture + 1) * 136)
      alone.forEach((value, i) => {
        expect(value).toBeCloseTo(ofBatch[i]!, 5)
      })
    }
    disposeNetwork(network)
  })

  it('reads the layer before, or the ones that `from` names, and keeps them as long as needed', () => {
    const table: NetworkTable = {
      name: 'sums',
      input: { size: 2, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1 },
      layers: [
        { op: 'maxPool', name: 'a', from: 'input', size: 1, stride: 1, padding: 'valid' },
        { op: 'add', name: 'b', from: ['a', 'input'], activation: 'linear' },
        { op: 'avgPool', name: 'c', size: 2, stride: 2, padding: 'valid' },
        { op: 'avgPool', name: 'd', from: 'a', size: 2, stride: 2, padding: 'valid' },
        { op: 'add', name: 'e', from: ['c', 'd'], activation: 'linear' },
        { op: 'add', name: 'f', from: ['e', 'c', 'd'], activation: 'relu' },
        { op: 'appendZeros', name: 'g', rows: 1, columns: 0, channels: 1 },
        { op: 'flatten', name: 'h' },
      ],
    }
    const network: Network = {
      table,
      weights: { engine: 'stock', tensors: new Map() },
      model: 'sums@0',
    }
    const { numTensors } = tf.memory()
    // Means of the three channels are 1, 2 and -3; c is twice that, d once, e three times, f six times.
    const input = Float32Array.of(0, 1, -4, 2, 3, -2, 1, 2, -3, 1, 2, -3)
    const { values, shape } = runNetwork(network, input, [1, 2, 2])
    expect(shape).toEqual([1, 8])
    expect([...values]).toEqual([6, 12, 0, 0, 0, 0, 0, 0])
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('leaves tensors and heap flat over 200 runs of mixed sizes', async () => {
    const [detector, landmarks, encoder] = await Promise.all(
      [blazefaceFullRange, faceLandmark68, dlibResnet].map(load),
    )
    const round = (): void => {
      for (const size of [96, 224, 160, 32]) detectorAt(size, detector!)
      runNetwork(landmarks!, new Float32Array(112 * 112 * 3), [1, 112, 112])
    }
    const encode = (batch: number) =>
      runNetwork(encoder!, new Float32Array(batch * 150 * 150 * 3), [batch, 150, 150])
    round()
    encode(2)
    const { numTensors } = tf.memory()
    const heap = wasmHeapBytes()
    for (let i = 0; i < 36; i++) {
      round()
      if (i % 2 === 0) encode(1 + (i % 4) / 2)
    }
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(wasmHeapBytes()).toBe(heap)
    console.log(`WASM heap with three networks: ${(heap / 2 ** 20).toFixed(1)} MiB`)
    ;[detector!, landmarks!, encoder!].forEach(disposeNetwork)
  })

  it('grows the heap for the largest size only, whatever other sizes come, and gives the same as before', async () => {
    const network = await load(blazefaceFullRange)
    const sides = [32, 64, 96, 128, 160, 192, 224, 256]
    const at = (height: number, width: number) =>
      runNetwork(network, randomNumbers(height * width * 3, height), [1, height, width]).values
    const first = at(64, 64)
    at(256, 256)
    const heap = wasmHeapBytes()
    for (const height of sides) for (const width of sides) at(height, width)
    // Of 64 sizes the commands are kept, of a few kilobytes each.
    expect(wasmHeapBytes() - heap).toBeLessThan(2 ** 20)
    expect(at(64, 64)).toEqual(first)
    disposeNetwork(network)
  })
})
