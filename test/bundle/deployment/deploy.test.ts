/** What wrangler would upload. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildBundle, type WranglerResult } from '../../support/running/run-wrangler.ts'

const mebibyte = 2 ** 20

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
