/**
 * A plan as a kernel of tfjs's WASM backend: a tensor in, a tensor out, and in between one call into WebAssembly a picture. The
 * heap is the backend's, so that a network takes its place among tfjs's own operations.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { keepKernels, type PlanKernels } from './kernel-exports.ts'
import type { Plan } from './plans.ts'

const kernelName = 'RunPlan'

/** Makes the kernel known to tfjs. */
export function registerPlans(exports: WebAssembly.Exports): void {
  const { runPlan } = keepKernels(exports)
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(runPlan, backend as BackendWasm, inputs.x!, attrs as unknown as Plan),
  })
}

/** @param x [batch, height, width, 3], of the size that the plan is for */
export function applyPlan(plan: Plan, x: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel(kernelName, { x }, { ...plan })
}

function run(
  runPlan: PlanKernels['runPlan'],
  backend: BackendWasm,
  x: tf.TensorInfo,
  plan: Plan,
): tf.TensorInfo {
  const batch = x.shape[0]!
  const output = backend.makeOutput([batch, ...plan.outputShape], 'float32')
  const address = ({ dataId }: tf.TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset
  for (let picture = 0; picture < batch; picture++) {
    const heap = backend.wasm.HEAPU8
    const from = address(x) + picture * plan.inputBytes
    heap.copyWithin(plan.input, from, from + plan.inputBytes)
    const to = address(output) + picture * plan.outputBytes
    const stopped = runPlan(plan.commands, plan.count)
    // A number that is not finite is no output: whoever reads it must not take it for one.
    if (stopped !== -1) new Float32Array(heap.buffer, to, plan.outputBytes / 4).fill(Number.NaN)
    else heap.copyWithin(to, plan.output, plan.output + plan.outputBytes)
  }
  return output
}
