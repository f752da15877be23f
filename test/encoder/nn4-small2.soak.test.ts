import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { encodeBothWays, encodeChip } from '../../src/encoder/encode.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../../src/encoder/nn4-small2.ts'
import { distance } from '../../src/encoding/distance.ts'
import { startBackend } from '../../src/network/backend.ts'
import { toTfjsOrder } from '../../src/network/fold.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../src/network/load.ts'
import { runNetwork } from '../../src/network/run.ts'
import {
  csvTensors,
  csvTensorsOf,
  filterShape,
  isWeighted,
  type NetworkTable,
  outputChannels,
} from '../../src/network/table.ts'
import { countOf, packInMemory } from '../support/networks/pack-in-memory.ts'
import { seededWeights } from '../support/networks/seeded-weights.ts'
import { randomNumbers } from '../support/random.ts'
import { type Compared, compareOutputs } from '../support/references/compare-outputs.ts'
import {
  buildReference,
  type ReferenceVariant,
} from '../support/references/nn4-small2-reference.ts'
import { absentTensors, sharedOpenFace } from '../support/references/shared-openface.ts'
import { runUnfused } from '../support/references/unfused.ts'

const variants = [
  ['openface', nn4Small2OpenFace],
  ['exercise', nn4Small2Exercise],
] as const

beforeAll(async () => {
  await startBackend((await nodeAssets()).backend)
})

describe('nn4.small2', () => {
  it('has the 226 files of the exercise, 3,743,280 numbers in the 224 that are read', () => {
    for (const [, table] of variants) {
      const tensors = csvTensors(table)
      expect(new Set(tensors.map(({ name }) => name)).size).toBe(224)
      expect(tensors.reduce((sum, { shape }) => sum + countOf(shape), 0)).toBe(3_743_280)
      expect(table.unreadCsv).toEqual([
        { name: 'inception_5a_3x3_conv2_m', shape: [96] },
        { name: 'inception_5a_3x3_conv2_v', shape: [96] },
      ])
    }
  })

  it('has convolutions of 8 output channels or a multiple throughout: all run on our kernel', () => {
    for (const layer of nn4Small2OpenFace.layers.filter(isWeighted)) {
      expect(outputChannels(layer) % 8, layer.name).toBe(0)
    }
  })

  it('has one id a variant for the same weights', async () => {
    const tensors = seededWeights(nn4Small2OpenFace)
    const [openface, exercise] = await Promise.all(
      variants.map(async ([, table]) => (await packInMemory(table, tensors)).index),
    )
    expect(openface!.network).toBe('nn4.small2')
    expect(exercise!.network).toBe('nn4.small2-exercise')
    expect(openface!.weightsHash).not.toBe(exercise!.weightsHash)
  })
})

describe('encodings of nn4.small2', () => {
  it.each(variants)(
    '%s: have length 1, of a chip and of the mean with its mirror image',
    async (_, table) => {
      const network = await loadNetwork(
        table,
        await packInMemory(table, seededWeights(table)),
        'stock',
      )
      const chip = randomNumbers(96 * 96 * 3, 7).map((value) => (value + 1) * 127)
      const before = tf.memory().numTensors
      const [plain, mirrored] = [false, true].map((mirror) =>
        mirror ? encodeBothWays(network, chip).averaged : encodeChip(network, chip),
      )
      for (const encoding of [plain!, mirrored!]) {
        expect(encoding).toHaveLength(128)
        expect(Math.hypot(...encoding)).toBeCloseTo(1, 5)
      }
      expect(distance(plain!, mirrored!)).toBeGreaterThan(1e-3)
      expect(tf.memory().numTensors).toBe(before)
      disposeNetwork(network)
    },
  )

  it('are those of the same table in plain operations, nothing folded or fused', async () => {
    const table = nn4Small2OpenFace
    const weights = seededWeights(table)
    const network = await loadNetwork(table, await packInMemory(table, weights), 'stock')
    const pixels = randomNumbers(96 * 96 * 3, 8).map((value) => (value + 1) / 2)
    const { values } = runNetwork(network, pixels, [1, 96, 96])
    const plain = tf.tidy(() => {
      const unfolded = new Map<string, tf.Tensor>()
      for (const layer of table.layers.filter(isWeighted)) {
        for (const { name } of csvTensorsOf(layer)) {
          const numbers = weights.get(name)!
          unfolded.set(
            name,
            name === `${layer.name}_w`
              ? tf.tensor(toTfjsOrder(layer, numbers), filterShape(layer))
              : tf.tensor1d(numbers),
          )
        }
      }
      return runUnfused(table, unfolded, tf.tensor4d(pixels, [1, 96, 96, 3])).dataSync()
    })
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i]!, 5)
    })
    disposeNetwork(network)
  })
})

