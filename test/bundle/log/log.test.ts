/** What the real bundle logs, and what Cloudflare is told not to log beside it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness, unstable_readConfig } from 'wrangler'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { drawReceiptKey } from '../../../scripts/setup/draw-receipt-key.ts'
import { readPhoto, sampleFile } from '../../support/photos/sample-photos.ts'

const keys = { ADMIN_KEY: 'ops:log-test-admin-key', APP_KEY: 'shop:log-test-app-key' }
const server = createTestHarness({
  root: projectRoot,
  workers: [
    {
      configPath: 'wrangler.toml',
      secrets: {
        ...keys,
        TEMPLATE_KEYS: `test:${btoa('k'.repeat(32))}`,
        RECEIPT_KEYS: drawReceiptKey(),
      },
    },
  ],
})
let url: URL
beforeAll(async () => {
  ;({ url } = await server.listen())
})
afterAll(() => server.close())

const identity = 'secret-identity'
const name = 'Secret Name'
const device = 'secret-device'

/** In the query, where it would stand in every URL that is logged. */
function send(method: string, path: string, key: string, query: object, body?: Uint8Array) {
  const target = new URL(path, url)
  for (const [field, value] of Object.entries(query)) target.searchParams.set(field, value)
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'image/jpeg' }
  return fetch(target, { method, headers, ...(body && { body: Buffer.from(body) }) })
}

describe('the log of the real bundle', () => {
  it('has no name, identity, key, challenge, device or receipt, whatever comes of a request', async () => {
    const photo = await readPhoto(sampleFile('eve'))
    const [admin, app] = ['log-test-admin-key', 'log-test-app-key']
    const path = `/admin/identities/${identity}`
    expect((await send('PUT', path, admin, { name }, photo)).status).toBe(201)
    const asked = await fetch(new URL('/challenge', url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${app}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ identity }),
    })
    const { challenge } = (await asked.json()) as { challenge: string }
    const query = { identity, challenge, device }
    const verified = await send('POST', '/verify', app, query, photo)
    const { decision, receipt } = (await verified.json()) as Record<string, string>
    expect(decision).toBe('match')
    // Refused ones: a challenge that is spent, a person whom nobody knows, a damaged photo, a key that is none.
    const refused = await Promise.all([
      send('POST', '/verify', app, query, photo),
      send('POST', '/verify', app, { identity: 'secret-nobody' }, photo),
      send('POST', '/verify', app, { identity }, photo.subarray(0, 500)),
      send('POST', '/verify', 'secret-wrong-key', query, photo),
      send('GET', path, app, {}),
      send('GET', path, admin, {}),
    ])
    expect(refused.map(({ status }) => status)).toEqual([401, 404, 400, 401, 403, 200])

    const logged = JSON.stringify(server.getLogs())
    // It is the log: every one of these requests left its line, under the ids of the keys.
    expect(logged.match(/\\"event\\":\\"audit\\"/g)?.length).toBe(9)
    for (const shown of [
      '\\"keyId\\":\\"shop\\"',
      '\\"keyId\\":\\"ops\\"',
      '\\"outcome\\":\\"match\\"',
    ]) {
      expect(logged).toContain(shown)
    }
    const secrets = [
      ...[identity, name, 'secret-nobody', device, challenge, receipt!.split('.')[2]!],
      ...[admin, app, 'secret-wrong-key', 'k'.repeat(32), btoa('k'.repeat(32))],
    ]
    for (const secret of secrets) expect(logged).not.toContain(secret)
  })
})

interface Limiter {
  readonly name: string
  readonly namespace_id: string
  readonly simple: object
}

describe('wrangler.toml', () => {
  const config = unstable_readConfig({ config: `${projectRoot}/wrangler.toml` })

  it('keeps our lines, and none of Workers own, which hold URLs and headers', () => {
    expect(config.observability).toMatchObject({
      enabled: true,
      logs: { enabled: true, invocation_logs: false },
    })
    expect(config.tail_consumers ?? []).toEqual([])
    expect(config.logpush ?? false).toBe(false)
  })

  it('serves no address that the firewall of a zone does not stand before', () => {
    expect(config).toMatchObject({ workers_dev: false, preview_urls: false })
  })

  it('has a limiter for each count, a minute long, as the code takes for granted', () => {
    const limiters = config.ratelimits as readonly Limiter[]
    expect(limiters.map(({ name, simple }) => [name, simple])).toEqual([
      ['ADMIN_FAILURES', { limit: 10, period: 60 }],
      ['KEY_WORK', { limit: 600, period: 60 }],
      ['KEY_FAILURES', { limit: 60, period: 60 }],
      ['DEVICE_FAILURES', { limit: 10, period: 60 }],
    ])
    const ids = limiters.map(({ namespace_id }) => namespace_id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
