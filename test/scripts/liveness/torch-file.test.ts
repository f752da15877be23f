import { describe, expect, it } from 'vitest'
import { readPickle } from '../../../scripts/liveness/pickle.ts'
import { readTorchFile } from '../../../scripts/liveness/torch-file.ts'
import type { State } from '../../support/networks/mini-fasnet-state.ts'
import { torchBytes } from '../../support/networks/torch-bytes.ts'

const state: State = new Map([
  ['module.a.weight', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, -0.1) }],
  ['module.b.bias', { shape: [1], values: Float32Array.of(7) }],
])
const noObjects = { call: () => null, load: () => null }
const pickled = (...bytes: number[]): unknown =>
  readPickle(Uint8Array.of(0x80, 2, ...bytes, 0x2e), 0, noObjects).value

describe('readPickle', () => {
  it.each([
    ['numbers', [0x28, 0x4b, 200, 0x4d, 1, 2, 0x4a, 255, 255, 255, 255, 0x74], [200, 513, -1]],
    ['a long number', [0x8a, 2, 0, 128], -32768n],
    ['truths and nothing', [0x88, 0x89, 0x4e, 0x87], [true, false, null]],
    ['one, two', [0x4b, 1, 0x85, 0x4b, 2, 0x86], [[1], 2]],
    ['a list', [0x5d, 0x28, 0x4b, 1, 0x4b, 2, 0x65], [1, 2]],
    ['a dictionary', [0x7d, 0x4b, 1, 0x4e, 0x73], new Map([[1, null]])],
    ['what was put away', [0x4b, 9, 0x71, 3, 0x68, 3, 0x86], [9, 9]],
  ])('reads %s', (_, bytes, value) => {
    expect(pickled(...bytes)).toEqual(value)
  })

  it.each([
    ['a step that makes no data', [0x69], 'a pickle has the step 0x69, which is not known'],
    ['an empty stack', [0x85], 'a pickle takes from an empty stack'],
    ['items of a number', [0x4b, 1, 0x4b, 2, 0x4b, 3, 0x73], 'of what is no dictionary'],
    ['items for a number', [0x4b, 1, 0x28, 0x65], 'a pickle appends to what is no list'],
    ['no mark', [0x4b, 1, 0x74], 'a pickle has no mark'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => pickled(...bytes)).toThrow(message)
  })

  it('refuses one that ends early', () => {
    for (const bytes of [[0x80], [0x80, 2, 0x4a, 1], [0x80, 2, 0x58, 9, 0, 0, 0, 65], [0x63, 65]])
      expect(() => readPickle(Uint8Array.from(bytes), 0, noObjects)).toThrow(
        'a pickle is cut short',
      )
  })
})

describe('readTorchFile', () => {
  it('reads tensors by name, in their order, with their shapes', () => {
    expect([...readTorchFile(torchBytes(state))]).toEqual([...state])
  })

  it('refuses what is no such file, and every length that is cut short', () => {
    const bytes = torchBytes(state)
    const message = 'not a file of PyTorch, or a newer one'
    expect(() => readTorchFile(new TextEncoder().encode('PK\x03\x04'))).toThrow(message)
    expect(() => readTorchFile(new Uint8Array())).toThrow(message)
    for (let length = 1; length < bytes.length; length += 3)
      expect(() => readTorchFile(bytes.subarray(0, length)), `${length}`).toThrow(/cut short/)
  })

  it('calls nothing but what makes tensors', () => {
    const text = Buffer.from(torchBytes(state)).toString('latin1')
    const other = text.replace('collections\nOrderedDict', 'posix\nsystem_and_more_')
    expect(() => readTorchFile(new Uint8Array(Buffer.from(other, 'latin1')))).toThrow(
      'the file calls posix system_and_more_, which is not known',
    )
  })
})
