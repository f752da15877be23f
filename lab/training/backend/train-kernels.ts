/**
 * Starts build/kernels/train.wasm on the heap of tfjs's WASM backend and registers what training needs there and tfjs
 * lacks or has slowly. Each is checked against tfjs's CPU backend in the tests. Only scripts import this.
 */

import * as tf from '@tensorflow/tfjs'
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { registerConvKernels } from './conv-kernels.ts'
import type { TrainExports } from './heap.ts'
import { registerMaxPoolGrad } from './max-pool-grad.ts'
import { registerNormKernels } from './norm-kernels.ts'
import { registerResponseNormKernels } from './response-norm-kernels.ts'

let registered = false

/** After startBackend. Safe to call again. */
export function registerTrainKernels(module: WebAssembly.Module): void {
  if (registered) return
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) throw new Error('training runs on the WASM backend only')
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memoryOf(backend) } })
  const kernels = exports as unknown as TrainExports
  registerConvKernels(kernels)
  registerMaxPoolGrad(kernels)
  registerNormKernels(kernels)
  registerResponseNormKernels(kernels)
  registered = true
}

/** The glue keeps what the module exports; the memory's name among it changes with every build of the package. */
function memoryOf({ wasm }: BackendWasm): WebAssembly.Memory {
  const exported: object = Reflect.get(wasm, 'asm') ?? {}
  const memory = Object.values(exported).find((value) => value instanceof WebAssembly.Memory)
  if (!memory) throw new Error('the WASM backend exports no memory')
  return memory
}
