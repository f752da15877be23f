import { describe, expect, it } from 'vitest'
import { toNetworkInput } from '../../src/network/picture.ts'
import type { NetworkTable } from '../../src/network/table.ts'

const table: NetworkTable = {
  name: 'n',
  input: { size: 1, sizeIs: 'exact', mean: [10, 20, 30], divisor: 2 },
  layers: [],
}
const pictures = [Float32Array.of(12, 24, 36), Float32Array.of(10, 20, 31)]

describe('toNetworkInput', () => {
  it('is (pixel - mean) / divisor of one picture behind the other', () => {
    expect([...toNetworkInput(table, pictures)]).toEqual([1, 2, 3, 0, 0, 0.5])
  })

  it('puts blue first where the network wants it so, each with its own mean', () => {
    const bgr: NetworkTable = { ...table, input: { ...table.input, order: 'bgr' } }
    expect([...toNetworkInput(bgr, pictures)]).toEqual([3, 2, 1, 0.5, 0, 0])
  })
})
