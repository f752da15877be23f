import { spawn, spawnSync } from 'node:child_process'
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'

let clone: string

/** A clone in which no package is installed. */
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'facegate-install-'))
  await mkdir(join(clone, 'scripts'))
  await copyFile(join(projectRoot, 'scripts', 'install.mjs'), join(clone, 'scripts', 'install.mjs'))
  await writeFile(join(clone, 'package-lock.json'), '{}')
})
afterEach(() => rm(clone, { recursive: true, force: true }))

/** @param npm what stands for npm, as a script that finds its arguments in process.argv */
async function install(npm: string) {
  const file = join(clone, 'npm.cjs')
  await writeFile(file, npm)
  const env = { ...process.env, npm_execpath: file }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/install.mjs'], {
    cwd: clone,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const installing = `const fs = require('node:fs')
  fs.mkdirSync('node_modules', { recursive: true })
  fs.appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n')`

describe('a fresh clone', () => {
  it('installs once, without the warnings that packages want another Node than that of the machine', async () => {
    expect(await install(installing)).toMatchObject({ status: 0, stdout: '' })
    expect(await install(installing)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await readFile(join(clone, 'calls.txt'), 'utf8')).toBe(
      'install --no-audit --no-fund --loglevel=error\n',
    )
  })

  it('installs again when the lock file changed', async () => {
    await install(installing)
    await writeFile(join(clone, 'package-lock.json'), '{ }')
    expect((await install(installing)).stderr).toBe('installing packages ...\n')
  })

  it('says what to do when npm fails, ends with its code, and tries again the next time', async () => {
    const { status, stderr } = await install(
      'console.error("npm error code ECONNREFUSED"); process.exit(7)',
    )
    expect(status).toBe(7)
    expect(stderr).toBe(
      'installing packages ...\nnpm error code ECONNREFUSED\n' +
        'The packages could not be installed; npm says why above. It has to reach its registry, and to write to its cache (npm_config_cache names another folder for it). Then run the same command again.\n',
    )
    expect(await install(installing)).toMatchObject({ status: 0 })
  })

  it('keeps the packages of before when npm fails to bring them up to date', async () => {
    await install(installing)
    await writeFile(join(clone, 'node_modules', 'kept'), '')
    await writeFile(join(clone, 'package-lock.json'), '{ }')
    expect(await install('process.exit(1)')).toMatchObject({ status: 1 })
    expect(await install(installing)).toMatchObject({ status: 0 })
    expect(await readdir(join(clone, 'node_modules'))).toContain('kept')
  })

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'has one installation at a time, and begins anew after %s stopped one',
    async (signal) => {
      const file = join(clone, 'npm.cjs')
      await writeFile(
        file,
        `process.on('SIGINT', () => {})
         require('node:fs').writeFileSync('node_modules/half', '')
         console.error('npm ' + process.pid)
         setInterval(() => {}, 1000)`,
      )
      const command = spawn(process.execPath, ['scripts/install.mjs'], {
        cwd: clone,
        env: { ...process.env, npm_execpath: file },
      })
      let said = ''
      const ended = new Promise((resolve) => command.on('exit', resolve))
      const isRunning = new Promise<number>((resolve) =>
        command.stderr.on('data', (part) => {
          said += part
          const [, pid] = /npm (\d+)/.exec(said) ?? []
          if (pid) resolve(Number(pid))
        }),
      )
      const npm = await isRunning
      expect(await install(installing)).toMatchObject({
        status: 1,
        stderr: `installing packages ...\nProcess ${command.pid} is installing them. Wait for it, or delete node_modules if it does something else.\n`,
      })
      command.kill(signal)
      const code = await ended
      if (signal === 'SIGINT') {
        expect(code).toBe(130)
        expect(said).toContain('stopped; the next command installs anew\n')
        expect(() => process.kill(npm, 0)).toThrow('ESRCH')
      } else process.kill(npm, 'SIGKILL')
      expect(await install(installing)).toMatchObject({ status: 0 })
      expect(await readdir(join(clone, 'node_modules'))).toEqual(['.facegate-lock'])
    },
  )

  it('begins anew also when it runs on the Node of the packages that it deletes', async () => {
    await install(installing)
    const node = join(clone, 'node_modules', 'node')
    await copyFile(process.execPath, node)
    const gone = spawnSync(process.execPath, ['--version'])
    await writeFile(join(clone, 'node_modules', '.facegate-lock'), `unfinished ${gone.pid}`)
    const env = {
      ...process.env,
      npm_execpath: join(clone, 'npm.cjs'),
      npm_node_execpath: process.execPath,
    }
    const { status, stderr } = spawnSync(node, ['scripts/install.mjs'], { cwd: clone, env })
    expect({ status, stderr: String(stderr) }).toEqual({
      status: 0,
      stderr: 'installing packages ...\n',
    })
    expect(await readdir(join(clone, 'node_modules'))).toEqual(['.facegate-lock'])
  })
})

describe('Ctrl-C', () => {
  /** Runs a script that says `ready`, and sends SIGINT so many times, far enough apart to be two on a busy machine. */
  async function stopped(script: string, times: number): Promise<{ code: unknown }> {
    await install(installing)
    const bin = join(clone, 'node_modules', 'node', 'bin')
    await mkdir(bin, { recursive: true })
    await symlink(process.execPath, join(bin, 'node'))
    await writeFile(join(clone, 'script.mjs'), script)
    const command = spawn(process.execPath, ['scripts/install.mjs', 'script.mjs'], { cwd: clone })
    const ended = new Promise((resolve) => command.on('exit', resolve))
    await new Promise((resolve) => command.stdout.once('data', resolve))
    for (let i = 0; i < times; i++) {
      command.kill('SIGINT')
      await wait(1500)
    }
    return { code: await ended }
  }

  it('leaves it to the script to end, with its own code', async () => {
    const script = `process.on('SIGINT', () => setTimeout(() => process.exit(42), 100))
      console.log('ready')
      setInterval(() => {}, 1000)`
    expect(await stopped(script, 1)).toEqual({ code: 42 })
  })

  it('ends a script at the second time that computes and hears of no signal', async () => {
    const script = `process.on('SIGINT', () => process.exit(42))
      import { writeSync } from 'node:fs'
      writeSync(1, 'ready')
      for (const end = Date.now() + 20_000; Date.now() < end; );`
    expect(await stopped(script, 2)).toEqual({ code: 130 })
  })
})
