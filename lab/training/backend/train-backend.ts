/** tfjs's WASM backend in Node with the kernels that training needs. */

import {
  buildKernels,
  kernelFile,
  trainKernelFile,
} from '../../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../../scripts/setup/node-engine.ts'
import { startBackend } from '../../../src/network/backend.ts'
import { registerTrainKernels } from './train-kernels.ts'

/** Safe to call again. */
export async function startTrainBackend(): Promise<void> {
  await buildKernels()
  const [simd, kernels, train] = await Promise.all(
    [
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      kernelFile,
      trainKernelFile,
    ].map(compileWasm),
  )
  await startBackend({ simd: simd!, kernels: kernels! })
  registerTrainKernels(train!)
}
