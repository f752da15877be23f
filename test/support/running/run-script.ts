/** Runs a script of the project as npm would, without blocking: the server it talks to may live in this process. */
import { spawn } from 'node:child_process'
import manifest from '../../../package.json' with { type: 'json' }
import { projectRoot } from '../../../scripts/front/project-root.ts'

export interface ScriptResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The file behind `npm run <name>`, as package.json has it. */
export function scriptFile(name: string): string {
  const command: string | undefined = new Map(Object.entries(manifest.scripts)).get(name)
  const file = command?.split(' ').find((word) => word.endsWith('.ts'))
  if (file === undefined) throw new Error(`package.json has no script "${name}"`)
  return file
}

export function runScript(name: string, ...args: string[]): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const script = spawn(process.execPath, [scriptFile(name), ...args], {
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
