/**
 * Everything between installed packages and a Worker that can start: weights, shards, sample people, local keys, types
 * of the bindings. Each step leaves alone what is up to date.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { importWeights } from './import-weights.ts'
import { packWeights } from './pack-weights.ts'
import { buildClient } from './setup/build-client.ts'
import { buildKernels } from './setup/build-kernels.ts'
import { buildPages } from './setup/build-pages.ts'
import { type LocalKeys, localKeys } from './setup/local-keys.ts'
import { makeSamples } from './setup/samples.ts'
import { projectRoot } from './weights/networks.ts'
import { readChoices } from './weights/pack-choices.ts'
import { packedEncoder } from './weights/packed-encoder.ts'
import { isLivenessPacked } from './weights/packed-liveness.ts'

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
