import * as tf from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeAssets } from '../../scripts/setup/node-engine.ts'
import { reserveHeap, startBackend, wasmHeapBytes } from '../../src/network/backend.ts'

/** Compiles, and has nothing that the backend needs. */
const emptyModule = new (
  WebAssembly.Module as unknown as new (
    bytes: Uint8Array,
  ) => WebAssembly.Module
)(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
const sound = (await nodeAssets()).backend

afterEach(() => {
  vi.restoreAllMocks()
})

// In this order: a backend that runs once runs for good.
describe('startBackend', () => {
  it('that fails is engine_unavailable, each time, and leaves `process` as it was', async () => {
    const { process } = globalThis
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const broken of [
      { ...sound, simd: emptyModule },
      { ...sound, kernels: sound.simd },
    ]) {
      await expect(startBackend(broken)).rejects.toMatchObject({
        name: 'FaceError',
        code: 'engine_unavailable',
        message: 'The WASM backend did not start.',
      })
      expect(globalThis.process).toBe(process)
    }
  })

  it('starts when it is tried again with a sound module', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { process } = globalThis
    await startBackend(sound)
    expect(globalThis.process).toBe(process)
    expect(tf.getBackend()).toBe('wasm')
    expect(tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 3).dataSync())).toEqual(Float32Array.of(4, 5))
  })

  it('keeps a backend that runs, and the tensors on it', async () => {
    const tensor = tf.tensor1d([1, 2, 3])
    const backend = tf.backend()
    await startBackend({ ...sound, simd: emptyModule })
    expect(tf.backend()).toBe(backend)
    expect(tensor.dataSync()).toEqual(Float32Array.of(1, 2, 3))
    tensor.dispose()
  })

  it('installs no handler on the process', async () => {
    // The glue would rethrow every unhandled rejection.
    const handlers = process.listeners('unhandledRejection').map((handler) => `${handler}`)
    expect(handlers.filter((text) => /^function\s*\(\w+\)\s*\{\s*throw/.test(text))).toEqual([])
  })
})

describe('reserveHeap', () => {
  it('grows the heap to 40 MiB once', () => {
    expect(wasmHeapBytes()).toBeLessThan(40 * 2 ** 20)
    reserveHeap()
    expect(wasmHeapBytes()).toBe(40 * 2 ** 20)
    reserveHeap()
    expect(wasmHeapBytes()).toBe(40 * 2 ** 20)
  })
})
