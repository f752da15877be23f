import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { dlibResnet } from '../../../../src/encoder/dlib-resnet.ts'
import { nn4Small2Exercise, nn4Small2OpenFace } from '../../../../src/encoder/nn4-small2.ts'
import { loadNetwork } from '../../../../src/network/load.ts'
import { toNetworkInput } from '../../../../src/network/picture.ts'
import { runNetwork } from '../../../../src/network/run.ts'
import { shapesOf } from '../../../../src/network/shapes.ts'
import { type NetworkTable, networkInput } from '../../../../src/network/table.ts'
import { packInMemory } from '../../../../test/support/networks/pack-in-memory.ts'
import { seededWeights } from '../../../../test/support/networks/seeded-weights.ts'
import { tinyNetwork } from '../../../../test/support/networks/tiny-network.ts'
import { randomNumbers } from '../../../../test/support/random.ts'
import { startTrainBackend } from '../../../training/backend/train-backend.ts'
import { cutOf, layersFrom, passNetwork, runLayers } from '../../../training/passes/network-pass.ts'
import {
  fillParameters,
  type Parameters,
  parameterCount,
  toCsvTensors,
  viewParameters,
} from '../../../training/passes/parameters.ts'

beforeAll(startTrainBackend)

function parametersOf(table: NetworkTable, csv = seededWeights(table)): Parameters {
  const parameters = viewParameters(table, new SharedArrayBuffer(parameterCount(table) * 4))
  fillParameters(table, parameters, csv)
  return parameters
}

function inputOf(table: NetworkTable, count: number): tf.Tensor {
  const { size } = table.input
  const chips = Array.from({ length: count }, (_, i) =>
    randomNumbers(size * size * 3, 100 + i).map((value) => (value + 1) * 127.5),
  )
  return tf.tensor(toNetworkInput(table, chips), [count, size, size, 3])
}

describe('parameters', () => {
  it('come back in the order of the CSV files, bit for bit', () => {
    const csv = seededWeights(tinyNetwork)
    expect(toCsvTensors(tinyNetwork, parametersOf(tinyNetwork, csv))).toEqual(csv)
  })
})

describe.each([tinyNetwork, nn4Small2OpenFace, nn4Small2Exercise, dlibResnet])(
  '$name, unfolded',
  (table) => {
    it('gives what the folded network gives that serves', async () => {
      const csv = seededWeights(table)
      const input = inputOf(table, 2)
      const last = table.layers.at(-1)!.name
      const [output] = runLayers(
        table,
        layersFrom(table, null),
        new Map([[networkInput, input]]),
        parametersOf(table, csv),
        { statistics: 'running' },
        [last],
      )
      const network = await loadNetwork(table, await packInMemory(table, csv, 'float32'), 'stock')
      const { size } = table.input
      const served = runNetwork(network, input.dataSync() as Float32Array, [2, size, size])
      const got = output!.dataSync()
      expect(got.length).toBe(served.values.length)
      const largest = Math.max(...served.values.map(Math.abs))
      served.values.forEach((value, i) => {
        expect(Math.abs(got[i]! - value)).toBeLessThan(largest * 1e-4)
      })
    })

    it('has the shapes that the table says', () => {
      const shapes = shapesOf(table)
      const names = table.layers.map(({ name }) => name)
      const input = inputOf(table, 1)
      const inputs = new Map([[networkInput, input]])
      const range = layersFrom(table, null)
      const options = { statistics: 'running' } as const
      const outputs = runLayers(table, range, inputs, parametersOf(table), options, names)
      names.forEach((name, i) => {
        expect([name, ...outputs[i]!.shape.slice(1)]).toEqual([name, ...shapes.get(name)!])
      })
    })
  },
)

