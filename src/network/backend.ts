/**
 * Starts tfjs's WASM SIMD backend from a precompiled module, as Workers demand: there, bytes cannot be compiled and
 * nothing can be fetched. tfjs itself has no way in for a precompiled module, so this registers a factory of our own
 * that hands the module to the emscripten glue; no global and no file of the package is patched.
 */

import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import createWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import * as tf from '@tensorflow/tfjs-core'
import { FaceError } from '../errors.ts'

/** The emscripten module as the glue resolves it; `cwrap` is there but not in its types. */
type WasmModule = BackendWasm['wasm'] & {
  cwrap<Call>(name: string, returns: 'number' | null, takes: readonly 'number'[]): Call
}

/**
 * Makes `wasm` tfjs's backend. Safe to call again: a backend that runs is kept.
 *
 * @param simd the compiled `tfjs-backend-wasm-simd.wasm`
 * @throws FaceError engine_unavailable
 */
export async function startBackend(simd: WebAssembly.Module): Promise<void> {
  if (tf.engine().backendName === 'wasm') return
  // The package registered a factory that would fetch its binary; ours takes its place, its kernels stay.
  tf.removeBackend('wasm')
  tf.registerBackend('wasm', async () => new BackendWasm(await instantiate(simd)), 3)
  const started = await tf.setBackend('wasm')
  if (!started) throw new FaceError('engine_unavailable', 'The WASM backend did not start.')
  await tf.ready()
}

/**
 * What three loaded networks and their largest run take, measured. Grown in one step: left alone, the heap grows by a
 * fifth at a time and overshoots.
 */
const reservedHeapBytes = 64 * 1024 * 1024

/** Grows the WASM heap to its final size. */
export function reserveHeap(): void {
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) return
  const missing = reservedHeapBytes - wasmHeapBytes()
  if (missing > 0) backend.wasm._free(backend.wasm._malloc(missing))
}

/** Bytes of the WASM heap; it never shrinks. */
export function wasmHeapBytes(): number {
  const backend = tf.backend()
  return backend instanceof BackendWasm ? backend.wasm.HEAPU8.byteLength : 0
}

/**
 * Gives a tensor's memory back to the WASM heap while the tensor goes on living, for weights of which the backend keeps
 * a copy of its own. The tensor must never be read again; disposing of it stays right.
 */
export function releaseTensorData(tensor: tf.Tensor): void {
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) return
  const data: { memoryOffset: number } = Reflect.get(backend, 'dataIdMap').get(tensor.dataId)
  backend.wasm._free(data.memoryOffset)
  data.memoryOffset = 0
}

async function instantiate(simd: WebAssembly.Module): Promise<WasmModule> {
  const module = (await withoutProcess(() =>
    createWasm({
      instantiateWasm(
        imports: WebAssembly.Imports,
        done: (instance: WebAssembly.Instance, simd: WebAssembly.Module) => void,
      ) {
        const instance = new WebAssembly.Instance(simd, imports)
        done(instance, simd)
        return instance.exports
      },
    }),
  )) as WasmModule
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  }
  return module
}

/**
 * The glue takes anything with `process.versions.node` for Node, and then wants `require` and `__dirname`, which a
 * Worker has not (compatibility dates from 2026-08-04 on give it a `process`), and would install a handler that
 * rethrows every unhandled rejection. It looks only while `start` runs, and nothing else can run meanwhile.
 */
function withoutProcess<T>(start: () => T): T {
  const { process } = globalThis
  Reflect.set(globalThis, 'process', undefined)
  try {
    return start()
  } finally {
    Reflect.set(globalThis, 'process', process)
  }
}
