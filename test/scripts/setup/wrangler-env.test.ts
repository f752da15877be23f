import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { wranglerEnv } from '../../../scripts/setup/wrangler-env.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-home-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the environment of wrangler', () => {
  it('keeps its files where they usually are, if that can be written', async () => {
    const given = { ...process.env, HOME: folder, XDG_CONFIG_HOME: '' }
    expect(wranglerEnv(given)).toEqual({
      ...given,
      FACEGATE_BUILT: 'true',
      WRANGLER_SEND_METRICS: 'false',
      CI: 'true',
    })
    expect((await stat(join(folder, '.config', '.wrangler'))).isDirectory()).toBe(true)
  })

  it('keeps them in the project where there is no home to write to', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const inside = join(projectRoot, '.wrangler', 'config')
    expect(wranglerEnv({ ...process.env, HOME: file, XDG_CONFIG_HOME: '' }).XDG_CONFIG_HOME).toBe(
      inside,
    )
    expect(
      wranglerEnv({ ...process.env, HOME: folder, XDG_CONFIG_HOME: file }).XDG_CONFIG_HOME,
    ).toBe(inside)
  })
})
