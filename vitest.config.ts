/**
 * The suites of `npm test`: pure code in Node, many files in one process but for those that change what others would see; the Worker's
 * code inside workerd, those files that look at what an isolate holds, or leave work behind that was broken off, in one of their own; and
 * the real wrangler bundle, started once. Files that end in `.soak.test.ts` take too long before each commit: `npm run test:soak` runs
 * them (docs/tests.md).
 */
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { drawReceiptKey } from './scripts/setup/draw-receipt-key.ts'
import { builtEnv } from './scripts/setup/wrangler-env.ts'
import { buildDir } from './scripts/weights/networks.ts'
import { storeFolder } from './test/support/app/store-folder.ts'
import { LongestFirst } from './test/support/running/longest-first.ts'
import { needsOwnProcess } from './test/support/running/own-process.ts'

// The plugin starts workerd from this process, and its store goes where this says. Tests in Node keep the usual folder.
const inNode = { TMPDIR: tmpdir() }
process.env.TMPDIR = storeFolder()

// Half of what a script takes to start is to read and compile the same modules; Node keeps what it compiled, by its content.
process.env.NODE_COMPILE_CACHE ??= join(buildDir, 'compiled')

const inWorkerd = () =>
  cloudflareTest({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        ADMIN_KEY: 'test-admin-key',
        APP_KEY: 'test-app-key,second-app-key',
        TEMPLATE_KEYS: `test:${btoa('a key of 32 bytes for tests only')}`,
        RECEIPT_KEYS: drawReceiptKey(),
        // Most tests look at distances.
        DETAIL: 'scores',
      },
      // All tests share the keys; those of budgets have limiters of their own.
      ratelimits: Object.fromEntries(
        ['KEY_WORK', 'KEY_FAILURES', 'DEVICE_FAILURES'].map((name) => [
          name,
          { namespace_id: `test-${name}`, simple: { limit: 1_000_000, period: 60 } as const },
        ]),
      ),
    },
  })
const setupFiles = ['./test/support/app/start-objects.ts']
const soak = '**/*.soak.test.ts'
const minutes = 60_000

const inNodeToo = {
  include: ['{test,client/test,lab/test}/**/*.test.ts'],
  exclude: ['**/*.{worker,isolate}.test.ts', 'test/bundle/**', soak],
  env: inNode,
  testTimeout: minutes,
}
const alone = globSync(inNodeToo.include, { exclude: inNodeToo.exclude }).filter((file) =>
  needsOwnProcess(readFileSync(file, 'utf8')),
)

/** One file more than there are cores: many wait for pages, processes and the registry. */
const soaking = { maxWorkers: availableParallelism() + 1, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    // Unless told, vitest leaves one core of two idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...inNodeToo, name: 'alone', include: alone } },
      {
        test: {
          ...inNodeToo,
          name: 'node',
          exclude: [...inNodeToo.exclude, ...alone],
          // A process for each file, and the modules read again in it, take longer than most files do.
          isolate: false,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'worker',
          include: ['{test,client/test}/**/*.worker.test.ts'],
          setupFiles,
          testTimeout: minutes,
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
          testTimeout: 2 * minutes,
        },
      },
      {
        test: {
          name: 'bundle',
          include: ['test/bundle/**/*.test.ts'],
          exclude: [soak],
          env: { ...inNode, ...builtEnv },
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        test: {
          name: 'soak',
          ...soaking,
          include: [`{test,lab/test}/${soak}`],
          exclude: ['**/*.isolate.soak.test.ts'],
          env: { ...inNode, ...builtEnv },
          testTimeout: 10 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'soak-isolate',
          ...soaking,
          include: ['test/**/*.isolate.soak.test.ts'],
          setupFiles,
          testTimeout: 10 * minutes,
        },
      },
    ],
  },
})
