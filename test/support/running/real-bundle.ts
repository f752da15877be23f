/** The real bundle as wrangler makes it, served by workerd for the tests of one file: where it is, and a caller of either role. */
import { afterAll, beforeAll, expect } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { drawReceiptKey } from '../../../scripts/setup/draw-receipt-key.ts'
import { sampleFile, samplePeople } from '../photos/sample-photos.ts'
import { type Caller, callerWith } from './http.ts'

export const bundleKeys = {
  admin: 'bundle-test-admin-key',
  app: 'bundle-test-app-key',
  /** As the example of docs/api.md has it. */
  appId: 'my-app',
  template: `test:${btoa('k'.repeat(32))}`,
  receipt: drawReceiptKey(),
}

/** As a deployed Worker has them. */
export const bundleSecrets = {
  ADMIN_KEY: bundleKeys.admin,
  APP_KEY: `${bundleKeys.appId}:${bundleKeys.app}`,
  TEMPLATE_KEYS: bundleKeys.template,
  RECEIPT_KEYS: bundleKeys.receipt,
}

export interface RealBundle {
  readonly server: TestHarness
  readonly url: URL
  readonly admin: Caller
  readonly app: Caller
}

export interface BundleOptions {
  /** The project that is bundled; this one unless given. */
  readonly root?: string
  readonly vars?: Readonly<Record<string, string>>
}

export async function startBundle(options: BundleOptions = {}): Promise<RealBundle> {
  const { root = projectRoot, vars = {} } = options
  const server = createTestHarness({
    root,
    workers: [{ configPath: 'wrangler.toml', vars, secrets: bundleSecrets }],
  })
  const { url } = await server.listen()
  return {
    server,
    url,
    admin: callerWith(bundleKeys.admin, url),
    app: callerWith(bundleKeys.app, url),
  }
}

/** Starts it before the first test of the file and ends it after the last. Only tests and their hooks may read what is returned. */
export function useBundle(options: BundleOptions = {}): RealBundle {
  let bundle: RealBundle | undefined
  beforeAll(async () => {
    bundle = await startBundle(options)
  })
  afterAll(() => bundle?.server.close())
  const started = (): RealBundle => {
    if (bundle === undefined) throw new Error('the bundle is not started before the first test')
    return bundle
  }
  return {
    get server() {
      return started().server
    },
    get url() {
      return started().url
    },
    get admin() {
      return started().admin
    },
    get app() {
      return started().app
    },
  }
}

/** The sample people, and nobody's failures of before. */
export async function enrollSamples({ admin }: RealBundle): Promise<void> {
  for (const person of samplePeople) {
    const { status } = await admin.delete(`/admin/identities/${person}`)
    expect([204, 404]).toContain(status)
    const enrolled = await admin.put(`/admin/identities/${person}`, [sampleFile(person)])
    expect(enrolled.status).toBe(201)
  }
}
