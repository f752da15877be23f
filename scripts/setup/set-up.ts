/**
 * Everything between installed packages and a Worker that can start: weights, shards, sample people, local keys, types
 * of the bindings. Each step leaves alone what is up to date.
 */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { allEnded } from '../../src/lib/all-ended.ts'
import { projectRoot } from '../front/project-root.ts'
import { binaryOf, runTool } from '../front/run-tool.ts'
import { build } from './build.ts'
import { buildClient } from './build-client.ts'
import { type LocalKeys, localKeys } from './local-keys.ts'
import { wranglerEnv } from './wrangler-env.ts'

export async function setUp(): Promise<LocalKeys> {
  const keys = await localKeys()
  // The last two are programs of their own, which need nothing of the first.
  await allEnded<unknown>([build(), buildClient(), writeBindingTypes()])
  return keys
}

/** worker-configuration.d.ts, written again when wrangler.toml is newer. */
async function writeBindingTypes(): Promise<void> {
  const types = join(projectRoot, 'worker-configuration.d.ts')
  const config = join(projectRoot, 'wrangler.toml')
  if (existsSync(types) && (await stat(types)).mtimeMs > (await stat(config)).mtimeMs) return
  await runTool(wranglerBin, ['types'], { fault: 'wrangler types failed', env: wranglerEnv() })
}

export const wranglerBin = binaryOf('wrangler')
