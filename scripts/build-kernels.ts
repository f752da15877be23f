/** src/network/kernels/*.ts (AssemblyScript) -> build/kernels/kernels.wasm, unless it is newer than its sources. */
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildDir, projectRoot } from './networks.ts'

const sourceDir = join('src', 'network', 'kernels')
export const kernelFile = join(buildDir, 'kernels', 'kernels.wasm')

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
  const names = (await readdir(join(projectRoot, sourceDir))).filter((name) => name.endsWith('.ts'))
  const sources = names.sort().map((name) => join(sourceDir, name))
  const built = await stat(kernelFile).catch(() => null)
  const changed = await Promise.all(sources.map((source) => stat(join(projectRoot, source))))
  if (built && changed.every(({ mtimeMs }) => built.mtimeMs > mtimeMs)) return false
  await mkdir(dirname(kernelFile), { recursive: true })
  const { status, stderr } = spawnSync(
    join(projectRoot, 'node_modules', '.bin', 'asc'),
    [...sources, '--outFile', kernelFile, ...flags],
    { cwd: projectRoot, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the kernels do not compile: ${stderr}`)
  return true
}

if (import.meta.main)
  console.log((await buildKernels()) ? 'kernels built' : 'kernels are up to date')
