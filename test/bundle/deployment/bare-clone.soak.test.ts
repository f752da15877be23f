/** Wrangler by itself on a clone where nothing but `npm install` was done: its build command makes what is missing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { builtEnv } from '../../../scripts/setup/wrangler-env.ts'
import { freePort } from '../../support/running/free-port.ts'

const inGit = ['src', 'client', 'scripts', 'lab', 'package.json', 'tsconfig.json', 'wrangler.toml']
// Without what tells the build command that there is nothing to do.
const env: NodeJS.ProcessEnv = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' }
for (const name of Object.keys(builtEnv)) delete env[name]
// Nobody finds in the cache again what lies in such a folder.
delete env.NODE_COMPILE_CACHE

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-clone-'))
  for (const name of inGit) {
    await cp(join(projectRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.startsWith(join(projectRoot, 'client', 'dist')),
    })
  }
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Wrangler {
  readonly process: ChildProcess
  output(): string
}

function wrangler(...args: string[]): Wrangler {
  const child = spawn(join(folder, 'node_modules', '.bin', 'wrangler'), args, { cwd: folder, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return { process: child, output: () => output }
}

/** What `ask` gives, as soon as it gives anything. */
async function until<Found>(ask: () => Promise<Found | undefined>, failure: () => string) {
  for (let i = 0; i < 450; i++) {
    const found = await ask().catch(() => undefined)
    if (found !== undefined) return found
    await sleep(200)
  }
  throw new Error(failure())
}

const builds = (output: string) => output.match(/Running: npm run/g)?.length

// In this order: the second finds what the first built.
describe('a clone after npm install', () => {
  it('is bundled by wrangler deploy, which draws no keys', async () => {
    const deploy = wrangler('deploy', '--dry-run')
    const [status] = await once(deploy.process, 'close')
    expect(deploy.output()).toContain('--dry-run: exiting now.')
    expect(status).toBe(0)
    expect(existsSync(join(folder, '.dev.vars'))).toBe(false)
  })

  it('has its types written by wrangler types', async () => {
    const types = wrangler('types')
    const [status] = await once(types.process, 'close')
    expect(status).toBe(0)
    expect(await readFile(join(folder, 'worker-configuration.d.ts'), 'utf8')).toContain(
      'IDENTITIES',
    )
  })

  it('is served by wrangler dev, which draws keys and takes changes without building for ever', async () => {
    const port = await freePort()
    const dev = wrangler('dev', '--ip', '127.0.0.1', '--port', `${port}`)
    const ended = once(dev.process, 'close')
    try {
      const health = await until(
        async () => await (await fetch(`http://127.0.0.1:${port}/health`)).json<object>(),
        dev.output,
      )
      expect(health).toMatchObject({ ok: true, network: 'dlib-resnet' })
      expect(await readFile(join(folder, '.dev.vars'), 'utf8')).toContain('ADMIN_KEY=')
      expect(builds(dev.output())).toBe(1)
      const page = join(folder, 'src', 'site', 'browser', 'demo', 'demo.html')
      const changed = (await readFile(page, 'utf8')).replace('<title>', '<title>Changed: ')
      await writeFile(page, changed)
      await until(async () => {
        const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
        return text.includes('<title>Changed: ') || undefined
      }, dev.output)
      // The page that was built is a change too; after it there is none.
      await sleep(3000)
      const settled = builds(dev.output())
      expect(settled).toBeLessThanOrEqual(3)
      await sleep(3000)
      expect(builds(dev.output())).toBe(settled)
    } finally {
      dev.process.kill('SIGINT')
      await ended
    }
  })
})
