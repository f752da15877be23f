/** What build/kernels/kernels.wasm exports for plans, on the heap of the backend that runs; arguments are documented there. */
export interface PlanKernels {
  runPlan(commands: number, count: number): number
  winograd23Weights(filter: number, channels: number, out: number, output: number): void
}

let kernels: PlanKernels | undefined

export function keepKernels(exports: WebAssembly.Exports): PlanKernels {
  kernels = exports as unknown as PlanKernels
  return kernels
}

/** Throws an Error before the backend has started. */
export function planKernels(): PlanKernels {
  if (kernels === undefined) throw new Error('the WASM backend has not started')
  return kernels
}
