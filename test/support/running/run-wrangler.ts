/** wrangler as one calls it in the project, and what it would upload. */
import { spawn } from 'node:child_process'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { wranglerBin } from '../../../scripts/setup/set-up.ts'
import { wranglerEnv } from '../../../scripts/setup/wrangler-env.ts'

export interface WranglerResult {
  readonly status: number | null
  readonly output: string
}

export function runWrangler(...args: readonly string[]): Promise<WranglerResult> {
  return new Promise((resolve, reject) => {
    const process = spawn(wranglerBin, args, { cwd: projectRoot, env: wranglerEnv() })
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
export function buildBundle(outdir: string): Promise<WranglerResult> {
  return runWrangler('deploy', '--dry-run', '--outdir', outdir)
}
