/**
 * Runs before each file inside workerd. Files share one, so that each begins by forgetting what another stored. The first call
 * of a Durable Object loads the whole Worker there, which on a busy machine takes longer than a request waits for its store; later ones do not
 * look for it again. Audit lines are not printed.
 */
import { env } from 'cloudflare:workers'
import { importMainOnce, type ModuleRunner } from './import-once.ts'
import { resetStore } from './reset-store.ts'

declare const __vitest_mocker__: { readonly moduleRunner: ModuleRunner }

importMainOnce(__vitest_mocker__.moduleRunner)
await resetStore()
await env.PERSON.getByName('nobody').read(0)

// Every request leaves an audit line; tests that read them spy on the console. To bring one to the process that runs the tests takes a
// fifth of a request.
const { log } = console
console.log = (...args: unknown[]) => {
  if (!String(args[0]).includes('"event":"audit"')) log(...args)
}
