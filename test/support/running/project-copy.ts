/** A copy of the project in a folder of its own, to pack other networks in: what it bundles is packed there. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { scriptFile } from './run-script.ts'

export interface ProjectCopy {
  readonly folder: string
  /** Runs a script of the copy; rejects with what it printed when it fails. */
  run(script: string, ...args: string[]): Promise<string>
}

export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'facegate-project-'))
  const copied = [
    'src',
    'client',
    'scripts',
    'lab',
    'package.json',
    'tsconfig.json',
    'wrangler.toml',
  ]
  for (const name of [...copied, join('build', 'kernels'), join('build', 'pages')]) {
    await cp(join(projectRoot, name), join(folder, name), { recursive: true })
  }
  // Packages and imported weights are only read.
  for (const name of ['node_modules', 'weights']) {
    await symlink(join(projectRoot, name), join(folder, name))
  }
  // Nobody finds in the cache again what lies in such a folder.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const run = (script: string, ...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [scriptFile(script), ...args], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      child.on('error', reject)
      child.on('close', (status) => (status === 0 ? resolve(output) : reject(new Error(output))))
    })
  return { folder, run }
}
