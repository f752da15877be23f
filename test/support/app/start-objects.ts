/**
 * Runs before each file inside workerd. Files share one, so that each begins by forgetting what another stored. The first call
 * of a Durable Object loads the whole Worker there, which on a busy machine takes longer than a request waits for its store.
 */
import { env } from 'cloudflare:workers'
import { resetStore } from './reset-store.ts'

await resetStore()
await env.PERSON.getByName('nobody').read(0)
