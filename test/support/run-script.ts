/** Runs a script of the project as npm would, without blocking: the server it talks to may live in this process. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../scripts/networks.ts'

export interface ScriptResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export function runScript(name: string, ...args: string[]): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const script = spawn(process.execPath, [join('scripts', `${name}.ts`), ...args], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    script.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    script.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    script.on('error', reject)
    script.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}
