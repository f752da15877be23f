import { beforeAll, describe, expect, it } from 'vitest'
import { ofUnitLength } from '../../../scripts/encoder/table-of-network.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { disposeNetwork, loadNetwork } from '../../../src/network/load.ts'
import { toNetworkInput } from '../../../src/network/picture.ts'
import { runNetwork } from '../../../src/network/run.ts'
import type { NetworkTable } from '../../../src/network/table.ts'
import { packInMemory } from '../../support/networks/pack-in-memory.ts'
import { randomNumbers } from '../../support/random.ts'

const size = 8
const long: NetworkTable = {
  name: 'long',
  input: { size, sizeIs: 'exact', mean: [0, 0, 0], divisor: 1 },
  layers: [
    { op: 'flatten', name: 'flatten' },
    { op: 'dense', name: 'dense', in: size * size * 3, out: 4, bias: true },
  ],
}
const tensors = new Map([
  ['dense_w', randomNumbers(size * size * 3 * 4, 1)],
  ['dense_b', randomNumbers(4, 2)],
])

beforeAll(async () => startBackend((await nodeAssets()).backend))

async function encode(table: NetworkTable): Promise<Float32Array> {
  const network = await loadNetwork(table, await packInMemory(table, tensors), 'stock')
  const picture = randomNumbers(size * size * 3, 3).map((value) => Math.round(127 + 120 * value))
  const { values } = runNetwork(network, toNetworkInput(table, [picture]), [1, size, size])
  disposeNetwork(network)
  return Float32Array.from(values)
}

describe('the table of a network of somebody’s own', () => {
  it('gives encodings of length 1 in the direction that the network gives', async () => {
    const before = await encode(long)
    const after = await encode(ofUnitLength(long))
    expect(Math.hypot(...before)).toBeGreaterThan(2)
    expect(Math.hypot(...after)).toBeCloseTo(1, 5)
    after.forEach((value, i) => {
      expect(value).toBeCloseTo(before[i]! / Math.hypot(...before), 4)
    })
  })

  it('stays as it is when the network scales them itself', () => {
    const unit = ofUnitLength(long)
    expect(ofUnitLength(unit)).toBe(unit)
  })
})
