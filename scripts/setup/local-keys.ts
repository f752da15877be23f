/** The keys of a local Worker: in .dev.vars, which is never committed; those that it lacks are drawn. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { templateKeyBytes } from '../../src/identity/vault.ts'
import { writeWhole } from '../files/write-whole.ts'
import { projectRoot } from '../front/project-root.ts'
import { drawReceiptKey } from './draw-receipt-key.ts'

export const devVarsFile = join(projectRoot, '.dev.vars')
/** How each is drawn; those that name themselves are named `id`. */
const secrets = {
  ADMIN_KEY: () => randomBytes(24).toString('base64url'),
  APP_KEY: () => randomBytes(24).toString('base64url'),
  TEMPLATE_KEYS: (id: string) => `${id}:${randomBytes(templateKeyBytes).toString('base64')}`,
  RECEIPT_KEYS: (id: string) => drawReceiptKey(id),
} as const

export type LocalKeys = Readonly<Record<keyof typeof secrets, string>>

/** Every secret that a Worker needs, a line each, as .dev.vars and `wrangler secret bulk` take them. */
export function drawSecrets(id: string): string {
  return Object.entries(secrets)
    .map(([name, draw]) => `${name}=${draw(id)}\n`)
    .join('')
}

/** The keys in .dev.vars; those that it lacks are drawn and added. */
export async function localKeys(): Promise<LocalKeys> {
  const text = existsSync(devVarsFile) ? await readFile(devVarsFile, 'utf8') : ''
  const present = parseEnv(text)
  const drawn = Object.entries(secrets)
    .filter(([name]) => !present[name])
    .map(([name, draw]) => [name, draw('local')] as const)
  if (drawn.length > 0) {
    const lines = drawn.map(([name, key]) => `${name}=${key}\n`).join('')
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`
    // Torn, it would have lost the keys that local people are sealed with.
    await writeWhole(devVarsFile, before + lines, 0o600)
  }
  return { ...present, ...Object.fromEntries(drawn) } as LocalKeys
}

/** What to say of everything else in .dev.vars, which wrangler leaves out without a word; null when there is nothing. */
export async function describeIgnored(): Promise<string | null> {
  const names = Object.keys(parseEnv(await readFile(devVarsFile, 'utf8')))
  const ignored = names.filter((name) => !(name in secrets))
  if (ignored.length === 0) return null
  return `no effect in .dev.vars: ${ignored.join(', ')}. It holds the four secrets only; settings belong under [vars] in wrangler.toml.`
}
