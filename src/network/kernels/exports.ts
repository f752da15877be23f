/** AssemblyScript: what build/kernels/kernels.wasm exports. */
export { localResponseNorm } from './local-response-norm'
export { runPlan } from './run-plan'
export { winograd23Weights } from './winograd23'
