/** AssemblyScript -> build/kernels/*.wasm, each unless it is newer than its sources: networks, gallery, training. */
import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { binaryOf, runTool } from '../front/run-tool.ts'
import { buildDir, projectRoot } from '../weights/networks.ts'

export const kernelFile = join(buildDir, 'kernels', 'kernels.wasm')
export const galleryKernelFile = join(buildDir, 'kernels', 'gallery.wasm')
/** Never part of the Worker. */
export const trainKernelFile = join(buildDir, 'kernels', 'train.wasm')

const modules: readonly (readonly [sourceDir: string, file: string])[] = [
  [join('src', 'network', 'kernels'), kernelFile],
  [join('src', 'gallery', 'search', 'kernels'), galleryKernelFile],
  [join('lab', 'training', 'kernels'), trainKernelFile],
]

/** No runtime and no memory of its own: it works on the memory and at the addresses that it is given. */
const flags = [
  '-O3',
  '--noAssert',
  ...['--runtime', 'stub'],
  '--importMemory',
  ...['--enable', 'simd', '--enable', 'relaxed-simd', '--enable', 'bulk-memory'],
  ...['--use', 'abort='],
]

/** Returns true when anything was built. */
export async function buildKernels(): Promise<boolean> {
  const built: boolean[] = []
  for (const [sourceDir, file] of modules) built.push(await buildModule(sourceDir, file))
  return built.includes(true)
}

async function buildModule(sourceDir: string, file: string): Promise<boolean> {
  const names = (await readdir(join(projectRoot, sourceDir))).filter((name) => name.endsWith('.ts'))
  const sources = names.sort().map((name) => join(sourceDir, name))
  const built = await stat(file).catch(() => null)
  const changed = await Promise.all(sources.map((source) => stat(join(projectRoot, source))))
  if (built && changed.every(({ mtimeMs }) => built.mtimeMs > mtimeMs)) return false
  await mkdir(dirname(file), { recursive: true })
  await runTool(binaryOf('asc'), [...sources, '--outFile', file, ...flags], {
    fault: 'the kernels do not compile',
  })
  return true
}

if (import.meta.main)
  console.log((await buildKernels()) ? 'kernels built' : 'kernels are up to date')
