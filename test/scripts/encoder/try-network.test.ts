import { describe, expect, it } from 'vitest'
import { tryNetwork } from '../../../scripts/encoder/try-network.ts'
import type { NetworkTable } from '../../../src/network/table.ts'
import { randomWeights } from '../../support/networks/pack-in-memory.ts'

const conv = {
  op: 'conv',
  kernel: [3, 3],
  stride: 1,
  padding: 'same',
  activation: 'linear',
} as const
const table: NetworkTable = {
  name: 'made-up',
  input: { size: 16, sizeIs: 'exact', mean: [127, 127, 127], divisor: 128 },
  layers: [
    { ...conv, name: 'first', in: 3, out: 16 },
    { ...conv, name: 'second', in: 16, out: 16 },
    { op: 'globalAverage', name: 'mean' },
  ],
}

function weightsWith(name: string, change: (values: Float32Array) => Float32Array) {
  const tensors = new Map(randomWeights(table))
  return tensors.set(name, change(tensors.get(name)!))
}

describe('a network is tried before it is written', () => {
  it('and is fine where it gives what float32 gives', async () => {
    await expect(tryNetwork(table, randomWeights(table))).resolves.toBeUndefined()
  })

  it.each([
    [
      'of a tensor that is too short',
      weightsWith('second_b', (values) => values.slice(3)),
      'second_b has 13 numbers, expected 16',
    ],
    [
      'of a number that is none, where nothing else shows it',
      weightsWith('second_w', (values) => values.with(5, Number.NaN)),
      'second_w has numbers that are not finite',
    ],
  ])('and is refused because %s', async (_, tensors, message) => {
    await expect(tryNetwork(table, tensors)).rejects.toThrow(
      `made-up does not run here: ${message}; nothing was changed`,
    )
  })

  it('and is refused where rounding leaves little of it', async () => {
    // One channel is so large that nothing is left of the others in whole numbers, and nobody reads it.
    const tensors = weightsWith('first_w', (values) =>
      values.map((value, i) => (i < 27 ? value * 1e7 : value)),
    )
    tensors.set(
      'second_w',
      tensors.get('second_w')!.map((value, i) => (Math.floor(i / 9) % 16 === 0 ? 0 : value)),
    )
    tensors.set('second_b', new Float32Array(16))
    await expect(tryNetwork(table, tensors)).rejects.toThrow(
      /^made-up does not run here: packed it gives other numbers than in float32, at a cosine of -?0\.\d+, expected 0\.99 or more; nothing was changed$/,
    )
  })
})
