import { existsSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import {
  type OnnxGraph,
  type OnnxNode,
  readOnnx,
} from '../../../scripts/weights/graphs/onnx-file.ts'
import { keptOnnxFile } from '../../../scripts/weights/import-liveness.ts'
import { tensorsOfOnnx } from '../../../scripts/weights/import-onnx.ts'
import { miniFasnetSe } from '../../../src/face/networks/mini-fasnet-se.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork, type Network } from '../../../src/network/load.ts'
import { runNetwork } from '../../../src/network/run.ts'
import type { Layer } from '../../../src/network/table.ts'
import { makeMiniFasnetOnnx } from '../../support/mini-fasnet-onnx.ts'
import { runOnnx } from '../../support/onnx-reference.ts'
import { packInMemory } from '../../support/pack-in-memory.ts'
import { randomNumbers } from '../../support/random.ts'

beforeAll(async () => startBackend((await nodeAssets()).backend))

/** Layers whose outputs are compared, and the node whose output must be the same. */
const comparedOps: Partial<Record<Layer['op'], string>> = {
  prelu: 'PRelu',
  add: 'Add',
  gate: 'Mul',
  globalAverage: 'GlobalAveragePool',
}

function upTo({ table, ...network }: Network, layer: string): Network {
  const end = table.layers.findIndex(({ name }) => name === layer) + 1
  return { ...network, table: { ...table, layers: table.layers.slice(0, end) } }
}

/**
 * Largest difference of each compared layer, as a share of the layer's largest value; of the logits as it is.
 *
 * @param graph what is imported
 * @param source what is run as it stands
 */
async function compare(
  graph: OnnxGraph,
  source = graph,
): Promise<{ layers: Map<string, number>; logits: number }> {
  const packed = await packInMemory(miniFasnetSe, tensorsOfOnnx(miniFasnetSe, graph))
  const network = await loadNetwork(miniFasnetSe, packed, 'stock')
  const input = randomNumbers(128 * 128 * 3, 3).map((value) => Math.round(127.5 + 127.5 * value))
  const x = tf.tensor4d(input, [1, 128, 128, 3])
  const reference = runOnnx(source, x)
  x.dispose()
  const seen = new Map<string, number>()
  const layers = new Map<string, number>()
  for (const { op, name } of miniFasnetSe.layers) {
    const ofNode = comparedOps[op]
    if (!ofNode) continue
    const nth = seen.get(ofNode) ?? 0
    seen.set(ofNode, nth + 1)
    const wanted = reference.filter((output) => output.op === ofNode)[nth]!
    const got = runNetwork(upTo(network, name), input, [1, 128, 128])
    if (op !== 'globalAverage') expect(got.shape, name).toEqual(wanted.shape)
    layers.set(name, largestDifference(got.values, wanted.values) / largest(wanted.values))
  }
  for (const [op, count] of seen) {
    expect(reference.filter((output) => output.op === op)).toHaveLength(count)
  }
  const got = runNetwork(network, input, [1, 128, 128])
  disposeNetwork(network)
  expect(got.shape).toEqual([1, 3])
  return { layers, logits: largestDifference(got.values, reference.at(-1)!.values) }
}

function largestDifference(left: Float32Array, right: Float32Array): number {
  expect(left.length).toBe(right.length)
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0)
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

async function expectSame(graph: OnnxGraph): Promise<void> {
  const { layers, logits } = await compare(graph)
  const worst = [...layers].sort(([, left], [, right]) => right - left)[0]!
  console.log(
    `mini-fasnet-se: ${layers.size} layers, largest difference ${worst[1].toExponential(1)} of the largest value ` +
      `(${worst[0]}); logits ${logits.toExponential(1)}`,
  )
  expect(layers.size).toBe(33 + 12 + 3 + 3)
  for (const [name, relative] of layers) expect(relative, name).toBeLessThan(1e-5)
  expect(logits).toBeLessThan(1e-4)
}

describe('the table, imported and packed, against its ONNX file in plain ops', () => {
  it('gives the same after every layer, on seeded weights', async () => {
    await expectSame(readOnnx(makeMiniFasnetOnnx()))
  })

  it('does not where one slope of the file is another', async () => {
    const graph = readOnnx(makeMiniFasnetOnnx())
    const name = graph.nodes.find(({ op }) => op === 'PRelu')!.inputs[1]!
    const { shape, values } = graph.tensors.get(name)!
    const changed = new Map(graph.tensors).set(name, {
      shape,
      values: values.map((slope, c) => (c === 5 ? slope + 0.5 : slope)),
    })
    const { layers } = await compare(graph, { ...graph, tensors: changed })
    expect(layers.get('conv1_prelu')).toBeGreaterThan(0.01)
  })
})

// Runs wherever "npm run liveness" was run; the summary of npm test says whether it did.
describe.skipIf(!existsSync(keptOnnxFile))('the file that was imported', () => {
  const read = () => readOnnx(new Uint8Array(readFileSync(keptOnnxFile)))

  it('gives the same after every layer', async () => {
    await expectSame(read())
  })

  it('is connected as the one that the other tests make', () => {
    const made = readOnnx(makeMiniFasnetOnnx())
    const computing = ({ nodes }: OnnxGraph): OnnxNode[] =>
      nodes.filter(({ op }) => !['Shape', 'Constant', 'Gather', 'Unsqueeze', 'Concat'].includes(op))
    expect(connections(computing(read()))).toEqual(connections(computing(made)))
  })
})

/** Per node its op, and which nodes it reads, by their place. */
function connections(nodes: readonly OnnxNode[]): [op: string, ...read: number[]][] {
  const places = new Map(nodes.map(({ outputs }, place) => [outputs[0]!, place]))
  return nodes.map(({ op, inputs }) => [
    op,
    ...inputs.flatMap((name) => (places.has(name) ? [places.get(name)!] : [])),
  ])
}
