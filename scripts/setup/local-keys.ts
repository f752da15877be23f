/** The keys of a local Worker: in .dev.vars, which is never committed; those that it lacks are drawn. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { templateKeyBytes } from '../../src/identity/vault.ts'
import { projectRoot } from '../weights/networks.ts'
import { drawReceiptKey } from './draw-receipt-key.ts'

export const devVarsFile = join(projectRoot, '.dev.vars')
/** How each is drawn. */
const secrets = {
  ADMIN_KEY: () => randomBytes(24).toString('base64url'),
  APP_KEY: () => randomBytes(24).toString('base64url'),
  TEMPLATE_KEYS: () => `local:${randomBytes(templateKeyBytes).toString('base64')}`,
  RECEIPT_KEYS: () => drawReceiptKey(),
} as const

export type LocalKeys = Readonly<Record<keyof typeof secrets, string>>

/** The keys in .dev.vars; those that it lacks are drawn and added. */
export async function localKeys(): Promise<LocalKeys> {
  const text = existsSync(devVarsFile) ? await readFile(devVarsFile, 'utf8') : ''
  const present = parseEnv(text)
  const drawn = Object.entries(secrets)
    .filter(([name]) => !present[name])
    .map(([name, draw]) => [name, draw()] as const)
  if (drawn.length > 0) {
    const lines = drawn.map(([name, key]) => `${name}=${key}\n`).join('')
    await writeFile(
      devVarsFile,
      text === '' || text.endsWith('\n') ? text + lines : `${text}\n${lines}`,
      {
        mode: 0o600,
      },
    )
  }
  return { ...present, ...Object.fromEntries(drawn) } as LocalKeys
}
