import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReceiptSigner } from '../../../src/guard/receipt.ts'
import { loadSettings } from '../../../src/settings/settings.ts'

const folders = vi.hoisted(() => ({ root: '' }))
// Local keys go to a folder of its own; those of the project stay as they are.
vi.mock('../../../scripts/front/project-root.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../../scripts/front/project-root.ts')>()
  return {
    ...original,
    get projectRoot() {
      return folders.root || original.projectRoot
    },
  }
})

const roots: string[] = []
beforeEach(async () => {
  folders.root = await mkdtemp(join(tmpdir(), 'facegate-setup-'))
  roots.push(folders.root)
  vi.resetModules()
})
afterAll(() => Promise.all(roots.map((folder) => rm(folder, { recursive: true }))))

async function localKeys(before?: string) {
  const file = join(folders.root, '.dev.vars')
  if (before !== undefined) await writeFile(file, before)
  const setup = await import('../../../scripts/setup/local-keys.ts')
  const keys = await setup.localKeys()
  return { keys, file, text: await readFile(file, 'utf8'), again: setup.localKeys }
}

describe('localKeys', () => {
  it('draws keys that the Worker accepts, for nobody else to read', async () => {
    const { keys, file, text } = await localKeys()
    const lines = Object.entries(keys).map(([name, key]) => `${name}=${key}\n`)
    expect(text).toBe(lines.join(''))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const objects = { idFromName() {} }
    const limiter = { limit() {} }
    const bindings = {
      IDENTITIES: { get() {}, list() {} },
      PERSON: objects,
      DIRECTORY: objects,
      SESSION: objects,
      ADMIN_FAILURES: limiter,
      KEY_WORK: limiter,
      KEY_FAILURES: limiter,
      DEVICE_FAILURES: limiter,
    }
    const settings = loadSettings({ ...keys, ...bindings })
    expect(settings).toMatchObject({
      adminKeys: [keys.ADMIN_KEY],
      appKeys: [keys.APP_KEY],
      templateKeys: [{ id: 'local' }],
    })
    await expect(createReceiptSigner(settings.receiptKeys)).resolves.toBeDefined()
  })

  it('draws other keys for another clone', async () => {
    const { keys } = await localKeys()
    folders.root = await mkdtemp(join(tmpdir(), 'facegate-setup-'))
    roots.push(folders.root)
    vi.resetModules()
    const other = await localKeys()
    expect(other.keys.ADMIN_KEY).not.toBe(keys.ADMIN_KEY)
    expect(other.keys.APP_KEY).not.toBe(keys.APP_KEY)
    expect(other.keys.TEMPLATE_KEYS).not.toBe(keys.TEMPLATE_KEYS)
    expect(other.keys.RECEIPT_KEYS).not.toBe(keys.RECEIPT_KEYS)
  })

  it('keeps the keys that are there', async () => {
    const { keys, text, again } = await localKeys()
    expect(await again()).toEqual(keys)
    expect(await readFile(join(folders.root, '.dev.vars'), 'utf8')).toBe(text)
  })

  it('adds the key that is missing, and keeps everything else', async () => {
    const before = '# mine\nAPP_KEY=my-very-own-key\nTEMPLATE_KEYS=mine:AAAA\nOTHER="a b"'
    const { keys, text } = await localKeys(before)
    expect(text).toContain(`${before}\nADMIN_KEY=${keys.ADMIN_KEY}\n`)
    expect(text.match(/^APP_KEY=/gm)).toHaveLength(1)
    expect(keys.APP_KEY).toBe('my-very-own-key')
    expect(keys.TEMPLATE_KEYS).toBe('mine:AAAA')
    expect(keys.ADMIN_KEY).toMatch(/^[\w-]{32}$/)
  })

  it('draws a key that is there but empty', async () => {
    const { keys } = await localKeys('ADMIN_KEY=\nAPP_KEY=my-very-own-key\n')
    expect(keys.ADMIN_KEY).toMatch(/^[\w-]{32}$/)
  })
})

describe('describeIgnored', () => {
  async function ignored(text: string) {
    await localKeys(text)
    return await (await import('../../../scripts/setup/local-keys.ts')).describeIgnored()
  }

  it('names settings that have no effect in .dev.vars, and where they belong', async () => {
    expect(await ignored('LIVENESS=active\r\nFMR=0.0001\r\n')).toBe(
      'no effect in .dev.vars: FMR, LIVENESS. It holds the four secrets only; settings belong under [vars] in wrangler.toml.',
    )
  })

  it('says nothing of the secrets', async () => {
    expect(await ignored('# LIVENESS=active\n')).toBeNull()
  })
})
