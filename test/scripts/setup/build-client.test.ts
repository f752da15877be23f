import { cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { buildClient, clientDir } from '../../../scripts/setup/build-client.ts'

/** A client of its own: others are using the real one. */
const folder = await mkdtemp(join(projectRoot, 'build', 'client-'))
const [client, stamp] = [join(folder, 'client'), join(folder, 'built.txt')]
const built = join(client, 'dist', 'client.js')
afterAll(() => rm(folder, { recursive: true }))

describe('buildClient', () => {
  it('compiles once, and again what is not what these sources were compiled to, however new it is', async () => {
    await cp(join(projectRoot, 'tsconfig.json'), join(folder, 'tsconfig.json'))
    await cp(clientDir, client, { recursive: true })
    expect(await buildClient(client, stamp)).toBe(true)
    expect(await buildClient(client, stamp)).toBe(false)
    const code = await readFile(built, 'utf8')
    await writeFile(built, `${code}\n// of other sources`)
    const later = new Date(Date.now() + 3_600_000)
    await utimes(built, later, later)
    expect(await buildClient(client, stamp)).toBe(true)
    expect(await readFile(built, 'utf8')).toBe(code)
    const early = new Date(0)
    await utimes(built, early, early)
    expect(await buildClient(client, stamp)).toBe(false)
  })
})
