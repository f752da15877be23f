/** src/network/kernels/conv.ts (AssemblyScript) -> build/kernels/conv.wasm, unless it is newer than its source. */
import { spawnSync } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildDir, projectRoot } from './networks.ts'

const source = join('src', 'network', 'kernels', 'conv.ts')
export const kernelFile = join(buildDir, 'kernels', 'conv.wasm')

/** No runtime and no memory of its own: it works on tfjs's heap, at the addresses that it is given. */
const flags = [
  '-O3',
  '--noAssert',
  ...['--runtime', 'stub'],
  '--importMemory',
  ...['--enable', 'simd', '--enable', 'relaxed-simd', '--enable', 'bulk-memory'],
  ...['--use', 'abort='],
]

export async function buildKernels(): Promise<boolean> {
  const built = await stat(kernelFile).catch(() => null)
  if (built && built.mtimeMs > (await stat(join(projectRoot, source))).mtimeMs) return false
  await mkdir(dirname(kernelFile), { recursive: true })
  const { status, stderr } = spawnSync(
    join(projectRoot, 'node_modules', '.bin', 'asc'),
    [source, '--outFile', kernelFile, ...flags],
    { cwd: projectRoot, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the kernels do not compile: ${stderr}`)
  return true
}

if (import.meta.main)
  console.log((await buildKernels()) ? 'kernels built' : 'kernels are up to date')