describe('the way back', () => {
  const range = layersFrom(tinyNetwork, null)
  const count = 4

  function gradientsAt(parameters: Parameters, statistics: 'batch' | 'running') {
    const inputs = new Map([[networkInput, inputOf(tinyNetwork, count)]])
    const pass = passNetwork(tinyNetwork, range, inputs, parameters, { statistics })
    const dy = tf.tensor2d(randomNumbers(count * 8, 3), [count, 8])
    const value = tf.sum(tf.mul(pass.output, dy)).dataSync()[0]!
    const gradients = pass.backward(dy)
    pass.finish()
    return { value, gradients }
  }

  describe.each(['batch', 'running'] as const)('by the statistics of %s', (statistics) => {
    const names = [...seededWeights(tinyNetwork).keys()].filter((name) => !/_bn_[mv]$/.test(name))

    it.each(names)('has the gradient of %s that finite differences give', (name) => {
      const csv = seededWeights(tinyNetwork)
      const { gradients } = gradientsAt(parametersOf(tinyNetwork, csv), statistics)
      const gradient = gradients.get(name)
      if (!gradient) {
        // The mean of the batch takes the bias of the convolution away again.
        expect(statistics).toBe('batch')
        expect(name).toMatch(/^(first|left|last)_b$/)
        return
      }
      // Along the gradient itself the value grows by its length.
      const length = Math.hypot(...gradient)
      expect(length).toBeGreaterThan(1e-3)
      const step = 1e-3
      const moved = [step, -step].map((distance) => {
        const parameters = parametersOf(tinyNetwork, csv)
        const values = parameters.views.get(name)!
        gradient.forEach((share, i) => {
          values[i] = values[i]! + (share / length) * distance
        })
        return gradientsAt(parameters, statistics).value
      })
      const slope = (moved[0]! - moved[1]!) / (2 * step)
      expect(Math.abs(slope / length - 1)).toBeLessThan(0.02)
    })
  })

  it('starts at the named layer, from the outputs that are read there', () => {
    const from = layersFrom(tinyNetwork, 'scaled')
    expect(cutOf(tinyNetwork, from)).toEqual(['block'])
    expect(cutOf(tinyNetwork, layersFrom(tinyNetwork, 'left'))).toEqual(['pool'])
    expect(cutOf(tinyNetwork, layersFrom(tinyNetwork, 'right'))).toEqual([
      'pool',
      'left',
      'middle_wide',
    ])
    const parameters = parametersOf(tinyNetwork)
    const options = { statistics: 'batch' } as const
    const input = inputOf(tinyNetwork, count)
    const whole = passNetwork(
      tinyNetwork,
      range,
      new Map([[networkInput, input]]),
      parameters,
      options,
    )
    const before = { first: 0, end: from.first }
    const inputs = new Map([[networkInput, input]])
    const [block] = runLayers(tinyNetwork, before, inputs, parameters, options, ['block'])
    const part = passNetwork(tinyNetwork, from, new Map([['block', block!]]), parameters, options)
    expect(part.output.dataSync()).toEqual(whole.output.dataSync())
    const dy = tf.tensor2d(randomNumbers(count * 8, 3), [count, 8])
    const [some, all] = [part.backward(dy), whole.backward(dy)]
    expect([...some.keys()].sort()).toEqual(
      [...all.keys()].filter((name) => /^(scaled|bare|last|dense)/.test(name)).sort(),
    )
    for (const [name, values] of some) expect(values).toEqual(all.get(name))
  })

  it('refuses a layer that the table has not', () => {
    expect(() => layersFrom(tinyNetwork, 'nose')).toThrow(
      'tiny has no layer "nose"; it has first, lrn, pool,',
    )
  })

  it('leaves nothing on the backend', () => {
    const parameters = parametersOf(tinyNetwork)
    const input = inputOf(tinyNetwork, count)
    const inputs = new Map([[networkInput, input]])
    const before = tf.memory().numTensors
    for (const goesBack of [true, false]) {
      const pass = passNetwork(tinyNetwork, range, inputs, parameters, { statistics: 'batch' })
      const dy = tf.zeros<tf.Rank.R2>([count, 8])
      if (goesBack) pass.backward(dy)
      pass.finish()
      dy.dispose()
      expect(tf.memory().numTensors).toBe(before)
    }
    const [unit] = runLayers(tinyNetwork, range, inputs, parameters, { statistics: 'running' }, [
      'unit',
    ])
    unit!.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has no NaN where a window of L2 pooling is all zeros', () => {
    const csv = seededWeights(tinyNetwork)
    csv.get('first_bn_b')!.fill(-50)
    const { gradients } = gradientsAt(parametersOf(tinyNetwork, csv), 'running')
    for (const values of gradients.values()) expect(values.every(Number.isFinite)).toBe(true)
  })

  it('tells the statistics of a batch as the norm keeps them', () => {
    const told = new Map<string, { mean: Float32Array; variance: Float32Array }>()
    const inputs = new Map([[networkInput, inputOf(tinyNetwork, count)]])
    const parameters = parametersOf(tinyNetwork)
    const onStatistics = (norm: string, mean: Float32Array, variance: Float32Array) =>
      told.set(norm, { mean, variance })
    passNetwork(tinyNetwork, range, inputs, parameters, {
      statistics: 'batch',
      onStatistics,
    }).finish()
    expect([...told.keys()]).toEqual(['first_bn', 'left_bn', 'last_bn'])
    const filter = tf.tensor4d(parameters.views.get('first_w')!, [3, 3, 3, 8])
    const bias = tf.tensor1d(parameters.views.get('first_b')!)
    const x = inputs.get(networkInput) as tf.Tensor4D
    const { mean, variance } = tf.moments(tf.add(tf.conv2d(x, filter, 2, 1), bias), [0, 1, 2])
    const places = count * 36
    const unbiased = tf.mul(variance, places / (places - 1)).dataSync()
    told.get('first_bn')!.mean.forEach((value, c) => {
      expect(value).toBeCloseTo(mean.dataSync()[c]!, 5)
    })
    told.get('first_bn')!.variance.forEach((value, c) => {
      expect(value).toBeCloseTo(unbiased[c]!, 4)
    })
  })
})
