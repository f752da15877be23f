/** The Expo example, by the commands of its README: installed, type-checked, and bundled for both kinds of phones. */
import { spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/front/project-root.ts'

const folder = join(projectRoot, 'examples', 'expo')
const minutes = 60_000

/** Runs without asking anybody's server. */
function npm(...args: readonly string[]) {
  const env = { ...process.env, EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', CI: '1' }
  const options = { cwd: folder, encoding: 'utf8', env, timeout: 8 * minutes } as const
  const { status, stdout, stderr } = spawnSync('npm', args, options)
  return { status, output: stdout + stderr }
}

describe('examples/expo', () => {
  beforeAll(async () => {
    await rm(join(folder, 'dist'), { recursive: true, force: true })
    const installed = npm('ci', '--no-audit', '--no-fund', '--prefer-offline')
    expect(installed.output).not.toContain('npm error')
    expect(npm('run', 'client').status).toBe(0)
  }, 10 * minutes)

  it('has types that hold', () => {
    const { status, output } = npm('run', 'check')
    expect(output).not.toContain('error TS')
    expect(status).toBe(0)
  })

  it('becomes an app for iOS and Android, with the client in it', async () => {
    const { status, output } = npm('run', 'bundle')
    expect(output).not.toMatch(/error/i)
    expect(status).toBe(0)
    const text = await readFile(join(folder, 'dist', 'metadata.json'), 'utf8')
    const { fileMetadata } = JSON.parse(text) as {
      fileMetadata: Record<string, { bundle: string }>
    }
    expect(Object.keys(fileMetadata).sort()).toEqual(['android', 'ios'])
    for (const { bundle } of Object.values(fileMetadata)) {
      const compiled = await readFile(join(folder, 'dist', bundle), 'latin1')
      expect(compiled).toContain('unexpected_answer')
    }
  })
})
