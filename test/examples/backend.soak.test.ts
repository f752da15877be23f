/** The backends of examples/backend: installed, type-checked, and each lets in who was shown to a session that it opened, or none. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { createSessionClient } from '../../client/src/client.ts'
import { projectRoot } from '../../scripts/front/project-root.ts'
import { probeFile, readPhoto, samplePhoto } from '../support/photos/sample-photos.ts'
import { freePort } from '../support/running/free-port.ts'
import {
  bundleKeys,
  bundleSecrets,
  enrollSamples,
  useBundle,
} from '../support/running/real-bundle.ts'

const folder = join(projectRoot, 'examples', 'backend')

function run(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe('examples/backend', () => {
  const bundle = useBundle()
  const servers: ChildProcess[] = []
  let eve: Uint8Array
  let fay: Uint8Array
  beforeAll(async () => {
    const installed = run(
      'npm',
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
    )
    expect(installed.output).not.toContain('npm error')
    await enrollSamples(bundle)
    eve = await readPhoto(probeFile)
    fay = await samplePhoto('fay')
  })
  afterAll(() => {
    for (const server of servers) server.kill()
  })

  it('has types that hold', () => {
    expect(run('npm', 'run', 'check')).toMatchObject({ status: 0 })
  })

  describe.each(['express', 'hono'])('%s.ts', (name) => {
    let url: string
    beforeAll(async () => {
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      const env = {
        ...process.env,
        PORT: `${port}`,
        FACEGATE_URL: `${bundle.url}`.replace(/\/$/, ''),
        APP_KEY: bundleKeys.app,
      }
      servers.push(spawn(process.execPath, [`${name}.ts`], { cwd: folder, env, stdio: 'inherit' }))
      while ((await fetch(url).catch(() => null)) === null) await sleep(50)
    })

    const open = (user?: string) =>
      fetch(`${url}/sessions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user }),
      })
    const enter = async (session: string) => {
      const answer = await fetch(`${url}/sessions/${session}/enter`, { method: 'POST' })
      return [answer.status, await answer.json()] as const
    }
    const show = async (user: string, image: Uint8Array) => {
      const { session, token, facegate } = await (await open(user)).json<{
        session: string
        token: string
        facegate: string
      }>()
      await createSessionClient({ url: facegate, token }).verify({ image })
      return session
    }

    it('lets in who was shown, once', async () => {
      const session = await show('eve', eve)
      expect(await enter(session)).toEqual([200, { isIn: true, user: 'eve' }])
      expect(await enter(session)).toEqual([404, { hint: 'Start over.' }])
    })

    it('lets in once of two requests at the same moment', async () => {
      const session = await show('eve', eve)
      const answers = await Promise.all([enter(session), enter(session)])
      expect(answers.map(([status]) => status).sort()).toEqual([200, 403])
    })

    it('opens no session for a request that names nobody', async () => {
      for (const answer of [await open(), await fetch(`${url}/sessions`, { method: 'POST' })]) {
        expect(answer.status).toBe(400)
        expect(await answer.json()).toEqual({ hint: 'Say who you are.' })
      }
    })

    it('lets in nobody who was not, nor by a session that it did not open', async () => {
      expect(await enter(await show('ada', fay))).toEqual([403, { isIn: false, user: 'ada' }])
      expect(await enter('p'.padEnd(65, 'A'))).toEqual([404, { hint: 'Start over.' }])
    })

    it('says what facegate says of whoever is not enrolled', async () => {
      const answer = await open('nobody')
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ code: 'identity_not_found' })
    })
  })
})

describe('examples/backend/worker', () => {
  const harness = createTestHarness({
    root: projectRoot,
    workers: [
      { configPath: join('examples', 'backend', 'worker', 'wrangler.toml') },
      {
        configPath: 'wrangler.toml',
        secrets: bundleSecrets,
        vars: { ISSUER: 'https://facegate.example' },
      },
    ],
  })
  let url: URL
  beforeAll(async () => {
    url = (await harness.listen()).url
  })
  afterAll(() => harness.close())

  it('asks by a service binding, without a key', async () => {
    const facegate = harness.getWorker('facegate')
    const enrolled = await facegate.fetch('https://facegate.example/admin/identities/eve', {
      method: 'PUT',
      headers: { Authorization: `Bearer ${bundleKeys.admin}`, 'Content-Type': 'image/jpeg' },
      body: await samplePhoto('eve'),
    })
    expect(enrolled.status).toBe(201)
    const unlock = async (user: string, body: Uint8Array) => {
      const answer = await fetch(new URL(`/unlock/${user}`, url), { method: 'POST', body })
      return [answer.status, await answer.json()]
    }
    expect(await unlock('eve', await readPhoto(probeFile))).toEqual([200, { isOpen: true }])
    expect(await unlock('eve', await samplePhoto('ada'))).toEqual([200, { isOpen: false }])
    expect(await unlock('nobody', await samplePhoto('ada'))).toEqual([
      404,
      expect.objectContaining({ code: 'identity_not_found' }),
    ])
    expect(await unlock('eve', new Uint8Array([1]))).toEqual([
      expect.any(Number),
      expect.objectContaining({ code: expect.stringMatching(/^image_/) }),
    ])
  })
})