/** Every output of the reference on the CPU backend against ours, packed in float32, on the WASM backend. */
async function compareLayers(
  variant: ReferenceVariant,
  table: NetworkTable,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<Map<string, Compared>> {
  const batch = 2
  const pixels = randomNumbers(batch * 96 * 96 * 3, 3).map((value) => (value + 1) / 2)
  await tf.setBackend('cpu')
  const wanted = tf.tidy(() => {
    const reference = buildReference(variant, tensors)
    const outputs = reference.run(tf.tensor4d(pixels, [batch, 96, 96, 3]))
    return outputs.map((output, i) => ({
      name: reference.names[i]!,
      shape: output.shape,
      values: output.dataSync() as Float32Array,
    }))
  })
  await tf.setBackend('wasm')
  const network = await loadNetwork(table, await packInMemory(table, tensors), 'stock')
  const compared = new Map<string, Compared>()
  for (const { name, shape, values } of wanted) {
    const got = runNetwork(upTo(network, name), pixels, [batch, 96, 96])
    compared.set(name, compareOutputs(name, got, { shape, values }))
  }
  disposeNetwork(network)
  return compared
}

/** The network cut off behind one layer. */
function upTo({ table, ...network }: Network, layer: string): Network {
  const end = table.layers.findIndex(({ name }) => name === layer) + 1
  return { ...network, table: { ...table, layers: table.layers.slice(0, end) } }
}

function report(title: string, layers: ReadonlyMap<string, Compared>): void {
  const lines = [...layers].map(
    ([name, { absolute, relative }]) =>
      `  ${name.padEnd(24)} ${absolute.toExponential(1)} (${relative.toExponential(1)} of the largest)`,
  )
  console.log(`${title}, largest difference by layer\n${lines.join('\n')}`)
}

function expectAgreement(table: NetworkTable, layers: ReadonlyMap<string, Compared>): void {
  const weighted = table.layers.filter((layer) => isWeighted(layer)).map(({ name }) => name)
  expect([...layers.keys()]).toEqual(expect.arrayContaining(weighted))
  for (const [name, { relative }] of layers) expect(relative, name).toBeLessThan(1e-5)
  expect(layers.get('unit')!.absolute).toBeLessThan(1e-4)
}

describe('nn4.small2, against tf.layers on the CPU backend', () => {
  it.each(variants)('%s, on seeded weights', async (variant, table) => {
    const layers = await compareLayers(variant, table, seededWeights(table))
    report(`${table.name}, seeded weights`, layers)
    expectAgreement(table, layers)
  })

  it.skipIf(!existsSync(sharedOpenFace)).each(variants)(
    '%s, on the 221 published tensors and seeded ones for those absent',
    async (variant, table) => {
      const tensors = seededWeights(table)
      for (const { name } of csvTensors(table)) {
        if (absentTensors.includes(name)) continue
        const text = await readFile(join(sharedOpenFace, `${name}.csv`), 'utf8')
        const numbers = Float32Array.from(text.trim().split(','), Number)
        expect(numbers, name).toHaveLength(tensors.get(name)!.length)
        tensors.set(name, numbers)
      }
      const layers = await compareLayers(variant, table, tensors)
      report(`${table.name}, published weights`, layers)
      expectAgreement(table, layers)
    },
  )
})
