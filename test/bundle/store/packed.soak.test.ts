/** The real bundle with the packed index: built by the cron trigger, searched by isolates that start from it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/gallery/packed/manifest.ts'
import { probeFile, readPhoto, samplePeople } from '../../support/photos/sample-photos.ts'
import { bundleKeys, enrollSamples, useBundle } from '../../support/running/real-bundle.ts'

const bundle = useBundle({ vars: { INDEX: 'packed' } })
let probe: Uint8Array
beforeAll(async () => {
  probe = await readPhoto(probeFile)
})

async function recognizeProbe() {
  const response = await bundle.app.post('/recognize', { image: probe })
  expect(response.status).toBe(200)
  return await response.json<{ decision: string; identity?: string }>()
}

async function runCron(): Promise<void> {
  const { outcome } = await bundle.server
    .getWorker()
    .scheduled({ cron: '*/2 * * * *', scheduledTime: new Date() })
  expect(outcome).toBe('ok')
}

async function manifest() {
  const env = await bundle.server.getWorker<{ IDENTITIES: KVNamespace }>().getEnv()
  const text = await env.IDENTITIES.get('packed:manifest')
  return text === null ? null : parseManifest(text)
}

// In this order.
describe('the real bundle with INDEX=packed', () => {
  it('recognizes people before anything is built', async () => {
    await enrollSamples(bundle)
    expect(await manifest()).toBeNull()
    expect(await recognizeProbe()).toMatchObject({ decision: 'match', identity: 'eve' })
  })

  it('builds its segments when the cron trigger fires', async () => {
    await runCron()
    expect(await manifest()).toMatchObject({
      generation: 1,
      segments: [{ people: samplePeople.length, deletions: 0 }],
    })
    const [line] = bundle.server
      .getLogs()
      .filter(({ message }) => message.includes('packed_refreshed'))
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
    await bundle.server.update((options) => options)
    // Who hangs up while all wait for the load that it began takes it away from nobody.
    const hurried = AbortSignal.timeout(50)
    const url = new URL('/recognize', (await bundle.server.listen()).url)
    const headers = { Authorization: `Bearer ${bundleKeys.app}`, 'Content-Type': 'image/jpeg' }
    const asked = fetch(url, { method: 'POST', headers, body: probe, signal: hurried })
    const gone = asked.catch(() => 'gone')
    const answers = await Promise.all([1, 2, 3, 4].map(recognizeProbe))
    for (const answer of answers) {
      expect(answer).toMatchObject({ decision: 'match', identity: 'eve' })
    }
    await gone
  })

  it('does not know who was deleted since, nor after the next build', async () => {
    expect((await bundle.admin.delete('/admin/identities/eve')).status).toBe(204)
    expect(await recognizeProbe()).toMatchObject({ decision: 'no_match' })
    await runCron()
    expect(await manifest()).toMatchObject({
      generation: 2,
      segments: [{ people: samplePeople.length - 1, deletions: 1 }],
      retired: [{ name: expect.any(String) }],
    })
    await bundle.server.update((options) => options)
    expect(await recognizeProbe()).toMatchObject({ decision: 'no_match' })
  })
})
