/**
 * Everything between installed packages and a Worker that can start: weights, shards, sample people, local keys, types
 * of the bindings. Each step leaves alone what is up to date.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { templateKeyBytes } from '../src/identity/vault.ts'
import { buildClient } from './build-client.ts'
import { buildKernels } from './build-kernels.ts'
import { buildPages } from './build-pages.ts'
import { drawReceiptKey } from './draw-receipt-key.ts'
import { importWeights } from './import-weights.ts'
import { projectRoot } from './networks.ts'
import { readChoices } from './pack-choices.ts'
import { packWeights } from './pack-weights.ts'
import { packedEncoder } from './packed-encoder.ts'
import { isLivenessPacked } from './packed-liveness.ts'
import { makeSamples } from './samples.ts'

const devVarsFile = join(projectRoot, '.dev.vars')
/** How each is drawn. */
const secrets = {
  ADMIN_KEY: () => randomBytes(24).toString('base64url'),
  APP_KEY: () => randomBytes(24).toString('base64url'),
  TEMPLATE_KEYS: () => `local:${randomBytes(templateKeyBytes).toString('base64')}`,
  RECEIPT_KEYS: () => drawReceiptKey(),
} as const

export type LocalKeys = Readonly<Record<keyof typeof secrets, string>>

export async function setUp(): Promise<LocalKeys> {
  await buildKernels()
  await buildClient()
  await buildPages()
  await importWeights()
  await packWeights(await readChoices(await packedEncoder(), await isLivenessPacked()))
  await makeSamples()
  const keys = await localKeys()
  await writeBindingTypes()
  return keys
}

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

/** worker-configuration.d.ts, written again when wrangler.toml is newer. */
async function writeBindingTypes(): Promise<void> {
  const types = join(projectRoot, 'worker-configuration.d.ts')
  const config = join(projectRoot, 'wrangler.toml')
  if (existsSync(types) && (await stat(types)).mtimeMs > (await stat(config)).mtimeMs) return
  const { status, stderr } = spawnSync(wranglerBin, ['types'], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: wranglerEnv,
  })
  if (status !== 0) throw new Error(`wrangler types failed: ${stderr}`)
}

export const wranglerBin = join(projectRoot, 'node_modules', '.bin', 'wrangler')
export const wranglerEnv = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' }

if (import.meta.main) await setUp()
