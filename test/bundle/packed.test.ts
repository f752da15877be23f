import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { projectRoot } from '../../scripts/weights/networks.ts'
import { parseManifest } from '../../src/gallery/packed/manifest.ts'
import { type Caller, callerWith } from '../support/http.ts'
import { probeFile, readPhoto, sampleFile, samplePeople } from '../support/sample-photos.ts'

const adminKey = 'bundle-test-admin-key'
const appKey = 'bundle-test-app-key'

const server = createTestHarness({
  root: projectRoot,
  workers: [
    {
      configPath: 'wrangler.toml',
      vars: { INDEX: 'packed' },
      secrets: {
        ADMIN_KEY: adminKey,
        APP_KEY: appKey,
        TEMPLATE_KEYS: `test:${btoa('k'.repeat(32))}`,
      },
    },
  ],
})
let admin: Caller
let app: Caller
let probe: Uint8Array
beforeAll(async () => {
  const { url } = await server.listen()
  admin = callerWith(adminKey, url)
  app = callerWith(appKey, url)
  probe = await readPhoto(probeFile)
})
afterAll(() => server.close())

async function recognizeProbe() {
  const response = await app.post('/recognize', { image: probe })
  expect(response.status).toBe(200)
  return await response.json<{ decision: string; identity?: string }>()
}

async function runCron(): Promise<void> {
  const { outcome } = await server
    .getWorker()
    .scheduled({ cron: '*/2 * * * *', scheduledTime: new Date() })
  expect(outcome).toBe('ok')
}

async function manifest() {
  const env = await server.getWorker<{ IDENTITIES: KVNamespace }>().getEnv()
  const text = await env.IDENTITIES.get('packed:manifest')
  return text === null ? null : parseManifest(text)
}

// In this order.
describe('the real bundle with INDEX=packed', () => {
  it('recognizes people before anything is built', async () => {
    for (const person of samplePeople) {
      const response = await admin.put(`/admin/identities/${person}`, [sampleFile(person)])
      expect(response.status).toBe(201)
    }
    expect(await manifest()).toBeNull()
    expect(await recognizeProbe()).toMatchObject({ decision: 'match', identity: 'eve' })
  })

  it('builds its segments when the cron trigger fires', async () => {
    await runCron()
    expect(await manifest()).toMatchObject({
      generation: 1,
      segments: [{ people: samplePeople.length, deletions: 0 }],
    })
    const [line] = server.getLogs().filter(({ message }) => message.includes('packed_refreshed'))
    expect(JSON.parse(line!.message)).toEqual({
      level: 'info',
      event: 'packed_refreshed',
      generation: 1,
      segments: 1,
      people: samplePeople.length,
      changes: samplePeople.length,
      unreadable: 0,
      isComplete: true,
      isRebuilding: false,
      swept: 0,
    })
  })

  it('recognizes people from the segments in a new isolate, for all who ask at once', async () => {
    await server.update((options) => options)
    // Who hangs up while all wait for the load that it began takes it away from nobody.
    const hurried = AbortSignal.timeout(50)
    const url = new URL('/recognize', (await server.listen()).url)
    const headers = { Authorization: `Bearer ${appKey}`, 'Content-Type': 'image/jpeg' }
    const asked = fetch(url, { method: 'POST', headers, body: probe, signal: hurried })
    const gone = asked.catch(() => 'gone')
    const answers = await Promise.all([1, 2, 3, 4].map(recognizeProbe))
    for (const answer of answers) {
      expect(answer).toMatchObject({ decision: 'match', identity: 'eve' })
    }
    await gone
  })

  it('does not know who was deleted since, nor after the next build', async () => {
    expect((await admin.delete('/admin/identities/eve')).status).toBe(204)
    expect(await recognizeProbe()).toMatchObject({ decision: 'no_match' })
    await runCron()
    expect(await manifest()).toMatchObject({
      generation: 2,
      segments: [{ people: samplePeople.length - 1, deletions: 1 }],
      retired: [{ name: expect.any(String) }],
    })
    await server.update((options) => options)
    expect(await recognizeProbe()).toMatchObject({ decision: 'no_match' })
  })
})
