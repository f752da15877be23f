/** Keys for a deployed Worker, and the placeholders that are none. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { CommandFault } from '../../scripts/front/fault.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { writeSecrets } from '../../scripts/setup/write-secrets.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { createReceiptSigner } from '../../src/guard/receipt.ts'
import { loadSettings } from '../../src/settings/settings.ts'

const names = ['ADMIN_KEY', 'APP_KEY', 'TEMPLATE_KEYS', 'RECEIPT_KEYS']
const objects = { idFromName() {} }
const bindings = {
  IDENTITIES: { get() {}, list() {} },
  PERSON: objects,
  DIRECTORY: objects,
  SESSION: objects,
  ADMIN_FAILURES: { limit() {} },
  KEY_WORK: { limit() {} },
  KEY_FAILURES: { limit() {} },
  DEVICE_FAILURES: { limit() {} },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-secrets-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run secrets', () => {
  it('writes keys that a Worker takes, for its owner alone, and never over others', async () => {
    const file = join(folder, 'secrets.env')
    await writeSecrets(file, new Date('2026-11-28T12:00:00Z'))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    const keys = parseEnv(text)
    expect(Object.keys(keys).sort()).toEqual([...names].sort())
    const settings = loadSettings({ ...keys, ...bindings })
    expect(settings.templateKeys).toMatchObject([{ id: 'k2026-11-28' }])
    expect(settings.receiptKeys).toMatchObject([{ kid: 'k2026-11-28' }])
    await expect(createReceiptSigner(settings.receiptKeys)).resolves.toBeDefined()
    await expect(writeSecrets(file)).rejects.toThrow(CommandFault)
    expect(await readFile(file, 'utf8')).toBe(text)
    const other = join(folder, 'other.env')
    await writeSecrets(other)
    for (const name of names)
      expect(parseEnv(await readFile(other, 'utf8'))[name]).not.toBe(keys[name])
  })

  it('writes where git does not look', async () => {
    const ignored = (await readFile(join(projectRoot, '.gitignore'), 'utf8')).split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['secrets.env', '.dev.vars']))
  })
})

describe('.dev.vars.example', () => {
  it('names every secret, and none of its values is a key', async () => {
    const placeholders = parseEnv(await readFile(join(projectRoot, '.dev.vars.example'), 'utf8'))
    expect(Object.keys(placeholders).sort()).toEqual([...names].sort())
    const failure = (() => {
      try {
        return loadSettings({ ...placeholders, ...bindings })
      } catch (error) {
        return error
      }
    })()
    expect(failure).toBeInstanceOf(FaceError)
    expect(failure).toMatchObject({ code: 'not_configured' })
    for (const name of names) expect((failure as FaceError).message).toContain(`${name} must be`)
  })

  it('and package.json describe the same secrets to whoever deploys with the button', async () => {
    const described: readonly string[] = Object.keys(manifest.cloudflare.bindings)
    expect(described).toEqual(expect.arrayContaining(names))
    const config = await readFile(join(projectRoot, 'wrangler.toml'), 'utf8')
    for (const name of described) expect(config).toContain(`"${name}"`)
  })
})
