/** The package as npm installs it: one package, nothing with it, used from plain JavaScript and from TypeScript. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { projectRoot } from '../../scripts/front/project-root.ts'
import { chromium, openPage, startBrowser } from '../../test/support/pages/browser.ts'
import { addExif, makeTiff } from '../../test/support/photos/add-exif.ts'
import { makeJpeg, makePicture } from '../../test/support/photos/make-photo.ts'
import { installClient } from '../../test/support/running/client-package.ts'
import clientManifest from '../package.json' with { type: 'json' }

let folder: string
let packed: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-app-'))
  packed = await installClient(folder)
})
afterAll(() => rm(folder, { recursive: true }))

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe('the package facegate-client', () => {
  it('is installed alone', async () => {
    const text = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8')
    const { packages } = JSON.parse(text) as { packages: Record<string, object> }
    expect(Object.keys(packages)).toEqual(['node_modules/facegate-client'])
  })

  it('holds what runs and its types, a README and the licence, and no source', () => {
    const names = packed.filter((path) => !/^dist\/[a-z-]+\.(js|d\.ts)$/.test(path))
    expect(names.sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
    expect(packed).toContain('dist/client.js')
    expect(packed).toContain('dist/client.d.ts')
  })

  it('is small: less than 40 kB to fetch', async () => {
    const { size } = await stat(join(folder, `facegate-client-${clientManifest.version}.tgz`))
    expect(size).toBeLessThan(40_000)
  })

  it('has the licence and the version of the service', async () => {
    const read = (...path: string[]) => readFile(join(projectRoot, ...path), 'utf8')
    expect(await read('client', 'LICENSE')).toBe(await read('LICENSE'))
    expect(clientManifest.license).toBe(manifest.license)
    expect(clientManifest.version).toBe(manifest.version)
  })

  it('is imported by plain Node', async () => {
    await writeFile(
      join(folder, 'app.mjs'),
      `import { createClient, FacegateError } from 'facegate-client'
const facegate = createClient({ url: 'http://127.0.0.1:1', key: 'a-key-for-tests' })
const failure = await facegate.health().catch((error) => error)
console.log(failure instanceof FacegateError, failure.code)\n`,
    )
    expect(run(process.execPath, 'app.mjs')).toEqual({
      status: 0,
      output: 'true network_failed\n',
    })
  })

  it.each(['nodenext', 'bundler'])(
    'has types that TypeScript finds by "%s"',
    async (resolution) => {
      const good = `import { createClient, type Verification } from 'facegate-client'
const facegate = createClient({ url: 'https://facegate.example', key: async () => 'key' })
export async function opens(image: Blob): Promise<boolean> {
  const answer: Verification = await facegate.verify({ identity: 'eve', image })
  return answer.decision === 'match'
}
export async function names(): Promise<readonly string[]> {
  const found: string[] = []
  for await (const line of facegate.exportPeople()) if ('identity' in line) found.push(line.identity)
  return found
}\n`
      const bad = good.replace("'match'", "'maybe'").replace("identity: 'eve', ", '')
      await writeFile(join(folder, 'good.ts'), good)
      await writeFile(join(folder, 'bad.ts'), bad)
      const compile = (file: string) =>
        run(
          join(projectRoot, 'node_modules', '.bin', 'tsc'),
          ...['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''],
          ...['--module', resolution === 'bundler' ? 'esnext' : resolution],
          ...['--moduleResolution', resolution, file],
        )
      expect(compile('good.ts')).toEqual({ status: 0, output: '' })
      const { status, output } = compile('bad.ts')
      expect(status).not.toBe(0)
      expect(output).toContain("'identity' is missing")
      expect(output).toContain('"maybe"')
    },
  )

  /** An app that imports the package, in one text. */
  async function bundle(code: string, platform: 'browser' | 'neutral'): Promise<string> {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: folder, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'esm',
      platform,
    })
    return outputFiles[0]!.text
  }

  it('runs in workerd', async () => {
    const code = `import { createClient } from 'facegate-client'
export default {
  async fetch() {
    const respond = () => Response.json({ decision: 'match', identity: 'eve' })
    const facegate = createClient({ url: 'https://facegate.example', key: 'key', fetch: respond })
    return Response.json(await facegate.verify({ identity: 'eve', image: new Uint8Array([1]) }))
  },
}\n`
    const worker = new Miniflare(
      convertV4MiniflareOptions({
        modules: true,
        compatibilityDate: '2026-11-01',
        script: await bundle(code, 'neutral'),
      }),
    )
    const answer = await worker.dispatchFetch('http://localhost/')
    expect(await answer.json()).toEqual({ decision: 'match', identity: 'eve' })
    await worker.dispose()
  })

  it.skipIf(!chromium)('runs in a browser, and prepares photos there', async () => {
    const code = `import { createClient, FacegateError, preparePhoto } from 'facegate-client'
const facegate = createClient({ url: 'http://127.0.0.1:1' })
async function sizeOf(photo: Blob) {
  const { width, height } = await createImageBitmap(photo)
  return [photo.type, width, height]
}
Object.assign(globalThis, {
  async reach() {
    const failure = await facegate.health().catch((error: unknown) => error)
    return failure instanceof FacegateError && failure.code
  },
  async prepare(base64: string) {
    const photo = await (await fetch('data:image/jpeg;base64,' + base64)).blob()
    return [
      await sizeOf(await preparePhoto(photo)),
      await sizeOf(await preparePhoto(photo, { maxSide: 100 })),
      await preparePhoto(new Blob(['no photo'])).catch(({ code }: FacegateError) => code),
    ]
  },
})\n`
    const browser = await startBrowser()
    const page = await openPage(browser, 'about:blank', { width: 400, scheme: 'light' })
    await page.evaluate(await bundle(code, 'browser'))
    expect(await page.evaluate('reach()')).toBe('network_failed')
    // As a phone takes it: lying on its side, with a note how to turn it.
    const lying = await makeJpeg(makePicture(1600, 800))
    const photo = Buffer.from(addExif('jpeg', lying, makeTiff(6))).toString('base64')
    expect(await page.evaluate(`prepare(${JSON.stringify(photo)})`)).toEqual([
      ['image/jpeg', 640, 1280],
      ['image/jpeg', 50, 100],
      'image_unreadable',
    ])
    await browser.close()
  })
})
