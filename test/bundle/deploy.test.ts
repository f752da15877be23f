/** What wrangler would upload, and how long it runs before its first request. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/weights/networks.ts'
import { buildBundle, runWrangler, type WranglerResult } from '../support/run-wrangler.ts'

const mebibyte = 2 ** 20

/** The part of a CPU profile that tells how long code ran. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string } }[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

interface UploadedFile {
  readonly name: string
  readonly bytes: number
}

let folder: string
let deployed: WranglerResult
let files: UploadedFile[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-deploy-'))
  const outdir = join(folder, 'out')
  deployed = await buildBundle(outdir)
  const names = await readdir(outdir)
  // Source maps and the note that wrangler writes stay here.
  const uploaded = names.filter((name) => !name.endsWith('.map') && name !== 'README.md')
  files = await Promise.all(
    uploaded.map(async (name) => ({ name, bytes: (await stat(join(outdir, name))).size })),
  )
})
afterAll(() => rm(folder, { recursive: true }))

/** Names without the hash that wrangler puts before them. */
function namesOf(extension: string): string[] {
  return files
    .filter(({ name }) => name.endsWith(extension))
    .map(({ name }) => name.replace(/^[0-9a-f]{40}-/, ''))
    .sort()
}

function totalBytes(some: readonly UploadedFile[]): number {
  return some.reduce((sum, { bytes }) => sum + bytes, 0)
}

describe('wrangler deploy --dry-run', () => {
  it('passes without a warning', () => {
    expect(deployed.output).not.toMatch(/warning|error/i)
    expect(deployed.status).toBe(0)
  })

  it('uploads less than 24 MiB', () => {
    console.log(`bundle: ${(totalBytes(files) / mebibyte).toFixed(2)} MiB`)
    expect(totalBytes(files)).toBeLessThan(24 * mebibyte)
    expect(namesOf('.js')).toEqual(['index.js'])
  })

  it('ships the SIMD backend only, our four kernels, and the decoder of WebP', () => {
    expect(namesOf('.wasm')).toEqual([
      'gallery.wasm',
      'image.wasm',
      'jpeg.wasm',
      'kernels.wasm',
      'tfjs-backend-wasm-simd.wasm',
      'webp-wasm.wasm',
    ])
  })

  it('ships shards of at most 4 MiB, 8 MB together', () => {
    const shards = files.filter(({ name }) => /-\d+\.bin$/.test(name))
    expect(shards.map(({ name }) => name.slice(41, -6)).sort()).toEqual([
      'blazeface-full-range',
      'dlib-resnet',
      'dlib-resnet',
      'face-landmark-68',
    ])
    for (const { name, bytes } of shards) expect(bytes, name).toBeLessThanOrEqual(4 * mebibyte)
    expect(totalBytes(shards)).toBeLessThanOrEqual(8_000_000)
  })
})

describe('start-up', () => {
  it('runs for less than 400 ms of the second that Cloudflare allows', async () => {
    const file = join(folder, 'startup.cpuprofile')
    const config = join(projectRoot, 'wrangler.toml')
    // The option --config is not handed to the build; --args is.
    const checked = await runWrangler('check', 'startup', `--args=-c ${config}`, '--outfile', file)
    expect(checked.output).toContain('Startup phase analysed')
    expect(checked.status).toBe(0)
    const profile: CpuProfile = JSON.parse(await readFile(file, 'utf8'))
    const resting = new Set(
      profile.nodes
        .filter(({ callFrame }) => ['(idle)', '(root)'].includes(callFrame.functionName))
        .map(({ id }) => id),
    )
    const microseconds = profile.samples.reduce(
      (sum, node, i) => (resting.has(node) ? sum : sum + profile.timeDeltas[i]!),
      0,
    )
    console.log(`start-up: ${(microseconds / 1000).toFixed(0)} ms`)
    expect(profile.samples.length).toBeGreaterThan(0)
    expect(microseconds).toBeGreaterThan(0)
    expect(microseconds / 1000).toBeLessThan(400)
  })
})
