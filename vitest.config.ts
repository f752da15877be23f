/**
 * The suites: pure code in Node; the Worker's code inside workerd, those files that look at what an isolate holds, or leave
 * work behind that was broken off, in one of their own; and the real wrangler bundle.
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { builtEnv } from './scripts/setup/built-env.ts'
import { drawReceiptKey } from './scripts/setup/draw-receipt-key.ts'

const inWorkerd = () =>
  cloudflareTest({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        ADMIN_KEY: 'test-admin-key',
        APP_KEY: 'test-app-key,second-app-key',
        TEMPLATE_KEYS: `test:${btoa('a key of 32 bytes for tests only')}`,
        RECEIPT_KEYS: drawReceiptKey(),
      },
    },
  })
const setupFiles = ['./test/support/start-objects.ts']

export default defineConfig({
  test: {
    // Every request leaves an audit line; those that matter are read by the tests themselves.
    onConsoleLog: (log) => !log.includes('"event":"audit"'),
    projects: [
      {
        test: {
          name: 'node',
          include: ['{test,client/test,lab/test}/**/*.test.ts'],
          exclude: ['**/*.{worker,isolate}.test.ts', 'test/bundle/**'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'worker',
          include: ['{test,client/test}/**/*.worker.test.ts'],
          setupFiles,
          testTimeout: 60_000,
          // Starting workerd takes ten times as long as most files do; they share one, and begin with nothing stored.
          isolate: false,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'isolate',
          include: ['test/**/*.isolate.test.ts'],
          setupFiles,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'bundle',
          include: ['test/bundle/**/*.test.ts'],
          // `npm test` sets up first; the hook in wrangler.toml need not look again for every server.
          env: builtEnv,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
