/** AssemblyScript -> build/kernels/*.wasm, each unless it is newer than its sources: networks, gallery, training. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { allEnded } from '../../src/lib/all-ended.ts'
import { projectRoot } from '../front/project-root.ts'
import { binaryOf, runTool } from '../front/run-tool.ts'
import { buildDir } from '../weights/networks.ts'
import { describeDepthwise } from './depthwise-tile.ts'
import { describeCommands, describeTiles } from './kernel-sources.ts'

export const kernelFile = join(buildDir, 'kernels', 'kernels.wasm')
export const galleryKernelFile = join(buildDir, 'kernels', 'gallery.wasm')
export const imageKernelFile = join(buildDir, 'kernels', 'image.wasm')
export const jpegKernelFile = join(buildDir, 'kernels', 'jpeg.wasm')
/** Never part of the Worker. */
export const trainKernelFile = join(buildDir, 'kernels', 'train.wasm')

export interface KernelModule {
  readonly sourceDir: string
  /** The file that exports; every file does where there is none. */
  readonly entry?: string
  readonly file: string
  /** How it is optimized; `everything` unless given. */
  readonly optimized?: readonly string[]
  /** Where its constants lie in the memory that it works on; 1024 unless given. */
  readonly constantsAt?: number
}

const everything = ['-O3']
/**
 * Only what leaves operations in the order in which they are written. Anything more (`-O1` too) moves each to where its outcome is used:
 * sums that were made in turn are then made one after the other, each waiting for itself, and what they share no longer has room in
 * registers. V8 optimizes the rest as it compiles.
 */
const inOrder = [
  '--runPasses',
  [
    ...['remove-unused-module-elements', 'vacuum', 'remove-unused-brs', 'remove-unused-names'],
    ...['merge-blocks', 'precompute', 'optimize-instructions', 'vacuum', 'coalesce-locals'],
    ...['reorder-locals', 'vacuum'],
  ].join(','),
]

const modules: readonly KernelModule[] = [
  {
    sourceDir: join('src', 'network', 'kernels'),
    entry: 'exports.ts',
    file: kernelFile,
    optimized: inOrder,
    // Below the data of tfjs's backend, whose memory this is.
    constantsAt: 512,
  },
  {
    sourceDir: join('src', 'gallery', 'search', 'kernels'),
    file: galleryKernelFile,
    optimized: inOrder,
  },
  { sourceDir: join('src', 'image', 'kernels'), file: imageKernelFile },
  {
    sourceDir: join('src', 'image', 'decode', 'jpeg', 'kernels'),
    entry: 'exports.ts',
    file: jpegKernelFile,
    optimized: inOrder,
  },
  { sourceDir: join('lab', 'training', 'kernels'), file: trainKernelFile },
]

/** Where the sources lie that are written by kernel-sources.ts and depthwise-tile.ts. */
const generatedDir = join(buildDir, 'kernels', 'generated')
const generated: Readonly<Record<string, () => string>> = {
  'tiles.ts': describeTiles,
  'commands.ts': describeCommands,
  'depthwise-tiles.ts': describeDepthwise,
}

/** No runtime and no memory of its own: it works on the memory and at the addresses that it is given. */
const flags = [
  '--noAssert',
  ...['--runtime', 'stub'],
  '--importMemory',
  ...['--enable', 'simd', '--enable', 'relaxed-simd', '--enable', 'bulk-memory'],
  ...['--use', 'abort='],
]

/** Returns true when anything was built. @param wanted those of the product and of training unless given */
export async function buildKernels(wanted: readonly KernelModule[] = modules): Promise<boolean> {
  const isChanged = await writeGenerated()
  const built = await allEnded(wanted.map((module) => buildModule(module, isChanged)))
  return built.includes(true)
}

/** Returns true when a file differs from what was there. */
async function writeGenerated(): Promise<boolean> {
  await mkdir(generatedDir, { recursive: true })
  let isChanged = false
  for (const [name, describe] of Object.entries(generated)) {
    const file = join(generatedDir, name)
    const text = describe()
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue
    await writeFile(file, text)
    isChanged = true
  }
  return isChanged
}

async function buildModule(
  { sourceDir, entry, file, optimized = everything, constantsAt = 1024 }: KernelModule,
  isGeneratedNew: boolean,
): Promise<boolean> {
  const names = (await readdir(join(projectRoot, sourceDir))).filter((name) => name.endsWith('.ts'))
  const sources = names.sort().map((name) => join(sourceDir, name))
  const built = await stat(file).catch(() => null)
  const changed = await Promise.all(sources.map((source) => stat(join(projectRoot, source))))
  if (
    built &&
    !(isGeneratedNew && entry) &&
    changed.every(({ mtimeMs }) => built.mtimeMs > mtimeMs)
  )
    return false
  await mkdir(dirname(file), { recursive: true })
  const entries = entry ? [join(sourceDir, entry)] : sources
  const place = ['--memoryBase', String(constantsAt)]
  await runTool(
    binaryOf('asc'),
    [...entries, '--outFile', file, ...place, ...optimized, ...flags],
    {
      fault: 'the kernels do not compile',
    },
  )
  return true
}

if (import.meta.main)
  console.log((await buildKernels()) ? 'kernels built' : 'kernels are up to date')
