/** wrangler as one calls it, in a folder of its own; and what it would upload. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { wranglerBin, wranglerEnv } from '../../scripts/setup/set-up.ts'
import { projectRoot } from '../../scripts/weights/networks.ts'

export interface WranglerResult {
  readonly status: number | null
  readonly output: string
}

export function runWrangler(folder: string, ...args: readonly string[]): Promise<WranglerResult> {
  return new Promise((resolve, reject) => {
    const process = spawn(wranglerBin, args, { cwd: folder, env: wranglerEnv })
    let output = ''
    for (const stream of [process.stdout, process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    process.on('error', reject)
    process.on('close', (status) => resolve({ status, output }))
  })
}

/** Writes to `outdir` what a deployment would upload. */
export function buildBundle(folder: string, outdir: string): Promise<WranglerResult> {
  const config = join(projectRoot, 'wrangler.toml')
  return runWrangler(folder, 'deploy', '--dry-run', '--config', config, '--outdir', outdir)
}
