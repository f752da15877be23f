/** AssemblyScript: runs a plan, command by command (src/network/plan/commands.ts), without a step back into JavaScript. */
import {
  bytesPerCommand,
  code_activate,
  code_add,
  code_averagePool,
  code_copy,
  code_dense,
  code_depthwise,
  code_direct16,
  code_enlarge,
  code_gate,
  code_globalAverage,
  code_l2Normalise,
  code_localResponseNorm,
  code_maxPool,
  code_squarePool,
  code_strassen,
  code_winograd23,
  code_zero,
  localResponseNorm_channels,
  localResponseNorm_k,
  localResponseNorm_output,
  localResponseNorm_pixels,
  localResponseNorm_scale,
  localResponseNorm_squares,
  localResponseNorm_window,
  localResponseNorm_x,
} from '../../../build/kernels/generated/commands'
import { dense, globalAverage, l2Normalise } from './dense'
import { depthwise } from './depthwise'
import { direct16 } from './direct16'
import { enlarge } from './enlarge'
import { activate, add, copy, gate, zero } from './elementwise'
import { localResponseNorm } from './local-response-norm'
import { averagePool, maxPool, squarePool } from './pool'
import { strassen } from './strassen'
import { winograd23 } from './winograd23'

/** -1 when all ran, or the number of the command that met a number which is not finite, or that there is none of. */
export function runPlan(commands: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const command = commands + <usize>i * bytesPerCommand
    if (!runCommand(command)) return i
  }
  return -1
}

function runCommand(command: usize): bool {
  const code = load<i32>(command)
  if (code === code_winograd23) return winograd23(command)
  if (code === code_direct16) return direct16(command)
  if (code === code_strassen) return strassen(command)
  if (code === code_depthwise) depthwise(command)
  else if (code === code_maxPool) maxPool(command)
  else if (code === code_averagePool) averagePool(command)
  else if (code === code_squarePool) squarePool(command)
  else if (code === code_globalAverage) globalAverage(command)
  else if (code === code_dense) dense(command)
  else if (code === code_add) add(command)
  else if (code === code_activate) activate(command)
  else if (code === code_enlarge) enlarge(command)
  else if (code === code_gate) gate(command)
  else if (code === code_copy) copy(command)
  else if (code === code_zero) zero(command)
  else if (code === code_l2Normalise) l2Normalise(command)
  else if (code === code_localResponseNorm) {
    localResponseNorm(
      <usize>localResponseNorm_x(command),
      <usize>localResponseNorm_output(command),
      <usize>localResponseNorm_squares(command),
      localResponseNorm_pixels(command),
      localResponseNorm_channels(command),
      localResponseNorm_window(command),
      localResponseNorm_scale(command),
      localResponseNorm_k(command),
    )
  } else return false
  return true
}
