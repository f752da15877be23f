/** The machine's ceilings: how many products a second WebAssembly makes here when nothing but products is asked of it. */
import { join } from 'node:path'
import { buildKernels } from '../../scripts/kernels/build-kernels.ts'
import { compileWasm } from '../../scripts/setup/node-engine.ts'
import { buildDir } from '../../scripts/weights/networks.ts'

const file = join(buildDir, 'bench', 'ceilings.wasm')

/** Thousand million products a second, one thread. */
export interface Ceilings {
  readonly int16: number
  readonly float32: number
}

interface CeilingExports {
  readonly int16ProductsPerTurn: WebAssembly.Global
  readonly float32ProductsPerTurn: WebAssembly.Global
  int16Products(turns: number, seed: number): number
  float32Products(turns: number, seed: number): number
}

export async function measureCeilings(): Promise<Ceilings> {
  await buildKernels([{ sourceDir: join('bench', 'networks', 'kernels'), file }])
  const { exports } = await WebAssembly.instantiate(await compileWasm(file), {
    env: { memory: new WebAssembly.Memory({ initial: 1 }) },
  })
  const loops = exports as unknown as CeilingExports
  return {
    int16: fastest(loops.int16Products, loops.int16ProductsPerTurn.value),
    float32: fastest(loops.float32Products, loops.float32ProductsPerTurn.value),
  }
}

/** The best of many short runs: a ceiling is what is reached undisturbed. */
function fastest(run: (turns: number, seed: number) => number, productsPerTurn: number): number {
  const turns = 1_000_000
  let bestMs = Number.POSITIVE_INFINITY
  for (let i = 0; i < 40; i++) {
    const start = performance.now()
    run(turns, 1 + (i % 3))
    bestMs = Math.min(bestMs, performance.now() - start)
  }
  return (turns * productsPerTurn) / bestMs / 1e6
}
