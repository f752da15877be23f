/** What build/kernels/kernels.wasm exports for plans, on the heap of the backend that runs; arguments are documented there. */
export interface PlanKernels {
  runPlan(commands: number, count: number): number
  winograd23Weights(filter: number, channels: number, out: number, output: number): void
  strassenWeights(filter: number, channels: number, out: number, output: number): void
  lookUp(codes: number, count: number, levels: number, output: number): void
  measureFilter(filter: number, count: number, out: number, most: number, sums: number): void
  roundWeights(filter: number, count: number, out: number, steps: number, output: number): void
  largestWeight(weights: number, count: number): number
  halveWeights(weights: number, count: number, halvings: number): void
  sumWeights(weights: number, count: number, out: number, positive: number, total: number): void
  packPanels(
    weights: number,
    height: number,
    run: number,
    out: number,
    pairs: number,
    output: number,
  ): void
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
