/** AssemblyScript: what build/kernels/kernels.wasm exports. */
export { localResponseNorm } from './local-response-norm'
export { runPlan } from './run-plan'
export { strassenWeights } from './strassen'
export {
  halveWeights,
  largestWeight,
  lookUp,
  measureFilter,
  packPanels,
  roundWeights,
  sumWeights,
} from './whole-numbers'
export { winograd23Weights } from './winograd23'
