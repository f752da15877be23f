import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { dlibResnet } from '../../../../src/encoder/dlib-resnet.ts'
import { nn4Small2OpenFace } from '../../../../src/encoder/nn4-small2.ts'
import { csvTensors, type NetworkTable, networkInput } from '../../../../src/network/table.ts'
import { seededWeights } from '../../../../test/support/networks/seeded-weights.ts'
import { randomNumbers } from '../../../../test/support/random.ts'
import { startTrainBackend } from '../../../training/backend/train-backend.ts'
import { foldHead, identityHead, withHead } from '../../../training/passes/head.ts'
import { layersFrom, runLayers } from '../../../training/passes/network-pass.ts'
import {
  fillParameters,
  parameterCount,
  viewParameters,
} from '../../../training/passes/parameters.ts'

describe('withHead', () => {
  it('adds one tensor of 128 x 128', () => {
    const added = csvTensors(withHead(dlibResnet)).slice(csvTensors(dlibResnet).length)
    expect(added).toEqual([{ name: 'head_w', shape: [128, 128] }])
  })

  it('ends at length 1 where the network does', () => {
    expect(withHead(dlibResnet).layers.at(-1)!.op).toBe('dense')
    expect(withHead(nn4Small2OpenFace).layers.at(-1)!.op).toBe('l2Normalise')
  })

  it('starts as the identity', () => {
    const head = identityHead(dlibResnet)
    expect(head).toHaveLength(128 * 128)
    for (const [place, value] of [
      [0, 1],
      [1, 0],
      [129, 1],
      [128, 0],
      [128 * 128 - 1, 1],
    ] as const) {
      expect(head[place]).toBe(value)
    }
  })
})

describe.each([dlibResnet, nn4Small2OpenFace])('a head folded into $name', (table) => {
  beforeAll(startTrainBackend)

  it('gives the same encodings as the head behind it', () => {
    const csv = seededWeights(withHead(table))
    const { size } = table.input
    const input = tf.tensor(randomNumbers(size * size * 3, 1), [1, size, size, 3])
    const encode = (network: NetworkTable, tensors: ReadonlyMap<string, Float32Array>) => {
      const parameters = viewParameters(network, new SharedArrayBuffer(parameterCount(network) * 4))
      fillParameters(network, parameters, tensors)
      const inputs = new Map([[networkInput, input]])
      const range = layersFrom(network, null)
      const last = network.layers.at(-1)!.name
      const options = { statistics: 'running' } as const
      return runLayers(network, range, inputs, parameters, options, [last])[0]!.dataSync()
    }
    const folded = foldHead(table, csv)
    expect([...folded.keys()]).toEqual(csvTensors(table).map(({ name }) => name))
    const [behind, inside] = [encode(withHead(table), csv), encode(table, folded)]
    const largest = Math.max(...behind.map(Math.abs))
    behind.forEach((value, i) => {
      expect(Math.abs(value - inside[i]!)).toBeLessThan(largest * 1e-5)
    })
  })
})

it('a network that does not end with a dense layer takes no head', () => {
  const headless = { ...dlibResnet, layers: dlibResnet.layers.slice(0, -1) }
  expect(() => foldHead(headless, new Map())).toThrow('dlib-resnet does not end with a dense layer')
})
