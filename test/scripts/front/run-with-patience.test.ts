import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runWithPatience } from '../../../scripts/front/run-with-patience.ts'

describe.skipIf(process.platform === 'win32')('runWithPatience', () => {
  let folder: string
  let report: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facegate-patience-'))
    report = join(folder, 'report')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** What it starts tells its id in a file, and would run for an hour. */
  const leftBehind = `const left = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3_600_000)'])
    require('node:fs').writeFileSync(process.argv[1] + '.left', String(left.pid))`
  const writeReport = `require('node:fs').writeFileSync(process.argv[1], 'done')`
  const run = (script: string, limitMs = 30_000, graceMs = 300) =>
    runWithPatience(process.execPath, ['-e', script, report], report, { limitMs, graceMs })
  const isAlive = async (pid: number) => {
    try {
      process.kill(pid, 0)
    } catch {
      return false
    }
    // Ended, and nobody has asked yet how.
    return !/^State:\tZ/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))
  }
  const isLeft = async () => {
    const pid = Number(await readFile(`${report}.left`, 'utf8'))
    for (let tries = 0; tries < 50 && (await isAlive(pid)); tries++) await sleep(100)
    return await isAlive(pid)
  }

  it.each([0, 3])('gives the code of a program that ends by itself: %i', async (code) => {
    expect(await run(`process.exit(${code})`)).toEqual({ code, fault: null })
  })

  it('ends a program that does not end after its report, and what it started', async () => {
    const { fault } = await run(`${leftBehind}; ${writeReport}`)
    expect(fault).toBe(
      'it did not end 0.3 s after its report: something that it started still runs',
    )
    expect(await isLeft()).toBe(false)
  })

  it('ends one that will not hear the polite signal', async () => {
    const deaf = `process.on('SIGTERM', () => {}); setTimeout(() => {}, 3_600_000)`
    expect((await run(`${deaf}; ${writeReport}`)).code).toBe(null)
  }, 20_000)

  it('ends one that writes no report within the limit', async () => {
    const { fault } = await run(leftBehind, 1200)
    expect(fault).toBe('it did not end within 0.02 minutes')
    expect(await isLeft()).toBe(false)
  })

  it('ends what a program left behind that ended well', async () => {
    expect(await run(`${leftBehind}; process.exit(0)`)).toEqual({ code: 0, fault: null })
    expect(await isLeft()).toBe(false)
  })

  it('passes on a signal, and then ends itself by it', async () => {
    const path = join(
      import.meta.dirname,
      '..',
      '..',
      '..',
      'scripts',
      'front',
      'run-with-patience.ts',
    )
    const inner = `${leftBehind}; ${writeReport}`
    const script = `import { runWithPatience } from ${JSON.stringify(path)}
      await runWithPatience(process.execPath, ['-e', ${JSON.stringify(inner)}, ${JSON.stringify(report)}],
        ${JSON.stringify(report)}, { limitMs: 60_000, graceMs: 60_000 })
      console.log('went on')`
    const outer = spawn(process.execPath, ['--input-type=module-typescript', '-e', script])
    let told = ''
    outer.stdout.on('data', (text) => {
      told += text
    })
    while ((await readFile(report, 'utf8').catch(() => '')) !== 'done') await sleep(50)
    const ended = once(outer, 'exit')
    outer.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    expect(told).toBe('')
    expect(await isLeft()).toBe(false)
  })
})
