/** What a tail Worker is told of the real bundle: everything that is logged, thrown or published, objects included. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeFile, readPhoto, sampleFile } from '../../support/photos/sample-photos.ts'
import { type Places, startPlaces } from '../../support/places/places.ts'
import { bundleKeys } from '../../support/running/real-bundle.ts'
import { buildBundle } from '../../support/running/run-wrangler.ts'

const identity = 'secret-identity'
const name = 'Secret Name'
const device = 'secret-device'
const purpose = 'secret-purpose'

let folder: string
let places: Places
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facegate-tail-'))
  const outdir = join(folder, 'out')
  expect(await buildBundle(outdir)).toMatchObject({ status: 0 })
  places = await startPlaces(outdir, join(folder, 'store'))
})
afterAll(async () => {
  await places.stop()
  await rm(folder, { recursive: true })
})

describe('a tail Worker on the real bundle', () => {
  it('is told no name, identity, key, challenge, token, device or receipt, whatever comes of a request', async () => {
    const { url, admin, app, openSession, withKey } = places.near
    const image = await readPhoto(probeFile)
    const path = `/admin/identities/${identity}`
    expect((await admin.put(`${path}?name=${encodeURIComponent(name)}`, [])).status).toBe(400)
    expect((await admin.put(path, [sampleFile('eve')])).status).toBe(201)
    expect((await admin.patch(path, { name })).status).toBe(200)
    const asked = await fetch(new URL('/challenge', url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${bundleKeys.app}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ identity }),
    })
    const { challenge } = (await asked.json()) as { challenge: string }
    const [person, anybody, revoked] = [
      await openSession({ identity, device, purpose }),
      await openSession({ device }),
      await openSession({ identity }),
    ]
    const verified = await app.post('/verify', { identity, challenge, device, image })
    const { decision, receipt } = (await verified.json()) as Record<string, string>
    expect(decision).toBe('match')
    const phone = withKey(person.token)
    const responses = [
      await phone.post('/verify', { image: image.subarray(0, 500) }),
      await phone.post('/verify', { image }),
      await phone.post('/verify', { image }),
      await phone.post('/verify', { image, identity }),
      await phone.post('/detect', { image }),
      await withKey(anybody.token).post('/recognize', { image }),
      await app.get(`/sessions/${person.session}`),
      await app.delete(`/sessions/${revoked.session}`),
      await withKey(revoked.token).post('/verify', { image }),
      await withKey(`${person.token}x`).post('/verify', { image }),
      await app.post('/verify', { identity, challenge, image }),
      await app.post('/verify', { identity: 'secret-nobody', image }),
      await app.get(path),
      await withKey('secret-wrong-key').get(path),
      await admin.get('/admin/export'),
      await admin.get(path),
      await admin.delete(path),
      await phone.post('/verify', { image }),
    ]
    expect(responses.map(({ status }) => status)).toEqual([
      ...[400, 200, 401, 400, 403, 200, 200, 204, 401],
      ...[401, 401, 404, 403, 401, 200, 200, 204, 401],
    ])
    const lines = () =>
      places.traces.flatMap(({ logs, exceptions, diagnosticsChannelEvents }) =>
        [...logs, ...exceptions, ...diagnosticsChannelEvents].map((one) => JSON.stringify(one)),
      )
    // A request leaves its line when it is over, and the tail is told later still.
    const audited = () => lines().filter((line) => line.includes('audit')).length
    await expect.poll(audited, { timeout: 20_000 }).toBeGreaterThanOrEqual(24)
    // Objects are told of too.
    const called = places.traces.flatMap(({ event }) => event?.rpcMethod ?? [])
    expect(called).toEqual(expect.arrayContaining(['commit', 'begin', 'settle', 'beginTry']))
    const secrets = [
      ...[identity, name, 'secret-nobody', device, purpose, challenge, 'secret-wrong-key'],
      ...[person, anybody, revoked].flatMap(({ session, token }) => [session, token]),
      ...[bundleKeys.admin, bundleKeys.app, receipt!.split('.')[2]!],
    ]
    const told = lines().join('\n')
    for (const secret of secrets) expect(told).not.toContain(secret)
    expect(places.traces.flatMap(({ exceptions }) => exceptions)).toEqual([])
    expect(places.traces.every(({ outcome }) => outcome === 'ok')).toBe(true)
  })
})
