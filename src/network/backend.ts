/**
 * Starts tfjs's WASM SIMD backend from a precompiled module, as Workers demand: there, bytes cannot be compiled and
 * nothing can be fetched. tfjs itself has no way in for a precompiled module, so this registers a factory of our own
 * that hands the module to the emscripten glue; no global and no file of the package is patched.
 */

import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import createWasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import * as tf from '@tensorflow/tfjs-core'
import { FaceError } from '../errors/face-error.ts'
import { registerLocalResponseNorm } from './local-response-norm.ts'
import { registerPlans } from './plan/plan-kernel.ts'

/** The compiled modules that the backend runs on. */
export interface BackendModules {
  /** tfjs-backend-wasm-simd.wasm of the package */
  readonly simd: WebAssembly.Module
  /** build/kernels/kernels.wasm */
  readonly kernels: WebAssembly.Module
}

/** The emscripten module as the glue resolves it; `cwrap` is there but not in its types. */
type WasmModule = BackendWasm['wasm'] & {
  cwrap<Call>(name: string, returns: 'number' | null, takes: readonly 'number'[]): Call
}

/**
 * Makes `wasm` tfjs's backend, with our kernels on its heap. Safe to call again: a backend that runs is kept.
 *
 * @throws FaceError engine_unavailable
 */
export async function startBackend(modules: BackendModules): Promise<void> {
  // Not `backendName`: tfjs sets that before it knows whether the start worked.
  const { registry, registryFactory } = tf.engine()
  if ('wasm' in registry) return
  // The package registered a factory that would fetch its binary; ours takes its place, its kernels stay.
  if ('wasm' in registryFactory) tf.removeBackend('wasm')
  tf.registerBackend('wasm', async () => new BackendWasm(await instantiate(modules)), 3)
  const started = await tf.setBackend('wasm')
  if (!started) throw new FaceError('engine_unavailable', 'The WASM backend did not start.')
  await tf.ready()
}

/**
 * Three loaded networks take 25 MB and their largest run 10 more, measured. Taken in one step: left alone, the heap
 * grows by a fifth at a time and overshoots.
 */
const reservedHeapBytes = 40 * 1024 * 1024

/** Grows the WASM heap to what it will need. */
export function reserveHeap(): void {
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm) || wasmHeapBytes() >= reservedHeapBytes) return
  // The heap's own bookkeeping, stack and tables lie below.
  const bookkeepingBytes = 128 * 1024
  backend.wasm._free(backend.wasm._malloc(reservedHeapBytes - bookkeepingBytes))
}

/** Bytes of the WASM heap; it never shrinks. */
export function wasmHeapBytes(): number {
  const backend = tf.backend()
  return backend instanceof BackendWasm ? backend.wasm.HEAPU8.byteLength : 0
}

async function instantiate({ simd, kernels }: BackendModules): Promise<WasmModule> {
  const module = (await withoutProcess(() =>
    createWasm({
      instantiateWasm(
        imports: WebAssembly.Imports,
        done: (instance: WebAssembly.Instance, simd: WebAssembly.Module) => void,
      ) {
        const instance = new WebAssembly.Instance(simd, imports)
        registerKernels(kernels, memoryOf(instance))
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

/** Our kernels, on the backend's heap. */
function registerKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  registerPlans(exports)
  registerLocalResponseNorm(exports)
}

/** The glue exports the heap under a name that changes with every build of the package. */
function memoryOf({ exports }: WebAssembly.Instance): WebAssembly.Memory {
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory)
  if (!memory) throw new Error('the WASM backend exports no memory')
  return memory
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
