/**
 * Everything between installed packages and a Worker that can start: weights, shards, sample people, local keys, types
 * of the bindings. Each step leaves alone what is up to date.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './build.ts'
import { buildClient } from './setup/build-client.ts'
import { builtEnv } from './setup/built-env.ts'
import { type LocalKeys, localKeys } from './setup/local-keys.ts'
import { projectRoot } from './weights/networks.ts'

export async function setUp(): Promise<LocalKeys> {
  await build()
  await buildClient()
  const keys = await localKeys()
  await writeBindingTypes()
  return keys
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
export const wranglerEnv = {
  ...process.env,
  ...builtEnv,
  WRANGLER_SEND_METRICS: 'false',
  CI: 'true',
}

if (import.meta.main) await setUp()
