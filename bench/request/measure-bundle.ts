/** What `wrangler deploy` would upload, and how much of it is weights. */
import { spawnSync } from 'node:child_process'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { wranglerBin } from '../../scripts/setup/set-up.ts'
import { wranglerEnv } from '../../scripts/setup/wrangler-env.ts'
import { buildDir, networksWith } from '../../scripts/weights/networks.ts'
import type { Encoder } from '../../src/engine/encoders.ts'

export async function measureBundle(
  encoder: Encoder,
): Promise<{ totalBytes: number; shardBytes: number }> {
  const outDir = join(buildDir, 'bench', 'bundle')
  await rm(outDir, { recursive: true, force: true })
  const args = ['deploy', '--dry-run', '--outdir', outDir]
  const { status, stderr } = spawnSync(wranglerBin, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    env: wranglerEnv(),
  })
  if (status !== 0) throw new Error(stderr)
  let totalBytes = 0
  let shardBytes = 0
  for (const file of await readdir(outDir)) {
    if (file.endsWith('.map') || file === 'README.md') continue
    const { size } = await stat(join(outDir, file))
    totalBytes += size
    if (networksWith(encoder).some(({ name }) => isShardOf(name, file))) shardBytes += size
  }
  return { totalBytes, shardBytes }
}

/** wrangler puts a hash before the names of files. */
function isShardOf(network: string, file: string): boolean {
  const [, after] = file.split(`-${network}-`)
  return after !== undefined && /^\d+\.bin$/.test(after)
}
