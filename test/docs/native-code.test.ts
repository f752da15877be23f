/** The native code of the Worker is the code that docs/dependencies.md lists, byte for byte. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'

const page = readFileSync(join(projectRoot, 'docs/dependencies.md'), 'utf8')
const worker = readFileSync(join(projectRoot, 'src/engine/bundled-engine.ts'), 'utf8')

/** File and hash of each row. */
const listed = new Map(
  [...page.matchAll(/^\| `(\S+\.wasm)` +\|.*\| `([0-9a-f]{64})` +\|$/gm)].map(([, file, hash]) => [
    file!,
    hash!,
  ]),
)
/** What the Worker imports from packages. */
const imported = [...worker.matchAll(/from '([^.'][^']*\.wasm)'/g)].map(([, file]) => file!)

const readWasm = (file: string) => readFileSync(join(projectRoot, 'node_modules', file))

describe('the table of native code', () => {
  it('lists every WASM file that the Worker imports from a package, and no other', () => {
    expect([...listed.keys()].sort()).toEqual(imported.toSorted())
    expect(imported.length).toBeGreaterThan(0)
  })

  it.each([...listed])('has the hash of %s', (file, hash) => {
    expect(createHash('sha256').update(readWasm(file)).digest('hex')).toBe(hash)
  })

  it('names libwebp by the version that it says it has', async () => {
    const { default: start } = await import('wasm-webp/dist/esm/webp-wasm.js' as string)
    const libwebp = (await start()) as { decoder_version(): string }
    expect(page).toMatch(/\| libwebp .*\| 1\.3\.2,/)
    expect(libwebp.decoder_version()).toBe('1.3.2')
  })
})
